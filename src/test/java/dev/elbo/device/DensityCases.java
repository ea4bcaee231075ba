package dev.elbo.device;

import static dev.elbo.device.Values.COUNT;
import static dev.elbo.device.Values.LOG_SCALE;
import static dev.elbo.device.Values.LOG_SIGMA;
import static dev.elbo.device.Values.MU;
import static dev.elbo.device.Values.NORMAL;
import static dev.elbo.device.Values.PROBABILITY;
import static dev.elbo.device.Values.WIDE;

import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.Divergence.KlLaplace;
import dev.elbo.graph.Divergence.KlLearnedGaussian;
import dev.elbo.graph.Divergence.KlScaleMixture;
import dev.elbo.graph.DivergenceBackward;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.LogLikelihood.Bernoulli;
import dev.elbo.graph.LogLikelihood.Categorical;
import dev.elbo.graph.LogLikelihood.Gaussian;
import dev.elbo.graph.LogLikelihood.Poisson;
import dev.elbo.graph.LogLikelihood.StudentT;
import dev.elbo.graph.LogLikelihoodBackward;
import dev.elbo.graph.NoiseSite;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Likelihoods and divergences with their gradients. */
final class DensityCases {
  private static final List<Shape> WEIGHTS =
      List.of(
          Shape.of(1),
          Shape.of(17),
          Shape.of(127),
          Shape.of(1, 1),
          Shape.of(1, 13),
          Shape.of(13, 1),
          Shape.of(15, 17),
          Shape.of(33, 31),
          Shape.of(64, 65),
          Shape.of(129, 127));

  private final List<OpCase> rows = new ArrayList<>();

  private DensityCases() {}

  static List<OpCase> rows() {
    DensityCases cases = new DensityCases();
    for (int samples : List.of(1, 3)) {
      for (int examples : List.of(1, 7, 16, 33)) {
        for (int columns : List.of(1, 2, 10, 17, 65)) {
          cases.likelihoods(samples, examples, columns);
        }
      }
    }
    // So many rows that a device may sum the gradient of a shared log_scale in parts.
    cases.likelihoods(3, 129, 33);
    cases.likelihoods(2, 300, 3);
    // More columns than fit the scratch memory of a thread.
    cases.likelihoods(1, 2, 4101);
    for (Shape shape : WEIGHTS) {
      divergences(new NoiseSite(MatrixCases.SITE, 1, false))
          .forEach(d -> cases.divergence(d, shape, ""));
      // |mu| from far below sigma to so far above it that exp(-mu²/(2 sigma²)) is nothing.
      cases.divergence(new KlLaplace(0.3), shape, Values.ANY_LOG_SIGMA, " any sigma");
      cases.divergence(
          narrowFirst(new NoiseSite(MatrixCases.SITE, 1, false)), shape, " narrow first");
      cases.divergence(mixture(new NoiseSite(MatrixCases.SITE, 3, false)), shape, " S=3");
      cases.divergence(mixture(new NoiseSite(MatrixCases.SITE, 4, true)), shape, " S=4 antithetic");
    }
    return cases.rows;
  }

  /** One divergence of each kind; the sampled one draws from the given noise. */
  static List<Divergence> divergences(NoiseSite noise) {
    return List.of(
        new KlGaussian(0.7), new KlLearnedGaussian(), new KlLaplace(0.3), mixture(noise));
  }

  private static Divergence mixture(NoiseSite noise) {
    return new KlScaleMixture(0.25, 1.0, 0.01, noise);
  }

  private static Divergence narrowFirst(NoiseSite noise) {
    return new KlScaleMixture(0.25, 0.01, 1.0, noise);
  }

  /** The learned scalars that follow mu and log_sigma. */
  static List<Operand> prior(Divergence divergence) {
    return divergence.priorParameters() == 0
        ? List.of()
        : List.of(new Operand("log_prior_scale", Shape.SCALAR, LOG_SCALE));
  }

  private void likelihoods(int samples, int examples, int columns) {
    Shape outputs = Shape.of(samples * examples, columns);
    Shape targets = Shape.of(examples, columns);
    String size = "B=" + examples + " D=" + columns + " S=" + samples;
    Operand x = new Operand("outputs", outputs, NORMAL);
    Operand wide = new Operand("outputs", outputs, WIDE);
    Operand labels = new Operand("targets", Shape.of(examples, 1), Values.labels(columns));
    Operand each = new Operand("log_scale", outputs, LOG_SCALE);
    Operand common = new Operand("log_scale", Shape.of(1, columns), LOG_SCALE);
    Operand ofSample = new Operand("log_scale", Shape.of(samples, columns), LOG_SCALE);
    Operand y = new Operand("targets", targets, NORMAL);
    Operand flips = new Operand("targets", targets, PROBABILITY);
    likelihood(new Categorical(), size, x, labels);
    likelihood(new Categorical(), size + " wide", wide, labels);
    likelihood(new Bernoulli(), size, x, flips);
    likelihood(new Bernoulli(), size + " wide", wide, flips);
    likelihood(new Gaussian(), size + " each", x, each, y);
    likelihood(new Gaussian(), size + " common", x, common, y);
    likelihood(new Gaussian(), size + " of a sample", x, ofSample, y);
    likelihood(new StudentT(4), size + " each", x, each, y);
    likelihood(new StudentT(1.5), size + " common", x, common, y);
    likelihood(new Poisson(), size, x, new Operand("targets", targets, COUNT));
  }

  private void likelihood(LogLikelihood op, String variant, Operand... operands) {
    rows.add(OpCase.of(op, variant, operands));
    List<Operand> backward = new ArrayList<>();
    backward.add(new Operand("dy", Shape.of(operands[0].shape().rows(), 1), NORMAL));
    backward.addAll(List.of(operands));
    rows.add(
        OpCase.of(
            new LogLikelihoodBackward(op),
            op.name() + " " + variant,
            backward.toArray(Operand[]::new)));
  }

  private void divergence(Divergence op, Shape shape, String variant) {
    divergence(op, shape, LOG_SIGMA, variant);
  }

  private void divergence(Divergence op, Shape shape, Values logSigma, String variant) {
    List<Operand> operands = new ArrayList<>();
    operands.add(new Operand("mu", shape, MU));
    operands.add(new Operand("log_sigma", shape, logSigma));
    operands.addAll(prior(op));
    rows.add(OpCase.of(op, shape + variant, operands.toArray(Operand[]::new)));
    operands.addFirst(new Operand("dy", Shape.SCALAR, NORMAL));
    rows.add(
        OpCase.of(
            new DivergenceBackward(op),
            op.name() + " " + shape + variant,
            operands.toArray(Operand[]::new)));
  }
}
