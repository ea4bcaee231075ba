package dev.elbo.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands in this process. */
final class Cli {
  /** Options that make a run of a moment on the small tables of {@link Tables}. */
  static final List<String> SMALL =
      List.of("--hidden", "4", "--batch", "16", "--predict-samples", "3", "--threads", "1");

  private Cli() {}

  /** What a command came to. */
  record Result(int code, String out, String err) {}

  /** Runs a command in an environment without variables. */
  static Result run(Object... args) {
    return run(Map.of(), false, args);
  }

  /** Runs a command; a list among the arguments stands for its elements. */
  static Result run(Map<String, String> variables, boolean terminal, Object... args) {
    List<String> words = new ArrayList<>();
    for (Object arg : args) {
      if (arg instanceof List<?> several) {
        several.forEach(word -> words.add(word.toString()));
      } else {
        words.add(arg.toString());
      }
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Host host =
        new Host(new PrintWriter(out), new PrintWriter(err), () -> terminal, variables);
    int code = Main.run(words, host);
    return new Result(code, out.toString(), err.toString());
  }
}
