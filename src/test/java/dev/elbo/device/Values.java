package dev.elbo.device;

import java.util.random.RandomGenerator;

/** Where the elements of an operand come from: a range that makes sense for it. */
@FunctionalInterface
public interface Values {
  /** Activations, gradients and weights. */
  Values NORMAL = random -> random.nextGaussian();

  /** Far into the tails of the elementwise functions. */
  Values WIDE = random -> 10 * random.nextGaussian();

  /** So large that scores of attention reach 1e4 and a softmax of them has one winner. */
  Values LARGE = random -> 100 * random.nextGaussian();

  /** Means of weights. */
  Values MU = random -> 0.5 * random.nextGaussian();

  /** Standard deviations between 0.05 and 0.4. */
  Values LOG_SIGMA = random -> -2 + random.nextDouble(-1, 1);

  /** Standard deviations between 1e-4 and 1e4. */
  Values ANY_LOG_SIGMA = random -> random.nextDouble(-9.2, 9.2);

  /** Log scales of likelihoods. */
  Values LOG_SCALE = random -> 0.5 * random.nextGaussian();

  /** Standard deviations, second moments and Hessians. */
  Values POSITIVE = random -> random.nextDouble(0.1, 1);

  /** Standard deviations of which some are exactly 0, as where an input is 0. */
  Values SOMETIMES_ZERO = random -> random.nextInt(4) == 0 ? 0 : random.nextDouble(0.1, 1);

  /** Bernoulli targets: mostly 0 and 1, some between. */
  Values PROBABILITY = random -> random.nextInt(3) / 2.0;

  /** Poisson targets. */
  Values COUNT = random -> random.nextInt(9);

  /** One number. */
  static Values constant(double value) {
    return random -> value;
  }

  /** A matrix of n rows and columns, row by row, whose symmetric part is positive definite. */
  static Values positiveDefinite(int n) {
    int[] drawn = {0};
    return random -> {
      int at = drawn[0]++ % (n * n);
      return at % n == at / n ? n + random.nextDouble() : random.nextDouble(-0.5, 0.5);
    };
  }

  /** Class labels. */
  static Values labels(int classes) {
    return random -> random.nextInt(classes);
  }

  /** The next element. */
  double next(RandomGenerator random);
}
