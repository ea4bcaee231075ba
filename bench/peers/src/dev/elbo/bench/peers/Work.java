package dev.elbo.bench.peers;

import dev.elbo.bench.StepCase;
import java.util.SplittableRandom;

/** What contenders are timed at. */
sealed interface Work {
  /** The suffix of a prediction's case. */
  String PREDICT = ":predict";

  /**
   * The average of the class probabilities of a batch over S networks drawn from the posterior.
   *
   * @param problem the network, its batch and S
   */
  record Prediction(Problem problem) implements Work {}

  /** y = x Wᵀ: x [rows, inputs], W [outputs, inputs]. */
  record Product(int rows, int outputs, int inputs) implements Work {
    float[] x() {
      return uniform(rows * inputs, 1);
    }

    float[] w() {
      return uniform(outputs * inputs, 2);
    }
  }

  /** So many standard normals in memory. */
  record Normals(int count) implements Work {}

  /** A training step. */
  record Training(Problem problem) implements Work {}

  /**
   * Reads a case: 784-400-10@128x1:f32:naive is a training step, 784-400-10@128x100:f32:predict a
   * prediction, product:128x400x784 and normals:1048576 are what they say.
   */
  static Work parse(String text) {
    String[] words = text.split(":");
    return switch (words[0]) {
      case "normals" -> new Normals(Integer.parseInt(words[1]));
      case "product" -> product(words[1].split("x"));
      default ->
          text.endsWith(PREDICT)
              ? prediction(text.substring(0, text.length() - PREDICT.length()))
              : new Training(Problem.parse(text));
    };
  }

  private static Prediction prediction(String step) {
    return new Prediction(Problem.prediction(StepCase.parse(step)));
  }

  private static Product product(String[] sizes) {
    return new Product(
        Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
  }

  private static float[] uniform(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - 0.5);
    }
    return values;
  }
}
