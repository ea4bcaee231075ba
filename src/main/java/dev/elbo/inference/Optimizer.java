package dev.elbo.inference;

/** The optimizer of a training run, in the numbers that users choose. */
public sealed interface Optimizer {
  /** The learning rate before the schedule's factor. */
  double rate();

  /** Adam (Kingma and Ba 2015). */
  record Adam(double rate, double beta1, double beta2, double epsilon) implements Optimizer {
    public Adam {
      positive(rate);
    }

    /** The paper's beta1 0.9, beta2 0.999 and epsilon 1e-8. */
    public static Adam of(double rate) {
      return new Adam(rate, 0.9, 0.999, 1e-8);
    }
  }

  /** Stochastic gradient descent with momentum. */
  record Sgd(double rate, double momentum) implements Optimizer {
    public Sgd {
      positive(rate);
    }
  }

  /**
   * Improved variational online Newton (Shen et al. 2024): keeps a posterior of its own instead of
   * learning log_sigma by its gradient. Needs a Gaussian prior of fixed scale.
   *
   * @param hessianInit the first Hessian estimate; sigma starts at 1 / sqrt(N (hessianInit +
   *     delta))
   * @param clip the largest |step| before the learning rate, infinity written as 1e30
   * @param pointRate Adam's learning rate for what is learned as a point
   */
  record Ivon(
      double rate, double beta1, double beta2, double hessianInit, double clip, double pointRate)
      implements Optimizer {
    public Ivon {
      positive(rate);
      positive(pointRate);
    }

    /** The paper's beta1 0.9 and beta2 0.99999, no clipping. */
    public static Ivon of(double rate, double hessianInit) {
      return new Ivon(rate, 0.9, 0.99999, hessianInit, 1e30, 1e-3);
    }
  }

  private static void positive(double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "the learning rate must be positive and finite, got " + rate);
    }
  }
}
