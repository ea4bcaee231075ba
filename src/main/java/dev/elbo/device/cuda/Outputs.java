package dev.elbo.device.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;

import dev.elbo.device.Buffer;
import dev.elbo.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import jcuda.driver.JCudaDriver;

/**
 * The computed outputs of a program. The first read after a run enqueues the copies of all of them
 * to pinned memory and waits once; the others find them there.
 */
final class Outputs {
  private final Context context;
  private final PinnedMemory host;
  private final Map<String, Output> outputs = new LinkedHashMap<>();
  private boolean here;

  /** Takes pinned memory for the tensors, by the names of the outputs. */
  Outputs(Context context, Scope scope, Map<String, CudaBuffer> tensors) {
    this.context = context;
    long bytes = 0;
    for (Map.Entry<String, CudaBuffer> tensor : tensors.entrySet()) {
      outputs.put(tensor.getKey(), new Output(tensor.getValue(), bytes));
      bytes += CudaMemory.aligned(tensor.getValue().bytes());
    }
    host = new PinnedMemory(scope, bytes, "the outputs");
  }

  /** The outputs by their names. */
  Map<String, Buffer> buffers() {
    return Map.copyOf(outputs);
  }

  /** Says that a run will change the outputs. */
  void changed() {
    here = false;
  }

  private void fetch() {
    if (!here) {
      context.enter();
      for (Output output : outputs.values()) {
        Driver.check(
            JCudaDriver.cuMemcpyDtoHAsync(
                host.at(output.offset),
                output.tensor.address(),
                output.tensor.bytes(),
                context.stream()),
            "copying the outputs");
      }
      context.await();
      here = true;
    }
  }

  /** An output, as those see it who read it. */
  private final class Output implements Buffer {
    private final CudaBuffer tensor;
    private final long offset;

    Output(CudaBuffer tensor, long offset) {
      this.tensor = tensor;
      this.offset = offset;
    }

    @Override
    public Shape shape() {
      return tensor.shape();
    }

    @Override
    public void write(float[] values) {
      tensor.write(values);
      here = false;
    }

    @Override
    public void write(int first, float[] values) {
      tensor.write(first, values);
      here = false;
    }

    @Override
    public void read(float[] values) {
      CudaBuffer.checkLength(shape(), values);
      fetch();
      MemorySegment.copy(host.segment(), JAVA_FLOAT_UNALIGNED, offset, values, 0, values.length);
    }
  }
}
