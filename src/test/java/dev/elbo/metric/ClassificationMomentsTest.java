package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassificationMomentsTest {
  private static ClassificationMoments of(LogProbabilities... samples) {
    ClassificationMoments moments =
        new ClassificationMoments(samples[0].rows(), samples[0].classes());
    for (LogProbabilities sample : samples) {
      moments.add(sample);
    }
    assertThat(moments.samples()).isEqualTo(samples.length);
    return moments;
  }

  @Test
  void averagesProbabilitiesNotTheirLogarithms() {
    LogProbabilities predictive =
        of(LogProbabilitiesTest.of(2, 0.9, 0.1), LogProbabilitiesTest.of(2, 0.3, 0.7)).predictive();
    assertThat(predictive.at(0, 0)).isCloseTo(Math.log(0.6), within(1e-15));
    assertThat(predictive.at(0, 1)).isCloseTo(Math.log(0.4), within(1e-15));
  }

  @Test
  void tellsDisagreementFromNoise() {
    // Row 0: the samples are certain and disagree. Row 1: they agree that nobody can know.
    ClassificationMoments moments =
        of(LogProbabilitiesTest.of(2, 1, 0, 0.5, 0.5), LogProbabilitiesTest.of(2, 0, 1, 0.5, 0.5));
    double log2 = Math.log(2);
    assertThat(Classification.entropy(moments.predictive()))
        .containsExactly(new double[] {log2, log2}, within(1e-15));
    assertThat(moments.expectedEntropy()).containsExactly(new double[] {0, log2}, within(1e-15));
    assertThat(moments.mutualInformation()).containsExactly(new double[] {log2, 0}, within(1e-15));
  }

  @Test
  void matchesTheDivergenceForm() {
    // The mutual information is also the mean KL(p_s || mean p), computed here from its definition.
    double[][] p = {{0.7, 0.2, 0.1}, {0.1, 0.6, 0.3}, {0.25, 0.25, 0.5}, {0.05, 0.05, 0.9}};
    LogProbabilities[] samples = new LogProbabilities[p.length];
    double divergence = 0;
    for (int s = 0; s < p.length; s++) {
      samples[s] = LogProbabilitiesTest.of(3, p[s]);
      for (int c = 0; c < 3; c++) {
        double mean = (p[0][c] + p[1][c] + p[2][c] + p[3][c]) / 4;
        divergence += p[s][c] * Math.log(p[s][c] / mean) / 4;
      }
    }
    assertThat(of(samples).mutualInformation()[0]).isCloseTo(divergence, within(1e-14));
  }

  @Test
  void isNeverNegative() {
    // The same sample many times: the difference is rounding of either sign.
    for (int i = 1; i < 50; i++) {
      LogProbabilities same = LogProbabilitiesTest.of(3, 0.01 * i, 0.4, 0.6 - 0.01 * i);
      assertThat(of(same, same, same).mutualInformation()[0]).isBetween(0.0, 1e-14);
    }
  }

  @Test
  void keepsTinyProbabilities() {
    LogProbabilities sample = new LogProbabilities(new double[] {-1000, 0}, 2);
    assertThat(of(sample, LogProbabilitiesTest.of(2, 0, 1)).predictive().at(0, 0))
        .isCloseTo(-1000 - Math.log(2), within(1e-12));
  }

  /**
   * Logits that differ by a row's constant are one prediction; tiny and zero probabilities stay.
   */
  @Test
  void takesLogits() {
    double zero = Double.NEGATIVE_INFINITY;
    double[][] logits = {
      {3, 1, -2, 800, 0, -700},
      {-1, 2, 0.5, -750, -50, 5},
      {0, 0, 0, zero, -800, 1},
      {7, -4, 7, 1, -1, 690}
    };
    ClassificationMoments byLogits = new ClassificationMoments(2, 3);
    ClassificationMoments byLogs = new ClassificationMoments(2, 3);
    for (double[] sample : logits) {
      double[] logs = new double[sample.length];
      for (int i = 0; i < logs.length; i++) {
        int row = i / 3 * 3;
        logs[i] = sample[i] - LogSpace.logSumExp(Arrays.copyOfRange(sample, row, row + 3));
      }
      byLogits.addLogits(sample);
      byLogs.add(new LogProbabilities(logs, 3));
    }
    // Logarithms up to 1500 are exact to 2e-13.
    assertThat(byLogits.predictive().values())
        .containsExactly(byLogs.predictive().values(), within(1e-12));
    assertThat(byLogits.expectedEntropy()).containsExactly(byLogs.expectedEntropy(), within(1e-14));
    assertThat(byLogits.samples()).isEqualTo(4);
  }

  @Test
  void refusesLogitsWithoutProbabilities() {
    ClassificationMoments moments = new ClassificationMoments(2, 2);
    assertThatThrownBy(() -> moments.addLogits(new double[3]))
        .hasMessage("logits: 3 values, expected 4 (rows x classes)");
    assertThatThrownBy(() -> moments.addLogits(new double[] {1, 2, 3, Double.NaN}))
        .hasMessage("logits, row 1: the largest is NaN");
    assertThatThrownBy(() -> moments.addLogits(new double[] {Double.POSITIVE_INFINITY, 2, 3, 4}))
        .hasMessage("logits, row 0: the largest is Infinity");
    double zero = Double.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> moments.addLogits(new double[] {1, 2, zero, zero}))
        .hasMessage("logits, row 1: the largest is -Infinity");
    assertThat(moments.samples()).isZero();
    moments.addLogits(new double[] {1, 1, 2, 2});
    assertThat(moments.expectedEntropy())
        .containsExactly(new double[] {Math.log(2), Math.log(2)}, within(1e-15));
  }

  @Test
  void refusesOtherSizes() {
    ClassificationMoments moments = new ClassificationMoments(2, 3);
    assertThatThrownBy(() -> moments.add(LogProbabilitiesTest.of(3, 1, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sample: 1 rows of 3 classes, needed are 2 of 3");
    assertThatThrownBy(() -> moments.add(LogProbabilitiesTest.of(2, 1, 0, 1, 0, 1, 0)))
        .hasMessage("sample: 3 rows of 2 classes, needed are 2 of 3");
    assertThat(moments.samples()).isZero();
  }

  @Test
  void refusesImpossibleSizes() {
    String needed = ", needed are at least 1 of 2 and at most 2^31 - 1 values";
    assertThatThrownBy(() -> new ClassificationMoments(0, 3))
        .hasMessage("size: 0 rows of 3 classes" + needed);
    assertThatThrownBy(() -> new ClassificationMoments(4, 1))
        .hasMessage("size: 4 rows of 1 classes" + needed);
    assertThatThrownBy(() -> new ClassificationMoments(1 << 30, 2))
        .hasMessage("size: 1073741824 rows of 2 classes" + needed);
  }

  static Consumer<?>[] results() {
    Consumer<ClassificationMoments> predictive = ClassificationMoments::predictive;
    Consumer<ClassificationMoments> expected = ClassificationMoments::expectedEntropy;
    Consumer<ClassificationMoments> information = ClassificationMoments::mutualInformation;
    return new Consumer<?>[] {predictive, expected, information};
  }

  @ParameterizedTest
  @MethodSource("results")
  void hasNoResultWithoutSamples(Consumer<ClassificationMoments> result) {
    assertThatThrownBy(() -> result.accept(new ClassificationMoments(1, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no sample was added");
  }
}
