package dev.elbo.inference;

import dev.elbo.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/**
 * All that a training run has to remember: with it, a run goes on to the same bits.
 *
 * @param step the steps done; order, noise, schedules and bias corrections follow from it
 * @param tensors parameters and optimizer state by name
 * @param best the best epoch so far, with early stopping
 */
public record State(int step, Map<String, Tensor> tensors, Optional<Best> best) {
  /**
   * The best epoch so far.
   *
   * @param epoch which, from 1
   * @param score its score on the validation examples, lower being better
   * @param tensors the parameters after it
   */
  public record Best(int epoch, double score, Map<String, Tensor> tensors) {}
}
