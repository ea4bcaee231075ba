package dev.elbo.metric;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Selective prediction: the loss on the rows a model is most confident in, for every share of rows.
 *
 * <p>El-Yaniv, Wiener: On the Foundations of Noise-free Selective Classification (2010). Every
 * method throws IllegalArgumentException if the lengths differ or are 0, a confidence is NaN, or a
 * loss is not finite.
 */
public final class Selective {
  private Selective() {}

  /**
   * The risk-coverage curve: element k is the mean loss of the k + 1 most confident of N rows, the
   * risk at coverage {@code (k + 1)/N}.
   *
   * <p>Rows of equal confidence have no order; the risk is then its expectation over their orders,
   * and so does not depend on the order of the rows.
   *
   * @param confidences N values, higher is surer: the top probability, or minus an uncertainty
   * @param losses N values, for the error rate 1 where the prediction is wrong and 0 elsewhere
   * @return N risks
   */
  public static double[] riskCoverage(double[] confidences, double[] losses) {
    Check.notEmpty("confidences", confidences.length);
    Check.sameLength("losses", losses.length, "confidences", confidences.length);
    Check.notNaN("confidences", confidences);
    Check.finite("losses", losses);
    int[] order =
        IntStream.range(0, losses.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer row) -> confidences[row]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
    double[] risks = new double[losses.length];
    double accepted = 0; // the summed loss of the rows before the group of equals
    int start = 0;
    while (start < order.length) {
      double group = 0;
      int end = start;
      while (end < order.length && confidences[order[end]] == confidences[order[start]]) {
        group += losses[order[end++]];
      }
      for (int k = start; k < end; k++) {
        double share = (double) (k + 1 - start) / (end - start);
        risks[k] = (accepted + share * group) / (k + 1);
      }
      accepted += group;
      start = end;
    }
    return risks;
  }

  /**
   * The area under the risk-coverage curve, {@code 1/N sum_k risk_k}, in the units of the loss:
   * lower is better.
   *
   * <p>Geifman, El-Yaniv: Selective Classification for Deep Neural Networks (2017); Geifman, Uziel,
   * El-Yaniv: Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers (2019), section 3.
   */
  public static double aurc(double[] confidences, double[] losses) {
    double sum = 0;
    for (double risk : riskCoverage(confidences, losses)) {
      sum += risk;
    }
    return sum / losses.length;
  }
}
