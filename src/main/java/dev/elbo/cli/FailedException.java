package dev.elbo.cli;

/** Something failed that is not the fault of the user's input: exit code 1. */
final class FailedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure in one line, and what caused it. */
  FailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
