package dev.elbo.device.cpu;

/** The weights [N, K] that a product multiplies with: stored, or made a tile at a time. */
@FunctionalInterface
interface WeightSource {
  /**
   * Makes rows row..row+rows-1 and columns column..column+columns-1 of a sample's weights readable
   * through the tile. The first row is a multiple of 16, the first column even; at most so many
   * elements as {@link Tiles#WEIGHTS} has room for are asked for at once.
   */
  void place(int sample, int row, int rows, int column, int columns, WeightTile tile);

  /** Whether it takes computation to place weights. */
  default boolean made() {
    return true;
  }

  /** Stored weights, which are read where they are. */
  static WeightSource stored(Matrix w) {
    return new Stored(w);
  }

  /** Weights that are stored. */
  record Stored(Matrix w) implements WeightSource {
    @Override
    public void place(int sample, int row, int rows, int column, int columns, WeightTile tile) {
      tile.point(w, sample, row, column);
    }

    @Override
    public boolean made() {
      return false;
    }
  }

  /** mu + sigma·eps. */
  static WeightSource sampled(CpuBuffer mu, CpuBuffer logSigma, Draws draws) {
    return (sample, row, rows, column, columns, tile) -> {
      tile.make(columns);
      draws.matrix(sample, row, rows, column, columns, tile.array, tile.stride);
      for (int r = 0; r < rows; r++) {
        int at = (row + r) * mu.shape().columns() + column;
        int eps = r * tile.stride;
        Lanes.sample(
            mu.array(),
            mu.offset() + at,
            logSigma.array(),
            logSigma.offset() + at,
            draws.sign(sample),
            tile.array,
            eps,
            tile.array,
            eps,
            columns);
      }
    };
  }

  /**
   * The same, which is stored and then read where it is.
   *
   * @param w whose rows are padded to whole vectors
   */
  static WeightSource storing(CpuBuffer mu, CpuBuffer logSigma, Draws draws, Matrix w) {
    return (sample, row, rows, column, columns, tile) -> {
      tile.make(columns);
      draws.matrix(sample, row, rows, column, columns, tile.array, tile.stride);
      for (int r = 0; r < rows; r++) {
        int at = (row + r) * mu.shape().columns() + column;
        Lanes.sample(
            mu.array(),
            mu.offset() + at,
            logSigma.array(),
            logSigma.offset() + at,
            draws.sign(sample),
            tile.array,
            r * tile.stride,
            w.array(),
            w.at(sample, row + r, column),
            columns);
      }
      tile.point(w, sample, row, column);
    };
  }

  /** sigma·eps. */
  static WeightSource perturbation(CpuBuffer logSigma, Draws draws) {
    int k = logSigma.shape().columns();
    return (sample, row, rows, column, columns, tile) -> {
      tile.make(columns);
      draws.matrix(sample, row, rows, column, columns, tile.array, tile.stride);
      float sign = draws.sign(sample);
      for (int r = 0; r < rows; r++) {
        int at = logSigma.offset() + (row + r) * k + column;
        Lanes.perturbation(logSigma.array(), at, sign, tile.array, r * tile.stride, columns);
      }
    };
  }

  /** sigma². */
  static WeightSource variance(CpuBuffer logSigma) {
    int k = logSigma.shape().columns();
    return (sample, row, rows, column, columns, tile) -> {
      tile.make(columns);
      for (int r = 0; r < rows; r++) {
        int at = logSigma.offset() + (row + r) * k + column;
        Lanes.exp(logSigma.array(), at, 2, tile.array, r * tile.stride, columns);
      }
    };
  }
}
