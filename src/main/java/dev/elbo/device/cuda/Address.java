package dev.elbo.device.cuda;

import jcuda.driver.CUdeviceptr;

/** A device pointer whose value can be read and packed as a kernel's argument. */
final class Address extends CUdeviceptr {
  /** Null, to be filled by an allocation. */
  Address() {}

  private Address(Address base, long bytes) {
    super(base, bytes);
  }

  /** The address that many bytes further. */
  Address plus(long bytes) {
    return new Address(this, bytes);
  }

  /** Whether it is the null pointer, which kernels take for an absent operand. */
  boolean isNull() {
    return value() == 0;
  }

  /** The address as a number. */
  long value() {
    return getNativePointer() + getByteOffset();
  }
}
