package dev.elbo.device.cuda;

import dev.elbo.device.cuda.Ledger.Kind;
import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Memory of the host that the card copies from and to while the host goes on; zeroed. */
final class PinnedMemory {
  private final HostPointer start = new HostPointer();
  private final MemorySegment segment;

  /** A pointer whose value can be read. */
  private static final class HostPointer extends Pointer {
    long value() {
      return getNativePointer();
    }
  }

  /** Allocates; at least one byte. */
  PinnedMemory(Scope scope, long bytes, String purpose) {
    Driver.check(
        JCudaDriver.cuMemHostAlloc(start, Math.max(1, bytes), 0),
        "allocating %d bytes of pinned memory for %s".formatted(bytes, purpose));
    scope.own(Kind.PINNED_MEMORY, purpose, () -> JCudaDriver.cuMemFreeHost(start));
    segment = MemorySegment.ofAddress(start.value()).reinterpret(bytes);
    segment.fill((byte) 0);
  }

  /** The memory, for the host. */
  MemorySegment segment() {
    return segment;
  }

  /** The memory from an offset, for the driver. */
  Pointer at(long offset) {
    return start.withByteOffset(offset);
  }
}
