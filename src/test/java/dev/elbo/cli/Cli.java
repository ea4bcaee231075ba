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
    return runIn(Map.of(), false, args);
  }

  /** Runs a command; a list among the arguments stands for its elements. */
  static Result runIn(Map<String, String> variables, boolean terminal, Object... args) {
    List<String> words = words(args);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Host host = new Host(new PrintWriter(out), new PrintWriter(err), () -> terminal, variables);
    int code = Main.run(words, host);
    return new Result(code, out.toString(), err.toString());
  }

  /** The words of a command; a list among the arguments stands for its elements. */
  static List<String> words(Object... args) {
    List<String> words = new ArrayList<>();
    add(List.of(args), words);
    return words;
  }

  private static void add(List<?> args, List<String> words) {
    for (Object arg : args) {
      if (arg instanceof List<?> several) {
        add(several, words);
      } else {
        words.add(arg.toString());
      }
    }
  }
}
