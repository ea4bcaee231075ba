package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import jcuda.driver.JCudaDriver;

/** A block of the card's memory, zeroed; {@link #close()} gives it back. */
final class CudaMemory implements AutoCloseable {
  private static final int OUT_OF_MEMORY = 2;

  private final Address address = new Address();
  private final long bytes;
  private boolean open = true;

  /**
   * Allocates.
   *
   * @param purpose what the memory is for, named when there is too little
   */
  CudaMemory(long bytes, String purpose) {
    this.bytes = bytes;
    int code = JCudaDriver.cuMemAlloc(address, Math.max(bytes, Integer.BYTES));
    if (code == OUT_OF_MEMORY) {
      throw new DeviceException(
          "out of device memory: %s needs %d MiB; a smaller batch or fewer samples need less"
              .formatted(purpose, Math.ceilDiv(bytes, 1L << 20)));
    }
    Driver.check(code, "allocating " + bytes + " bytes for " + purpose);
    Driver.check(JCudaDriver.cuMemsetD32(address, 0, Math.ceilDiv(bytes, 4)), "clearing memory");
  }

  Address address() {
    return address;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      Driver.check(JCudaDriver.cuMemFree(address), "freeing device memory");
    }
  }
}
