package dev.elbo.cli;

import dev.elbo.device.DeviceException;
import dev.elbo.inference.NonFiniteException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what commands throw into one line for the user and an exit code. */
record Failures(Host host) implements IParameterExceptionHandler, IExecutionExceptionHandler {
  /** Set to 1, this variable has the stack traces printed. */
  private static final String DEBUG = "ELBO_DEBUG";

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    return tell(e, ExitCode.USAGE);
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    // The readers of data and models refuse bad input with subclasses of this.
    boolean input = e instanceof IllegalArgumentException || e instanceof ParameterException;
    return tell(e, input ? ExitCode.USAGE : ExitCode.SOFTWARE);
  }

  /** Tells about an error of the virtual machine. */
  int tell(OutOfMemoryError e) {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    return tell(
        new FailedException(
            "out of memory: the Java heap has %d MiB; a smaller --batch or --hidden needs less"
                .formatted(mebibytes),
            e),
        ExitCode.SOFTWARE);
  }

  private int tell(Exception e, int code) {
    // Of groups of options Picocli says that it speaks of errors, of single ones it does not.
    host.err().println("elbo: " + oneLine(message(e)).replaceFirst("^Error: ", ""));
    if ("1".equals(host.variables().get(DEBUG))) {
      e.printStackTrace(host.err());
    }
    host.err().flush();
    return code;
  }

  private static String message(Exception e) {
    boolean spoken =
        e instanceof IllegalArgumentException
            || e instanceof ParameterException
            || e instanceof FailedException
            || e instanceof NonFiniteException
            || e instanceof DeviceException;
    if (spoken && e.getMessage() != null) {
      return e.getMessage();
    }
    return "internal error: %s; %s=1 prints where".formatted(e, DEBUG);
  }

  private static String oneLine(String message) {
    return message.replaceAll("\\s*\\R\\s*", " ").strip();
  }
}
