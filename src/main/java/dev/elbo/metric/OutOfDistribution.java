package dev.elbo.metric;

import java.util.Arrays;

/**
 * How well a score tells inputs from elsewhere from those of the training distribution.
 *
 * <p>A higher score means more out of distribution: predictive entropy, mutual information, or
 * minus the confidence. Every method throws IllegalArgumentException if one of the two groups is
 * empty or a score is NaN; infinite scores are ranked like any other.
 */
public final class OutOfDistribution {
  private OutOfDistribution() {}

  /**
   * The area under the ROC curve: the probability that a row from outside scores higher than one
   * from inside, ties counted half (the Mann-Whitney statistic). Out of distribution is the
   * positive class; 0.5 is chance, 1 perfect. O(n log n).
   */
  public static double auroc(double[] inside, double[] outside) {
    double[] in = sorted("inside", inside);
    double[] out = sorted("outside", outside);
    long halves = 0; // 2 for a pair in the right order, 1 for a tie: an exact count
    int below = 0;
    int notAbove = 0;
    for (double score : out) {
      while (below < in.length && in[below] < score) {
        below++;
      }
      while (notAbove < in.length && in[notAbove] <= score) {
        notAbove++;
      }
      halves += below + (long) notAbove;
    }
    return halves / (2.0 * in.length * out.length);
  }

  /**
   * The area under the precision-recall curve as average precision, {@code sum_k (R_k - R_k-1) P_k}
   * over the distinct scores from the highest down, with out of distribution as the positive class.
   * Chance is the share of rows from outside.
   */
  public static double aupr(double[] inside, double[] outside) {
    double[] in = sorted("inside", inside);
    double[] out = sorted("outside", outside);
    double area = 0;
    int inLeft = in.length; // those below the threshold
    int outLeft = out.length;
    while (outLeft > 0) {
      double threshold = out[outLeft - 1];
      int before = outLeft;
      while (outLeft > 0 && out[outLeft - 1] >= threshold) {
        outLeft--;
      }
      while (inLeft > 0 && in[inLeft - 1] >= threshold) {
        inLeft--;
      }
      int found = out.length - outLeft;
      double precision = found / ((double) found + (in.length - inLeft));
      area += (double) (before - outLeft) / out.length * precision;
    }
    return area;
  }

  /**
   * The false positive rate at 95 % true positive rate: the share of rows from outside that pass as
   * inside, at the lowest threshold that keeps at least 95 % of the rows from inside. 0 is perfect.
   *
   * <p>Here alone, and as in ODIN (Liang, Li, Srikant 2018), in distribution is the positive class.
   * Some papers detect 95 % of the outside instead and count the inside: that is this method with
   * the two groups exchanged and the signs of their scores changed.
   */
  public static double fprAt95Tpr(double[] inside, double[] outside) {
    double[] in = sorted("inside", inside);
    double[] out = sorted("outside", outside);
    int kept = (int) ((95L * in.length + 99) / 100); // the ceiling of 95 %, exactly
    double threshold = in[kept - 1];
    int passed = 0;
    while (passed < out.length && out[passed] <= threshold) {
      passed++;
    }
    return (double) passed / out.length;
  }

  private static double[] sorted(String name, double[] scores) {
    Check.notEmpty(name, scores.length);
    Check.notNaN(name, scores);
    double[] sorted = scores.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
