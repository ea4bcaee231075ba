package dev.elbo.device.cpu;

/** A node made ready to run: all arrays, offsets and sizes are resolved. */
@FunctionalInterface
interface Kernel {
  /** Computes the node's results; allocates nothing. */
  void run();

  /** A kernel that runs others one after the other. */
  static Kernel sequence(Kernel... kernels) {
    return () -> {
      for (Kernel kernel : kernels) {
        kernel.run();
      }
    };
  }
}
