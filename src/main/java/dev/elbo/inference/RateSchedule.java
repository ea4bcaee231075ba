package dev.elbo.inference;

/** The factor on the learning rate over a training run. */
public sealed interface RateSchedule {
  /**
   * The factor at a point of the run.
   *
   * @param progress the part of the steps that is done, 0..1
   */
  double factor(double progress);

  /** Always 1. */
  record Constant() implements RateSchedule {
    @Override
    public double factor(double progress) {
      return 1;
    }
  }

  /**
   * Rises linearly over the warm-up, then falls along half a cosine to 0 (Loshchilov and Hutter
   * 2017, equation 5).
   *
   * @param warmup the part of the run that rises, 0..1
   */
  record Cosine(double warmup) implements RateSchedule {
    public Cosine {
      part("the warm-up", warmup);
    }

    @Override
    public double factor(double progress) {
      if (progress < warmup) {
        return progress / warmup;
      }
      double rest = (progress - warmup) / (1 - warmup);
      return 0.5 * (1 + Math.cos(Math.PI * rest));
    }
  }

  /**
   * 1 until {@code start}, then falls linearly to {@code end} at the end of the run.
   *
   * @param start the part of the run at full rate, 0..1
   * @param end the last factor, 0..1
   */
  record Linear(double start, double end) implements RateSchedule {
    public Linear {
      part("the start of decay", start);
      part("the last factor", end);
    }

    @Override
    public double factor(double progress) {
      double rest = Math.max(0, progress - start) / (1 - start);
      return 1 - (1 - end) * rest;
    }
  }

  private static void part(String what, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(what + " must be in [0, 1), got " + value);
    }
  }
}
