package dev.elbo.device.cpu;

import dev.elbo.device.SpecialFunctions;
import dev.elbo.graph.Divergence;

/** Computes the divergence of a tile of a mean-field Gaussian from its prior, and its gradients. */
@FunctionalInterface
interface DivergenceSource {
  /** How many sums a tile has: the divergence and the gradient of the prior's parameter. */
  int SUMS = 2;

  /**
   * Adds upstream times the gradients to the tile's dMu and dLogSigma, and the divergence and its
   * gradient in the prior's parameter to {@code sums[at]} and {@code sums[at + 1]}. The tile's
   * sigma is filled.
   */
  void add(Tile tile, float upstream, double[] sums, int at);

  /**
   * That of an operation.
   *
   * @param parameter the position of mu among the inputs of the binding; log_sigma and the prior's
   *     parameters follow
   */
  static DivergenceSource of(Divergence op, Binding b, int parameter) {
    CpuBuffer mu = b.in(parameter);
    CpuBuffer logSigma = b.in(parameter + 1);
    return switch (op) {
      case Divergence.KlGaussian(double scale) -> {
        double logScale = Math.log(scale);
        yield (tile, upstream, sums, at) ->
            gaussian(mu, logSigma, logScale, tile, upstream, sums, at);
      }
      case Divergence.KlLearnedGaussian learned -> {
        CpuBuffer logScale = b.in(parameter + 2);
        yield (tile, upstream, sums, at) ->
            gaussian(mu, logSigma, logScale.scalar(), tile, upstream, sums, at);
      }
      case Divergence.KlLaplace(double scale) ->
          (tile, upstream, sums, at) -> laplace(mu, logSigma, scale, tile, upstream, sums, at);
      case Divergence.KlScaleMixture mixture ->
          new ScaleMixture(mixture, mu, logSigma, new Draws(mixture.noise(), b.run()));
    };
  }

  private static void gaussian(
      CpuBuffer mu,
      CpuBuffer logSigma,
      double logScale,
      Tile tile,
      float upstream,
      double[] sums,
      int at) {
    double precision = Math.exp(-2 * logScale);
    tile.clearSums();
    for (int r = 0; r < tile.rows; r++) {
      GaussianLanes.add(
          mu.array(),
          mu.offset() + tile.at(r),
          logSigma.array(),
          logSigma.offset() + tile.at(r),
          tile,
          r * tile.stride,
          upstream,
          (float) precision);
    }
    double squares = tile.sum(0);
    int n = tile.elements();
    sums[at] += n * (logScale - 0.5) + 0.5 * precision * squares - tile.sum(1);
    sums[at + 1] += n - precision * squares;
  }

  private static void laplace(
      CpuBuffer mu,
      CpuBuffer logSigma,
      double scale,
      Tile tile,
      float upstream,
      double[] sums,
      int at) {
    for (int r = 0; r < tile.rows; r++) {
      for (int c = 0; c < tile.columns; c++) {
        int from = tile.at(r) + c;
        double m = mu.array()[mu.offset() + from];
        double l = logSigma.array()[logSigma.offset() + from];
        sums[at] += laplace(m, l, scale, tile, r * tile.stride + c, upstream);
      }
    }
  }

  /** One weight: adds to the gradients and returns the divergence. */
  private static double laplace(
      double mu, double logSigma, double scale, Tile tile, int to, float upstream) {
    double sigma = Math.exp(logSigma);
    double ratio = mu == 0 ? 0 : mu / sigma;
    double density = sigma * Math.sqrt(2 / Math.PI) * Math.exp(-0.5 * ratio * ratio);
    double erf = SpecialFunctions.erf(ratio * Math.sqrt(0.5));
    tile.dMu[to] += (float) (upstream * erf / scale);
    tile.dLogSigma[to] += (float) (upstream * (density / scale - 1));
    double entropy = 0.5 * Math.log(2 * Math.PI) + 0.5 + logSigma;
    return Math.log(2 * scale) - entropy + (density + mu * erf) / scale;
  }

  /** The mixture of two Gaussians, at the weights that the samples drew. */
  record ScaleMixture(
      Divergence.KlScaleMixture prior, CpuBuffer mu, CpuBuffer logSigma, Draws draws)
      implements DivergenceSource {
    @Override
    public void add(Tile tile, float upstream, double[] sums, int at) {
      int samples = prior.noise().samples();
      tile.clearSums();
      for (int s = 0; s < samples; s++) {
        int eps = tile.draw(draws, s, 0);
        for (int r = 0; r < tile.rows; r++) {
          int to = r * tile.stride;
          MixtureLanes.add(
              prior,
              mu.array(),
              mu.offset() + tile.at(r),
              logSigma.array(),
              logSigma.offset() + tile.at(r),
              tile,
              to,
              eps + to,
              draws.sign(s),
              upstream / samples);
        }
      }
      sums[at] += tile.sum(0) / samples;
    }
  }
}
