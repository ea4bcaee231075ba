package dev.elbo.cli;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * Undoes what the launcher does to keep the start of the JVM silent.
 *
 * <p>The Vector API is an incubating module, and the JVM says so on standard error on every start;
 * it has no switch for that. The launcher therefore starts it with descriptor 2 closed to the world
 * and the real one kept under another number, which this class puts back, for Java and native code
 * alike, before anything else runs.
 */
final class StandardError {
  /** The descriptor that holds the real standard error; absent when nothing was redirected. */
  private static final String PROPERTY = "elbo.stderr";

  private static final int STANDARD_ERROR = 2;

  private StandardError() {}

  static void restore() {
    Integer kept = Integer.getInteger(PROPERTY);
    if (kept != null && duplicate(kept, STANDARD_ERROR) != STANDARD_ERROR) {
      throw new IllegalStateException(
          "standard error cannot be restored: descriptor " + kept + " (" + PROPERTY + ") is bad");
    }
  }

  /** Whether standard error is a terminal; no where the C library cannot tell. */
  static boolean isTerminal() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("isatty")
        .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, JAVA_INT)))
        .map(isatty -> call(isatty) == 1)
        .orElse(false);
  }

  private static int call(MethodHandle isatty) {
    try {
      return (int) isatty.invokeExact(STANDARD_ERROR);
    } catch (Throwable t) {
      throw new IllegalStateException("isatty(" + STANDARD_ERROR + ") failed", t);
    }
  }

  private static int duplicate(int from, int to) {
    Linker linker = Linker.nativeLinker();
    MethodHandle dup2 =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("dup2"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    try {
      return (int) dup2.invokeExact(from, to);
    } catch (Throwable t) {
      throw new IllegalStateException("dup2(" + from + ", " + to + ") failed", t);
    }
  }
}
