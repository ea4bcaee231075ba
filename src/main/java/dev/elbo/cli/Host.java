package dev.elbo.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The process that a command runs in.
 *
 * @param out standard output, for machines
 * @param err standard error, for people
 * @param terminal tells whether {@code err} is a terminal
 * @param variables the environment
 */
record Host(
    PrintWriter out, PrintWriter err, BooleanSupplier terminal, Map<String, String> variables) {
  /** Tells the user something, a line. */
  void tell(String line) {
    err.println(line);
    err.flush();
  }

  /** Tells the user several lines. */
  void tell(List<String> lines) {
    lines.forEach(err::println);
    err.flush();
  }
}
