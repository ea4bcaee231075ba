package dev.elbo.device.reference;

import dev.elbo.device.SpecialFunctions;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.Divergence.KlLaplace;
import dev.elbo.graph.Divergence.KlLearnedGaussian;
import dev.elbo.graph.Divergence.KlScaleMixture;
import java.util.List;

/** {@link Divergence} and its gradients: a sum over the weights of one term each. */
final class DivergenceLoops {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private DivergenceLoops() {}

  /** A weight's part of the divergence and its derivatives, d prior that of log scale. */
  private record Term(double value, double dMu, double dLogSigma, double dPrior) {}

  /** The divergence; inputs (mu, log_sigma, the prior's parameters). */
  static double forward(Divergence op, List<ReferenceBuffer> in, Run run) {
    double sum = 0;
    for (Term term : terms(op, in, run)) {
      sum += term.value;
    }
    return sum;
  }

  /** Inputs (upstream, those of the divergence), results the gradients of the latter. */
  static void backward(
      Divergence op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    double upstream = in.getFirst().get(0);
    Term[] terms = terms(op, in.subList(1, in.size()), run);
    double dPrior = 0;
    for (int i = 0; i < terms.length; i++) {
      out.get(0).set(i, upstream * terms[i].dMu);
      out.get(1).set(i, upstream * terms[i].dLogSigma);
      dPrior += terms[i].dPrior;
    }
    if (op.priorParameters() == 1) {
      out.get(2).set(0, upstream * dPrior);
    }
  }

  private static Term[] terms(Divergence op, List<ReferenceBuffer> in, Run run) {
    ReferenceBuffer mu = in.get(0);
    ReferenceBuffer logSigma = in.get(1);
    Term[] terms = new Term[mu.elements()];
    if (op instanceof KlScaleMixture mixture) {
      ReferenceBuffer eps = SampleLoops.eps(mixture.noise(), 1, mu.shape(), run);
      for (int i = 0; i < terms.length; i++) {
        terms[i] = scaleMixture(mixture, mu.get(i), logSigma.get(i), eps, i, terms.length);
      }
      return terms;
    }
    for (int i = 0; i < terms.length; i++) {
      double m = mu.get(i);
      double l = logSigma.get(i);
      terms[i] =
          switch (op) {
            case KlGaussian p -> gaussian(m, l, Math.log(p.scale()));
            case KlLearnedGaussian p -> gaussian(m, l, in.get(2).get(0));
            case KlLaplace p -> laplace(m, l, p.scale());
            case KlScaleMixture p -> throw new IllegalStateException("handled above");
          };
    }
    return terms;
  }

  private static Term gaussian(double mu, double logSigma, double logScale) {
    double sigmaRatio = Math.exp(2 * (logSigma - logScale));
    double precision = Math.exp(-2 * logScale);
    double muRatio = mu * mu * precision;
    return new Term(
        logScale - logSigma + 0.5 * (sigmaRatio + muRatio) - 0.5,
        mu * precision,
        sigmaRatio - 1,
        1 - sigmaRatio - muRatio);
  }

  private static Term laplace(double mu, double logSigma, double scale) {
    double sigma = Math.exp(logSigma);
    // mu/sigma may overflow to infinity: then the density is 0, erf 1 and E|w| = |mu|.
    double ratio = mu == 0 ? 0 : mu / sigma;
    double density = Math.sqrt(2 / Math.PI) * Math.exp(-0.5 * ratio * ratio);
    double erf = SpecialFunctions.erf(ratio / Math.sqrt(2));
    return new Term(
        Math.log(2 * scale) - entropy(logSigma) + (sigma * density + mu * erf) / scale,
        erf / scale,
        sigma * density / scale - 1,
        0);
  }

  /** The entropy of Normal(., exp(logSigma)²). */
  private static double entropy(double logSigma) {
    return HALF_LOG_TWO_PI + 0.5 + logSigma;
  }

  /** Of weight i, whose draws are i, i + count, ... */
  private static Term scaleMixture(
      KlScaleMixture p, double mu, double logSigma, ReferenceBuffer eps, int i, int count) {
    int samples = p.noise().samples();
    double sigma = Math.exp(logSigma);
    double value = -entropy(logSigma);
    double dMu = 0;
    double dLogSigma = 0;
    for (int s = 0; s < samples; s++) {
      double e = eps.get(s * count + i);
      double w = mu + sigma * e;
      double log1 = Math.log(p.mixture()) + logNormal(w, p.scale1());
      double log2 = Math.log1p(-p.mixture()) + logNormal(w, p.scale2());
      double logP = Math.max(log1, log2) + Math.log1p(Math.exp(-Math.abs(log1 - log2)));
      double dw =
          w * Math.exp(log1 - logP) / (p.scale1() * p.scale1())
              + w * Math.exp(log2 - logP) / (p.scale2() * p.scale2());
      value -= logP / samples;
      dMu += dw / samples;
      dLogSigma += (dw * sigma * e - 1) / samples;
    }
    return new Term(value, dMu, dLogSigma, 0);
  }

  private static double logNormal(double w, double scale) {
    double z = w / scale;
    return -0.5 * z * z - Math.log(scale) - HALF_LOG_TWO_PI;
  }
}
