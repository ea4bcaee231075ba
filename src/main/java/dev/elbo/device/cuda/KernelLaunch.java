package dev.elbo.device.cuda;

import dev.elbo.device.cuda.Kernels.Kernel;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A kernel with its grid and arguments, ready to be enqueued again and again. */
final class KernelLaunch implements Launch {
  private final String operation;
  private final Kernel kernel;
  private final Grid grid;
  private final Pointer parameters;

  /**
   * Packs the arguments as cuLaunchKernel wants them: an array of pointers, each to one argument.
   *
   * @param operation what the launch is part of, named when it fails
   * @throws IllegalArgumentException when the arguments are not what the kernel takes
   */
  KernelLaunch(String operation, Kernel kernel, Grid grid, List<Object> arguments) {
    kernel.signature().check(arguments);
    this.operation = operation;
    this.kernel = kernel;
    this.grid = grid;
    int count = arguments.size();
    MemorySegment block = Arena.ofAuto().allocate(2L * Long.BYTES * count, Long.BYTES);
    for (int i = 0; i < count; i++) {
      long slot = (long) Long.BYTES * (count + i);
      block.setAtIndex(ValueLayout.JAVA_LONG, i, block.address() + slot);
      switch (arguments.get(i)) {
        case Address address -> block.set(ValueLayout.JAVA_LONG, slot, address.value());
        case Integer number -> block.set(ValueLayout.JAVA_INT, slot, number);
        case Long number -> block.set(ValueLayout.JAVA_LONG, slot, number);
        case Float number -> block.set(ValueLayout.JAVA_FLOAT, slot, number);
        default -> throw new IllegalStateException("the signature lets nothing else through");
      }
    }
    parameters = Pointer.to(block.asByteBuffer());
  }

  @Override
  public void enqueue(CUstream stream, boolean waiting) {
    int code =
        JCudaDriver.cuLaunchKernel(
            kernel.function(),
            grid.x(),
            grid.y(),
            grid.z(),
            grid.threads(),
            1,
            1,
            0,
            stream,
            parameters,
            null);
    if (code == 0 && waiting) {
      code = JCudaDriver.cuStreamSynchronize(stream);
    }
    if (code != 0) {
      Driver.check(code, toString());
    }
  }

  @Override
  public String toString() {
    return operation + ": kernel " + kernel.signature().name() + ", " + grid;
  }
}
