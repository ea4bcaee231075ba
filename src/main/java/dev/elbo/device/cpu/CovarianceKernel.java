package dev.elbo.device.cpu;

/** Factors of covariances and logarithms of determinants; determinants on one thread. */
final class CovarianceKernel {
  private CovarianceKernel() {}

  static Kernel factor(Binding b) {
    CpuBuffer a = b.in(0);
    CpuBuffer logDiagonal = b.in(1);
    CpuBuffer l = b.out(0);
    int n = l.shape().rows();
    return Ranges.rows(
        b.workers(),
        n,
        n,
        (first, rows, scratch) -> {
          for (int i = first; i < first + rows; i++) {
            lower(a, l, i, n);
            l.set(i * n + i, Math.exp(logDiagonal.at(i)));
          }
        });
  }

  static Kernel factorBackward(Binding b) {
    CpuBuffer dl = b.in(0);
    CpuBuffer logDiagonal = b.in(1);
    CpuBuffer da = b.out(0);
    CpuBuffer dLogDiagonal = b.out(1);
    int n = dl.shape().rows();
    return Ranges.rows(
        b.workers(),
        n,
        n,
        (first, rows, scratch) -> {
          for (int i = first; i < first + rows; i++) {
            lower(dl, da, i, n);
            dLogDiagonal.set(i, dl.at(i * n + i) * Math.exp(logDiagonal.at(i)));
          }
        });
  }

  /** Row i below the diagonal, then zeros. */
  private static void lower(CpuBuffer from, CpuBuffer to, int i, int n) {
    System.arraycopy(from.array(), from.offset() + i * n, to.array(), to.offset() + i * n, i);
    for (int j = i; j < n; j++) {
      to.set(i * n + j, 0);
    }
  }

  static Kernel logDeterminant(Binding b) {
    CpuBuffer a = b.in(0);
    CpuBuffer y = b.out(0);
    int n = a.shape().rows();
    double[] l = new double[n * n];
    return () -> {
      cholesky(a, l, n);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += Math.log(l[i * n + i]);
      }
      y.set(0, 2 * sum);
    };
  }

  static Kernel logDeterminantBackward(Binding b) {
    CpuBuffer a = b.in(0);
    CpuBuffer dy = b.in(1);
    CpuBuffer da = b.out(0);
    int n = a.shape().rows();
    double[] l = new double[n * n];
    double[] x = new double[n];
    return () -> {
      cholesky(a, l, n);
      for (int j = 0; j < n; j++) {
        solve(l, n, j, x);
        for (int i = 0; i < n; i++) {
          da.set(i * n + j, dy.scalar() * x[i]);
        }
      }
    };
  }

  private static void cholesky(CpuBuffer a, double[] l, int n) {
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = 0.5 * a.at(i * n + j) + 0.5 * a.at(j * n + i);
        for (int k = 0; k < j; k++) {
          sum -= l[i * n + k] * l[j * n + k];
        }
        l[i * n + j] = i == j ? Math.sqrt(sum) : sum / l[j * n + j];
      }
    }
  }

  /** L·Lᵀ·x = e_j. */
  private static void solve(double[] l, int n, int j, double[] x) {
    for (int i = 0; i < n; i++) {
      double sum = i == j ? 1 : 0;
      for (int k = 0; k < i; k++) {
        sum -= l[i * n + k] * x[k];
      }
      x[i] = sum / l[i * n + i];
    }
    for (int i = n - 1; i >= 0; i--) {
      double sum = x[i];
      for (int k = i + 1; k < n; k++) {
        sum -= l[k * n + i] * x[k];
      }
      x[i] = sum / l[i * n + i];
    }
  }
}
