package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.distribution.Likelihood;

/** Gathers the predictions of all examples. */
interface PredictionAccumulator extends OutputAccumulator {
  /** The predictions of all rows. */
  Predictions result();

  /** The accumulator for a model's likelihood. */
  static PredictionAccumulator of(Model model, Examples examples, int samples) {
    DensityAccumulator densities = DensityAccumulator.of(model, examples);
    return model.network().likelihood() instanceof Likelihood.Categorical categorical
        ? new ClassAccumulator(examples.size(), categorical.classes(), densities)
        : new NumberAccumulator(model, examples.size(), samples, densities);
  }
}
