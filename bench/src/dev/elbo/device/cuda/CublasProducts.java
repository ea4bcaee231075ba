package dev.elbo.device.cuda;

import jcuda.Pointer;
import jcuda.cudaDataType;
import jcuda.driver.CUstream;
import jcuda.jcublas.JCublas2;
import jcuda.jcublas.cublasComputeType;
import jcuda.jcublas.cublasGemmAlgo;
import jcuda.jcublas.cublasHandle;
import jcuda.jcublas.cublasOperation;
import jcuda.runtime.cudaStream_t;

/**
 * Matrix products by cuBLAS, float32 sums. Its matrices go down the columns, so that a row-major
 * matrix is its own transpose there, and operands change places.
 */
final class CublasProducts implements AutoCloseable {
  private static final Pointer ONE = Pointer.to(new float[] {1});
  private static final Pointer ZERO = Pointer.to(new float[] {0});
  private static final int KEEP = cublasOperation.CUBLAS_OP_N;
  private static final int TRANSPOSE = cublasOperation.CUBLAS_OP_T;

  private final cublasHandle handle = new cublasHandle();
  private final int type;

  private CublasProducts(Precision precision) {
    type = precision == Precision.BF16 ? cudaDataType.CUDA_R_16BF : cudaDataType.CUDA_R_32F;
    Library.check(JCublas2.cublasCreate(handle), "cublasCreate");
  }

  static CublasProducts open(Precision precision, CUstream stream) {
    CublasProducts products =
        Library.open(
            () -> new CublasProducts(precision),
            "libcublas.so.12",
            "install cuBLAS of CUDA 12, or with CUDA 13 put the library that bench/forward-cublas"
                + " builds on LD_LIBRARY_PATH beside libcublas.so.13");
    Library.check(
        JCublas2.cublasSetStream(products.handle, new cudaStream_t(stream)), "cublasSetStream");
    return products;
  }

  /** y [B, N] = x [B, K] Wᵀ, W [N, K]. */
  void forward(int b, int n, int k, Pointer x, Pointer w, Pointer y) {
    multiply(TRANSPOSE, KEEP, n, b, k, w, k, x, k, ZERO, y, n);
  }

  /** dx [B, K] = dy [B, N] W, or that added to dx. */
  void backwardInput(int b, int n, int k, Pointer dy, Pointer w, Pointer dx, boolean add) {
    multiply(KEEP, KEEP, k, b, n, w, k, dy, n, add ? ONE : ZERO, dx, k);
  }

  /** dW [N, K] = dyᵀ x. */
  void backwardWeight(int b, int n, int k, Pointer x, Pointer dy, Pointer dw) {
    multiply(KEEP, TRANSPOSE, k, n, b, x, k, dy, n, ZERO, dw, k);
  }

  /** c [m, n] = op(first) [m, k] op(second) [k, n] + beta c, all down the columns. */
  private void multiply(
      int opOfFirst,
      int opOfSecond,
      int m,
      int n,
      int k,
      Pointer first,
      int strideOfFirst,
      Pointer second,
      int strideOfSecond,
      Pointer beta,
      Pointer c,
      int strideOfC) {
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
            strideOfC,
            cublasComputeType.CUBLAS_COMPUTE_32F,
            cublasGemmAlgo.CUBLAS_GEMM_DEFAULT),
        "cublasGemmEx");
  }

  @Override
  public void close() {
    Library.check(JCublas2.cublasDestroy(handle), "cublasDestroy");
  }
}
