package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RegressionMomentsTest {
  @Test
  void addsTheVariancesOfMeansAndNoise() {
    RegressionMoments moments = new RegressionMoments(2);
    moments.add(new double[] {1, 5}, new double[] {0.5, 0});
    moments.add(new double[] {2, 5}, new double[] {1, 0});
    moments.add(new double[] {6, 5}, new double[] {3, 0});
    // Row 0: mean 3, squared deviations 4 + 1 + 9, noise 4.5, each over 3 samples.
    assertThat(moments.samples()).isEqualTo(3);
    assertThat(moments.mean()).containsExactly(new double[] {3, 5}, within(1e-15));
    assertThat(moments.meanVariance()).containsExactly(new double[] {14.0 / 3, 0}, within(1e-14));
    assertThat(moments.noiseVariance()).containsExactly(new double[] {1.5, 0}, within(1e-15));
    assertThat(moments.variance()).containsExactly(new double[] {37.0 / 6, 0}, within(1e-14));
  }

  @Test
  void doesNotCancelFarFromZero() {
    // The squares of 1e9 leave no digit for a variance of 2/3; Welford's update keeps it.
    RegressionMoments moments = new RegressionMoments(1);
    for (int s = 0; s < 3; s++) {
      moments.add(new double[] {1e9 + s}, new double[] {0});
    }
    assertThat(moments.mean()[0]).isEqualTo(1e9 + 1);
    assertThat(moments.meanVariance()[0]).isCloseTo(2.0 / 3, within(1e-6));
  }

  @Test
  void takesOneSample() {
    RegressionMoments moments = new RegressionMoments(1);
    moments.add(new double[] {-4}, new double[] {Double.POSITIVE_INFINITY});
    assertThat(moments.mean()).containsExactly(-4);
    assertThat(moments.meanVariance()).containsExactly(0);
    assertThat(moments.variance()).containsExactly(Double.POSITIVE_INFINITY);
  }

  @Test
  void refusesBadSamplesAndForgetsThem() {
    RegressionMoments moments = new RegressionMoments(2);
    moments.add(new double[] {1, 2}, new double[] {3, 4});
    assertThatThrownBy(() -> moments.add(new double[1], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("means: 1 values, expected 2 (size of the accumulator)");
    assertThatThrownBy(() -> moments.add(new double[2], new double[3]))
        .hasMessage("noise variances: 3 values, expected 2 (size of the accumulator)");
    assertThatThrownBy(() -> moments.add(new double[] {0, Double.NaN}, new double[2]))
        .hasMessage("means, row 1: NaN is not a finite number");
    assertThatThrownBy(() -> moments.add(new double[2], new double[] {1, -2}))
        .hasMessage("noise variances, row 1: -2.0 is not 0 or more");
    assertThatThrownBy(() -> moments.add(new double[2], new double[] {Double.NaN, 0}))
        .hasMessage("noise variances, row 0: NaN is not 0 or more");
    assertThat(moments.samples()).isEqualTo(1);
    assertThat(moments.mean()).containsExactly(1, 2);
    assertThat(moments.variance()).containsExactly(3, 4);
  }

  @Test
  void handsOutCopies() {
    RegressionMoments moments = new RegressionMoments(1);
    moments.add(new double[] {1}, new double[] {2});
    moments.mean()[0] = 9;
    moments.noiseVariance()[0] = 9;
    assertThat(moments.mean()).containsExactly(1);
    assertThat(moments.noiseVariance()).containsExactly(2);
  }

  @Test
  void refusesToBeEmpty() {
    assertThatThrownBy(() -> new RegressionMoments(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows: 0, at least 1 is needed");
  }

  static Consumer<?>[] results() {
    Consumer<RegressionMoments> mean = RegressionMoments::mean;
    Consumer<RegressionMoments> meanVariance = RegressionMoments::meanVariance;
    Consumer<RegressionMoments> noiseVariance = RegressionMoments::noiseVariance;
    Consumer<RegressionMoments> variance = RegressionMoments::variance;
    return new Consumer<?>[] {mean, meanVariance, noiseVariance, variance};
  }

  @ParameterizedTest
  @MethodSource("results")
  void hasNoResultWithoutSamples(Consumer<RegressionMoments> result) {
    assertThatThrownBy(() -> result.accept(new RegressionMoments(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no sample was added");
  }
}
