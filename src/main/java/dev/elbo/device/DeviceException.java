package dev.elbo.device;

/** A device cannot do what it was asked: missing, out of memory, or failed. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** A failure with a one-line message. */
  public DeviceException(String message) {
    super(message);
  }
}
