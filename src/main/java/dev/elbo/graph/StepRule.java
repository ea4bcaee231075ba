package dev.elbo.graph;

/** How an optimizer turns a gradient into a step; its numbers are fixed when the graph is built. */
public sealed interface StepRule {
  /** How many tensors of its own it keeps for a mean-field Gaussian (mu, log_sigma). */
  int pairState();

  /**
   * Adam (Kingma and Ba 2015, algorithm 1): m = b1 m + (1-b1) g, v = b2 v + (1-b2) g², p -= lr ·
   * m/(1 - b1^t) / (sqrt(v/(1 - b2^t)) + epsilon), t the step from 1.
   */
  record Adam(double beta1, double beta2, double epsilon) implements StepRule {
    /** The defaults of the paper: 0.9, 0.999, 1e-8. */
    public static final Adam DEFAULT = new Adam(0.9, 0.999, 1e-8);

    public Adam {
      Check.that(beta1 >= 0 && beta1 < 1, "Adam's beta1 %s is not in [0, 1)", beta1);
      Check.that(beta2 >= 0 && beta2 < 1, "Adam's beta2 %s is not in [0, 1)", beta2);
      Check.that(epsilon > 0, "Adam's epsilon must be positive, got %s", epsilon);
    }

    @Override
    public int pairState() {
      return 4;
    }
  }

  /** Stochastic gradient descent with momentum: u = momentum·u + g, p -= lr·u (Polyak 1964). */
  record Sgd(double momentum) implements StepRule {
    public Sgd {
      Check.that(momentum >= 0 && momentum < 1, "the momentum %s is not in [0, 1)", momentum);
    }

    @Override
    public int pairState() {
      return 2;
    }
  }

  /**
   * Improved variational online Newton (Shen et al. 2024, algorithm 1): a posterior of its own,
   * sigma² = 1 / (ess (h + delta)), with h an estimate of the loss's Hessian diagonal from the
   * reparameterisation trick, ĥ = dlog_sigma / sigma²:
   *
   * <pre>
   * g = b1 g + (1-b1) dmu
   * h = b2 h + (1-b2) ĥ + (1-b2)² (h-ĥ)² / (2 (h+delta))
   * mu -= lr (hessianInit + delta) · clip((g / (1-b1^t) + delta mu) / (h + delta))
   * log_sigma = -log(ess (h + delta)) / 2
   * </pre>
   *
   * @param beta1 decay of the gradient's average
   * @param beta2 decay of the Hessian's average
   * @param ess effective sample size, N for the posterior of the whole data set
   * @param weightDecay delta, the prior's precision over ess: 1 / (ess · scale²)
   * @param hessianInit the first h
   * @param clip the largest |step| before the learning rate; infinite for none
   */
  record Ivon(
      double beta1, double beta2, double ess, double weightDecay, double hessianInit, double clip)
      implements StepRule {
    public Ivon {
      Check.that(beta1 >= 0 && beta1 < 1, "IVON's beta1 %s is not in [0, 1)", beta1);
      Check.that(beta2 >= 0 && beta2 < 1, "IVON's beta2 %s is not in [0, 1)", beta2);
      Check.that(ess > 0, "IVON's effective sample size must be positive, got %s", ess);
      Check.that(weightDecay > 0, "IVON's weight decay must be positive, got %s", weightDecay);
      Check.that(hessianInit > 0, "IVON's first Hessian must be positive, got %s", hessianInit);
      Check.that(clip > 0, "IVON's clip radius must be positive, got %s", clip);
    }

    @Override
    public int pairState() {
      return 2;
    }

    /** The log_sigma that belongs to a Hessian h. */
    public double logSigma(double h) {
      return -0.5 * Math.log(ess * (h + weightDecay));
    }
  }
}
