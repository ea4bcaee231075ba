package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import dev.elbo.device.cuda.Ledger.Kind;
import dev.elbo.graph.Node;
import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/**
 * Matrix products by cuBLAS, float32 sums. Its matrices go down the columns, so that a row-major
 * matrix is its own transpose there, and operands change places.
 *
 * <p>All its work is on one stream and in memory that is given to it: so results are the same to
 * the bit from run to run, and products can be recorded in a graph.
 */
final class CublasProducts {
  private static final String LIBRARY = "libcublas.so.12";
  private static final String REMEDY =
      "install cuBLAS of CUDA 12, or with CUDA 13 put the library that bench/forward-cublas builds"
          + " on LD_LIBRARY_PATH beside libcublas.so.13";

  /** What NVIDIA recommends for Hopper; older cards need less. */
  private static final long WORKSPACE = 32L << 20;

  private static final Pointer ONE = Pointer.to(new float[] {1});
  private static final Pointer ZERO = Pointer.to(new float[] {0});
  private static final int KEEP = cublasOperation.CUBLAS_OP_N;
  private static final int TRANSPOSE = cublasOperation.CUBLAS_OP_T;

  private final cublasHandle handle = new cublasHandle();
  private final Precision precision;
  private final int type;

  private CublasProducts(Scope scope, Precision precision, CUstream stream) {
    this.precision = precision;
    type = precision == Precision.BF16 ? cudaDataType.CUDA_R_16BF : cudaDataType.CUDA_R_32F;
    Address workspace =
        CudaMemory.allocate(scope, WORKSPACE, "cuBLAS", "the product's own kernels need none")
            .address();
    Library.check(JCublas2.cublasCreate(handle), "cublasCreate");
    scope.own(Kind.LIBRARY, "cuBLAS", this::destroy);
    // In this order: another stream takes the workspace away.
    Library.check(JCublas2.cublasSetStream(handle, new cudaStream_t(stream)), "cublasSetStream");
    Library.check(JCublas2.cublasSetWorkspace(handle, workspace, WORKSPACE), "cublasSetWorkspace");
  }

  private int destroy() {
    Library.check(JCublas2.cublasDestroy(handle), "cublasDestroy");
    return 0;
  }

  /**
   * Starts cuBLAS for a stream.
   *
   * @param scope owns what it takes, also when this fails
   * @throws DeviceException where it cannot be loaded: what is missing and how to get it
   */
  static CublasProducts open(Scope scope, Precision precision, CUstream stream) {
    if (!CudaDevices.hasLibrary(LIBRARY)) {
      throw new DeviceException(LIBRARY + " is not on this machine; " + REMEDY);
    }
    return Library.open(
        () -> new CublasProducts(scope, precision, stream),
        "JCublas' native library for " + LIBRARY,
        "start Java with its folder on java.library.path");
  }

  /**
   * An input of a product in the operand type: where it is, or rounded by a launch that is added.
   */
  Address operand(Binding b, int position, List<Launch> launches) {
    CudaBuffer input = b.in(position);
    if (precision == Precision.F32) {
      return input.address();
    }
    long count = input.shape().elements();
    Address copy = b.workspace(precision.bytes() * count);
    launches.add(
        b.launch("unfused_round_bf16", Grid.ofElements(count), count, input.address(), copy));
    return copy;
  }

  /** y [B, N] = x [B, K] Wᵀ of each sample, W [N, K]. */
  List<Launch> forward(Node node, Layer layer, Address x, Address w, Address y) {
    int b = layer.examples();
    int n = layer.outputs();
    int k = layer.inputs();
    List<Launch> launches = new ArrayList<>();
    for (int s = 0; s < layer.samples(); s++) {
      Address xs = layer.shared() ? x : operand(x, s, b, k);
      Address ws = operand(w, s, n, k);
      Address ys = result(y, s, b, n);
      launches.add(product(node, TRANSPOSE, KEEP, n, b, k, ws, k, xs, k, ZERO, ys));
    }
    return launches;
  }

  /** dx [B, K] = dy [B, N] W of each sample, or their sum where x is shared. */
  List<Launch> backwardInput(Node node, Layer layer, Address dy, Address w, Address dx) {
    int b = layer.examples();
    int n = layer.outputs();
    int k = layer.inputs();
    List<Launch> launches = new ArrayList<>();
    for (int s = 0; s < layer.samples(); s++) {
      Address dys = operand(dy, s, b, n);
      Address ws = operand(w, s, n, k);
      Address dxs = layer.shared() ? dx : result(dx, s, b, k);
      Pointer beta = layer.shared() && s > 0 ? ONE : ZERO;
      launches.add(product(node, KEEP, KEEP, k, b, n, ws, k, dys, n, beta, dxs));
    }
    return launches;
  }

  /** dW [N, K] = dyᵀ x of each sample. */
  List<Launch> backwardWeight(Node node, Layer layer, Address x, Address dy, Address dw) {
    int b = layer.examples();
    int n = layer.outputs();
    int k = layer.inputs();
    List<Launch> launches = new ArrayList<>();
    for (int s = 0; s < layer.samples(); s++) {
      Address xs = layer.shared() ? x : operand(x, s, b, k);
      Address dys = operand(dy, s, b, n);
      Address dws = result(dw, s, n, k);
      launches.add(product(node, KEEP, TRANSPOSE, k, n, b, xs, k, dys, n, ZERO, dws));
    }
    return launches;
  }

  /** The matrix of a sample among operands. */
  private Address operand(Address all, int sample, int rows, int columns) {
    return all.plus((long) precision.bytes() * sample * rows * columns);
  }

  /** The matrix of a sample among results. */
  private static Address result(Address all, int sample, int rows, int columns) {
    return all.plus((long) Float.BYTES * sample * rows * columns);
  }

  /** c [m, n] = op(first) [m, k] op(second) [k, n] + beta c, all down the columns. */
  private Launch product(
      Node node,
      int opOfFirst,
      int opOfSecond,
      int m,
      int n,
      int k,
      Address first,
      int strideOfFirst,
      Address second,
      int strideOfSecond,
      Pointer beta,
      Address c) {
    String what = node + ": cublasGemmEx";
    return (stream, waiting) -> {
      Library.check(
          JCublas2.cublasGemmEx_new(
              handle,
              opOfFirst,
              opOfSecond,
              m,
              n,
              k,
              ONE,
              first,
              type,
              strideOfFirst,
              second,
              type,
              strideOfSecond,
              beta,
              c,
              cudaDataType.CUDA_R_32F,
              m,
              cublasComputeType.CUBLAS_COMPUTE_32F,
              cublasGemmAlgo.CUBLAS_GEMM_DEFAULT),
          what);
      if (waiting) {
        Driver.check(JCudaDriver.cuStreamSynchronize(stream), what);
      }
    };
  }
}
