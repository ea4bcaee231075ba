package dev.elbo.device.cuda;

import dev.elbo.device.cuda.Ledger.Kind;
import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Memory of the host that the card copies from and to while the host goes on; zeroed. */
final class PinnedMemory {
  private final HostPointer start = new HostPointer();
  private final MemorySegment segment;
  private boolean open = true;

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
    scope.own(Kind.PINNED_MEMORY, purpose, this::free);
    segment = MemorySegment.ofAddress(start.value()).reinterpret(bytes);
    segment.fill((byte) 0);
  }

  private int free() {
    open = false;
    return JCudaDriver.cuMemFreeHost(start);
  }

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException("the program is closed");
    }
  }

  /** The memory, for the host. */
  MemorySegment segment() {
    checkOpen();
    return segment;
  }

  /** The memory from an offset, for the driver. */
  Pointer at(long offset) {
    checkOpen();
    return start.withByteOffset(offset);
  }
}
