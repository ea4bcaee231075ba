package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.DeviceException;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.tensor.Shape;
import java.util.Map;
import java.util.Optional;

/**
 * A CUDA card: float32 state, matrix products in the precision asked for. Results are the same to
 * the bit from run to run.
 *
 * <p>JCuda finds its native library on {@code java.library.path}; the command line starts Java with
 * the folder into which the build unpacks it. Where it is not found, JCuda unpacks it from the jar
 * to a fixed name in {@code java.io.tmpdir}, and loads what is there already: on a machine with
 * other users start Java with {@code -Djava.library.path} set to a folder that holds {@code
 * libJCudaDriver-12.6.0-linux-x86_64.so}, or {@code -Djava.io.tmpdir} to one of your own.
 *
 * <p>With {@link CudaOptions.Products#CUBLAS} the same holds for {@code libJCublas2}, and NVIDIA's
 * {@code libcublas.so.12} has to be where the system finds libraries; otherwise neither is touched.
 *
 * <p>The parameters' memory lives until the device is closed; closing also closes its programs.
 */
public final class CudaDevice implements Device {
  private final int ordinal;
  private final CudaOptions options;
  private final Context context;
  private final Kernels kernels;
  private final Optional<CublasProducts> cublas;

  /**
   * Opens a card with the choices that are fastest.
   *
   * @param ordinal its number, from 0
   * @param precision the operands of matrix products
   * @throws DeviceException when there is no such card, or it cannot be used: what is missing
   */
  public CudaDevice(int ordinal, Precision precision) {
    this(ordinal, CudaOptions.of(precision));
  }

  /**
   * Opens a card.
   *
   * @param ordinal its number, from 0
   * @throws DeviceException when there is no such card, or it cannot be used: what is missing
   */
  public CudaDevice(int ordinal, CudaOptions options) {
    CudaDevices.probe()
        .missing(ordinal)
        .ifPresent(
            missing -> {
              throw new DeviceException("cuda:" + ordinal + ": " + missing);
            });
    this.ordinal = ordinal;
    this.options = options;
    context = open(ordinal);
    kernels = new Kernels(context.scope());
    cublas = openCublas();
  }

  private Optional<CublasProducts> openCublas() {
    if (options.products() == CudaOptions.Products.OWN) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          CublasProducts.open(context.scope(), options.precision(), context.stream()));
    } catch (RuntimeException | Error e) {
      context.scope().abandon(e);
      throw e;
    }
  }

  private static Context open(int ordinal) {
    try {
      return new Context(ordinal);
    } catch (LinkageError e) {
      throw new DeviceException(
          "cuda:" + ordinal + ": JCuda's native library cannot be loaded: " + e);
    }
  }

  @Override
  public String name() {
    return "cuda:" + ordinal;
  }

  @Override
  public Buffer allocate(Shape shape) {
    context.enter();
    Scope scope = context.scope().nested();
    try {
      CudaMemory memory =
          CudaMemory.allocate(
              scope,
              (long) Float.BYTES * shape.elements(),
              "a tensor " + shape,
              "a smaller model needs less");
      return new CudaBuffer(shape, memory.address(), context, () -> context.close(scope));
    } catch (RuntimeException | Error e) {
      scope.abandon(e);
      throw e;
    }
  }

  @Override
  public Program compile(Graph graph, Map<String, Buffer> parameters, long seed) {
    context.enter();
    Scope scope = context.scope().nested();
    try {
      return new CudaProgram(context, scope, kernels, cublas, options, graph, parameters, seed);
    } catch (RuntimeException | Error e) {
      scope.abandon(e);
      throw e;
    }
  }

  /** What is held of the driver's at this moment; nothing after closing. */
  Map<Ledger.Kind, Integer> held() {
    return context.held();
  }

  @Override
  public void close() {
    context.close();
  }
}
