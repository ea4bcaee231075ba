package dev.elbo.device.cpu;

/**
 * Makes tiles of the weights [N, K] that a product multiplies with; the matrix as a whole is never
 * stored. Sums of products of tiles are what the passes consist of.
 */
@FunctionalInterface
interface WeightSource {
  /**
   * Writes rows row..row+rows-1 and columns column..column+columns-1 of a sample's weights to the
   * tile. The first row is a multiple of 16, the first column even.
   */
  void fill(int sample, int row, int rows, int column, int columns, float[] tile, int stride);

  /** Stored weights. */
  static WeightSource stored(Matrix w) {
    return (sample, row, rows, column, columns, tile, stride) -> {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(w.array(), w.at(sample, row + r, column), tile, r * stride, columns);
      }
    };
  }

  /** mu + sigma·eps. */
  static WeightSource sampled(CpuBuffer mu, CpuBuffer logSigma, Draws draws) {
    int k = mu.shape().columns();
    return (sample, row, rows, column, columns, tile, stride) -> {
      draws.matrix(sample, row, rows, column, columns, tile, stride);
      float sign = draws.sign(sample);
      for (int r = 0; r < rows; r++) {
        int at = (row + r) * k + column;
        Lanes.sample(
            mu.array(),
            mu.offset() + at,
            logSigma.array(),
            logSigma.offset() + at,
            sign,
            tile,
            r * stride,
            columns);
      }
    };
  }

  /** sigma·eps. */
  static WeightSource perturbation(CpuBuffer logSigma, Draws draws) {
    int k = logSigma.shape().columns();
    return (sample, row, rows, column, columns, tile, stride) -> {
      draws.matrix(sample, row, rows, column, columns, tile, stride);
      float sign = draws.sign(sample);
      for (int r = 0; r < rows; r++) {
        int at = logSigma.offset() + (row + r) * k + column;
        Lanes.perturbation(logSigma.array(), at, sign, tile, r * stride, columns);
      }
    };
  }

  /** sigma². */
  static WeightSource variance(CpuBuffer logSigma) {
    int k = logSigma.shape().columns();
    return (sample, row, rows, column, columns, tile, stride) -> {
      for (int r = 0; r < rows; r++) {
        int at = logSigma.offset() + (row + r) * k + column;
        Lanes.exp(logSigma.array(), at, 2, tile, r * stride, columns);
      }
    };
  }
}
