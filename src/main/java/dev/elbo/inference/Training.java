package dev.elbo.inference;

import java.util.Optional;

/**
 * All that decides a training run beside model and data: with the same seed, the same numbers
 * follow.
 *
 * @param epochs how often every example is seen
 * @param batch B, the examples of a step; more than there are examples means all
 * @param seed the seed of initialisation, order and noise
 * @param objective what is maximised
 * @param optimizer how
 * @param schedule the factor on the learning rate
 * @param clipNorm the largest norm of all gradients together; empty for no clipping
 * @param earlyStopping when to stop before the last epoch
 */
public record Training(
    int epochs,
    int batch,
    long seed,
    Objective objective,
    Optimizer optimizer,
    RateSchedule schedule,
    Optional<Double> clipNorm,
    Optional<EarlyStopping> earlyStopping) {

  public Training {
    if (epochs < 1) {
      throw new IllegalArgumentException("the number of epochs must be positive, got " + epochs);
    }
    if (batch < 1) {
      throw new IllegalArgumentException("the batch size must be positive, got " + batch);
    }
    clipNorm.ifPresent(
        norm -> {
          if (!(norm > 0) || Double.isInfinite(norm)) {
            throw new IllegalArgumentException(
                "the gradient norm limit must be positive, got " + norm);
          }
          if (optimizer instanceof Optimizer.Ivon) {
            throw new IllegalArgumentException(
                "IVON's Hessian estimate needs unclipped gradients: use its clip radius");
          }
        });
    if (optimizer instanceof Optimizer.Ivon && objective.klWarmup() > 0) {
      throw new IllegalArgumentException("IVON's posterior has no KL warm-up");
    }
  }

  /** The evidence lower bound by Adam with a cosine schedule. */
  public static Training of(int epochs, int batch, double rate, long seed) {
    return new Training(
        epochs,
        batch,
        seed,
        Objective.DEFAULT,
        Optimizer.Adam.of(rate),
        new RateSchedule.Cosine(0),
        Optional.empty(),
        Optional.empty());
  }

  /** The same run with another objective. */
  public Training with(Objective other) {
    return new Training(epochs, batch, seed, other, optimizer, schedule, clipNorm, earlyStopping);
  }
}
