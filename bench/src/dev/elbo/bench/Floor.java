package dev.elbo.bench;

import dev.elbo.device.cuda.CardRates;

/**
 * The time that no fused training step can undercut, by what bounds it.
 *
 * <p>Counted for mean-field weights and Adam in float32, operands of matrix products in their own
 * type. Arithmetic: forward, weight gradient, and for all layers but the first the input gradient.
 * Bytes: 48 a weight for reading and writing mu, log_sigma and four moments; then either W ahead,
 * written by the update and read by both passes for each sample, or mu and log_sigma read again by
 * both passes that build W in their tiles; each activation and its gradient once for each reader
 * and writer. Normals: the update draws those of its gradient, and either those of the next W or
 * those of both passes. An exponential takes the special-function unit half as long as a normal.
 *
 * @param arithmetic seconds of matrix products
 * @param memory seconds of moving bytes
 * @param generator seconds of drawing normals
 */
record Floor(double arithmetic, double memory, double generator) {
  private static final int STATE_BYTES = 48;
  private static final int MU_AND_LOG_SIGMA = 8;

  /** The lower of both floors: W ahead and W in the tiles. */
  static Floor of(StepCase step, CardRates rates) {
    Floor ahead = ahead(step, rates);
    Floor inTile = inTile(step, rates);
    return ahead.seconds() <= inTile.seconds() ? ahead : inTile;
  }

  static Floor ahead(StepCase step, CardRates rates) {
    double n = weights(step);
    double later = n - step.weights(0);
    double s = step.samples();
    double operand = step.operandBytes();
    double bytes = (STATE_BYTES + 2 * operand * s) * n + operand * s * later;
    double normals = (2 * drawn(step) + 1) * n;
    return of(step, rates, bytes, normals);
  }

  static Floor inTile(StepCase step, CardRates rates) {
    double n = weights(step);
    double later = n - step.weights(0);
    double bytes = (STATE_BYTES + MU_AND_LOG_SIGMA) * n + MU_AND_LOG_SIGMA * later;
    double normals = (2 * drawn(step) + 1.5) * n + drawn(step) * later;
    return of(step, rates, bytes, normals);
  }

  private static Floor of(StepCase step, CardRates rates, double weightBytes, double normals) {
    return new Floor(
        operations(step) / rates.products(step.precision()),
        (weightBytes + activationBytes(step)) / rates.copy(),
        normals / rates.normals());
  }

  /** Draws of a weight: one for both of an antithetic pair. */
  private static double drawn(StepCase step) {
    return step.antithetic() ? step.samples() / 2.0 : step.samples();
  }

  private static double weights(StepCase step) {
    double n = 0;
    for (int layer = 0; layer < step.layers(); layer++) {
      n += step.weights(layer);
    }
    return n;
  }

  private static double operations(StepCase step) {
    double rows = (double) step.batch() * step.samples();
    double sum = 0;
    for (int layer = 0; layer < step.layers(); layer++) {
      sum += (layer == 0 ? 4 : 6) * step.weights(layer) * rows;
    }
    return sum;
  }

  /** x is read by forward and update, dy by both backward passes, y and dx are written. */
  private static double activationBytes(StepCase step) {
    double rows = (double) step.batch() * step.samples();
    double sum = 0;
    for (int layer = 0; layer < step.layers(); layer++) {
      int inputs = step.units().get(layer);
      int outputs = step.units().get(layer + 1);
      sum += (2 * inputs + 3 * outputs + (layer == 0 ? 0 : inputs)) * rows;
    }
    return step.members() * step.operandBytes() * sum;
  }

  /** The three overlap at best. */
  double seconds() {
    return Math.max(arithmetic, Math.max(memory, generator));
  }

  /** What bounds the step. */
  String bound() {
    if (seconds() == memory) {
      return "memory";
    }
    return seconds() == arithmetic ? "arithmetic" : "generator";
  }
}
