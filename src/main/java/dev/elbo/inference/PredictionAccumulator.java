package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.distribution.Likelihood;

/** Gathers the predictions of all examples, batch by batch and sample by sample. */
interface PredictionAccumulator {
  /** Begins a batch of rows. */
  void begin(int first, int count);

  /** Adds the outputs of one sample on the batch. */
  void add(SampledOutputs outputs);

  /** Ends the batch, all its samples added. */
  void end();

  /** The predictions of all rows. */
  Predictions result();

  /** The accumulator for a model's likelihood. */
  static PredictionAccumulator of(Model model, Examples examples, int samples) {
    boolean known = examples.targets().length > 0;
    double logUnit = Math.log(model.normalization().targetScale());
    DensityAccumulator densities = new DensityAccumulator(examples.size(), known, logUnit);
    return model.network().likelihood() instanceof Likelihood.Categorical categorical
        ? new ClassAccumulator(examples.size(), categorical.classes(), densities)
        : new NumberAccumulator(model, examples.size(), samples, densities);
  }
}
