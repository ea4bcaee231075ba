package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.tensor.Shape;
import java.util.Map;

/** A card on which variational layers are library calls: what fusion is compared with. */
public final class UnfusedDevice implements Device {
  private final Context context = new Context(0);
  private final Kernels kernels = new Kernels(context.scope());
  private final Precision precision;
  private final CudaOptions.Replay replay;
  private final CublasProducts products;
  private final StoredNoise noise;

  /**
   * Opens the first card and the libraries.
   *
   * @param curand whether noise comes from cuRAND; else it is the product's own
   */
  public UnfusedDevice(Precision precision, CudaOptions.Replay replay, boolean curand) {
    this.precision = precision;
    this.replay = replay;
    try {
      products = CublasProducts.open(context.scope(), precision, context.stream());
      noise = curand ? CurandNoise.open(context.stream()) : new AddressedNoise(context);
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  Context context() {
    return context;
  }

  Kernels kernels() {
    return kernels;
  }

  Precision precision() {
    return precision;
  }

  CudaOptions.Replay replay() {
    return replay;
  }

  CublasProducts products() {
    return products;
  }

  StoredNoise noise() {
    return noise;
  }

  @Override
  public String name() {
    return "cuda, unfused";
  }

  @Override
  public Buffer allocate(Shape shape) {
    context.enter();
    long bytes = (long) Float.BYTES * shape.elements();
    CudaMemory memory =
        CudaMemory.allocate(context.scope(), bytes, "a tensor " + shape, "a smaller model");
    return new CudaBuffer(shape, memory.address(), context);
  }

  @Override
  public Program compile(Graph graph, Map<String, Buffer> parameters, long seed) {
    context.enter();
    return new UnfusedProgram(this, context.scope().nested(), graph, parameters, seed);
  }

  @Override
  public void close() {
    context.enter();
    context.await();
    noise.close();
    context.close();
  }
}
