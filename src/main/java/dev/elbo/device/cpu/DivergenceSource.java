package dev.elbo.device.cpu;

import dev.elbo.graph.Divergence;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** Computes the divergence of a tile of a mean-field Gaussian from its prior, and its gradients. */
interface DivergenceSource {
  /** How many sums a tile has: the divergence and the gradient of the prior's parameter. */
  int SUMS = 2;

  /**
   * Loads each row of the tile, and adds upstream times the gradients to the tile's dMu and
   * dLogSigma, the divergence and its gradient in the prior's parameter to {@code sums[at]} and
   * {@code sums[at + 1]}.
   */
  void add(Tile tile, CpuBuffer mu, CpuBuffer logSigma, float upstream, double[] sums, int at);

  /**
   * That of an operation.
   *
   * @param parameter the position of mu among the inputs of the binding; log_sigma and the prior's
   *     parameters follow
   * @param drawn weights that the run has drawn and stored by the time the divergence is computed
   */
  static DivergenceSource of(Divergence op, Binding b, int parameter, StoredWeights drawn) {
    return switch (op) {
      case Divergence.KlGaussian(double scale) -> {
        double logScale = Math.log(scale);
        yield new Gaussian(() -> logScale);
      }
      case Divergence.KlLearnedGaussian learned -> {
        CpuBuffer logScale = b.in(parameter + 2);
        yield new Gaussian(logScale::scalar);
      }
      case Divergence.KlLaplace(double scale) -> new Laplace(scale);
      case Divergence.KlScaleMixture mixture ->
          new ScaleMixture(
              new Draws(mixture.noise(), b.run()),
              drawn.of(mixture.noise(), b.in(parameter), b.in(parameter + 1)),
              new MixtureLanes(mixture));
    };
  }

  /** Normal(0, scale²). */
  record Gaussian(DoubleSupplier logScale) implements DivergenceSource {
    @Override
    public void add(
        Tile tile, CpuBuffer mu, CpuBuffer logSigma, float upstream, double[] sums, int at) {
      tile.clearSums();
      for (int r = 0; r < tile.rows; r++) {
        tile.load(r, mu, logSigma);
        GaussianLanes.add(tile, r * tile.stride, upstream, precision());
      }
      addSums(tile, sums, at);
    }

    /** 1 / scale². */
    float precision() {
      return (float) Math.exp(-2 * logScale.getAsDouble());
    }

    /** Adds the divergence of a tile that has summed sigma² + mu² and log_sigma. */
    void addSums(Tile tile, double[] sums, int at) {
      double log = logScale.getAsDouble();
      double squares = Math.exp(-2 * log) * tile.sum(0);
      int n = tile.rows * tile.columns;
      sums[at] += n * (log - 0.5) + 0.5 * squares - tile.sum(1);
      sums[at + 1] += n - squares;
    }
  }

  /** Laplace(0, scale). */
  record Laplace(double scale) implements DivergenceSource {
    private static final double GAUSSIAN_ENTROPY = 0.5 * Math.log(2 * Math.PI) + 0.5;

    @Override
    public void add(
        Tile tile, CpuBuffer mu, CpuBuffer logSigma, float upstream, double[] sums, int at) {
      tile.clearSums();
      for (int r = 0; r < tile.rows; r++) {
        tile.load(r, mu, logSigma);
        LaplaceLanes.add(tile, r * tile.stride, upstream, (float) (1 / scale));
      }
      int n = tile.rows * tile.columns;
      sums[at] += n * (Math.log(2 * scale) - GAUSSIAN_ENTROPY) - tile.sum(1) + tile.sum(0) / scale;
    }
  }

  /**
   * The mixture of two Gaussians, at the weights that the samples drew.
   *
   * @param stored those weights where they are stored; else they are drawn again
   */
  record ScaleMixture(Draws draws, Optional<Matrix> stored, MixtureLanes lanes)
      implements DivergenceSource {
    @Override
    public void add(
        Tile tile, CpuBuffer mu, CpuBuffer logSigma, float upstream, double[] sums, int at) {
      int samples = draws.site().samples();
      for (int s = 0; s < samples; s++) {
        tile.clearSums();
        int eps = stored.isPresent() ? 0 : tile.draw(draws, s, 0);
        for (int r = 0; r < tile.rows; r++) {
          if (stored.isPresent()) {
            Matrix w = stored.get();
            int from = w.at(s, tile.row + r, tile.column);
            lanes.add(tile, r, mu, logSigma, w.array(), from, upstream / samples);
          } else {
            int row = eps + r * tile.stride;
            tile.load(r, mu, logSigma);
            tile.sample(row, draws.sign(s));
            lanes.add(tile, r, mu, logSigma, tile.noise, row, upstream / samples);
          }
        }
        sums[at] += lanes.divergence(tile) / samples;
      }
    }
  }
}
