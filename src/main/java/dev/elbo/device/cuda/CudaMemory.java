package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import dev.elbo.device.cuda.Ledger.Kind;
import jcuda.driver.JCudaDriver;

/**
 * A block of the card's memory, zeroed and 256-byte aligned.
 *
 * @param address where it begins
 * @param bytes its size
 * @param purpose what it is for
 */
record CudaMemory(Address address, long bytes, String purpose) {
  /** The alignment of allocations, kept by those who divide one. */
  static final int ALIGNMENT = 256;

  private static final int OUT_OF_MEMORY = 2;

  /**
   * Allocates.
   *
   * @param scope the owner
   * @param purpose what the memory is for, named when there is too little
   * @param remedy what would need less
   */
  static CudaMemory allocate(Scope scope, long bytes, String purpose, String remedy) {
    Address address = new Address();
    long words = Math.max(1, Math.ceilDiv(bytes, (long) Integer.BYTES));
    int code = JCudaDriver.cuMemAlloc(address, words * Integer.BYTES);
    if (code == OUT_OF_MEMORY) {
      throw new DeviceException(
          "out of device memory: %s needs %s, %s free; %s"
              .formatted(purpose, mebibytes(bytes), free(), remedy));
    }
    Driver.check(code, "allocating %d bytes for %s".formatted(bytes, purpose));
    scope.own(Kind.MEMORY, purpose, () -> JCudaDriver.cuMemFree(address));
    Driver.check(JCudaDriver.cuMemsetD32(address, 0, words), "clearing " + purpose);
    return new CudaMemory(address, bytes, purpose);
  }

  /** A size rounded up to the alignment. */
  static long aligned(long bytes) {
    return Math.ceilDiv(bytes, (long) ALIGNMENT) * ALIGNMENT;
  }

  private static String free() {
    long[] free = {0};
    long[] total = {0};
    int code = JCudaDriver.cuMemGetInfo(free, total);
    return code == 0
        ? "%s of %s are".formatted(mebibytes(free[0]), mebibytes(total[0]))
        : "too little is";
  }

  private static String mebibytes(long bytes) {
    return "%.1f MiB".formatted(bytes / (double) (1 << 20));
  }
}
