package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RunningLogMeanExpTest {
  private static final double ZERO = Double.NEGATIVE_INFINITY;

  private static double[] run(double[]... samples) {
    RunningLogMeanExp running = new RunningLogMeanExp(samples[0].length);
    for (double[] sample : samples) {
      running.add(sample);
    }
    assertThat(running.samples()).isEqualTo(samples.length);
    return running.result();
  }

  @Test
  void averagesWhatTheLogarithmsStandFor() {
    double[] result =
        run(new double[] {Math.log(1), Math.log(6)}, new double[] {Math.log(4), Math.log(2)});
    assertThat(result).containsExactly(new double[] {Math.log(2.5), Math.log(4)}, within(1e-15));
  }

  @Test
  void survivesAnyOrderOfSizes() {
    // The mean of exp(-3000), exp(-1000) and 0 is exp(-1000) / 3 to the last bit; 1e-12 is 9 ulp.
    double expected = -1000 - Math.log(3);
    double[][][] orders = {
      {{-3000}, {-1000}, {ZERO}}, {{-1000}, {ZERO}, {-3000}}, {{ZERO}, {-3000}, {-1000}}
    };
    for (double[][] order : orders) {
      assertThat(run(order)[0]).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void returnsOneSampleUnchanged() {
    assertThat(run(new double[] {-7.25, ZERO, 900})).containsExactly(-7.25, ZERO, 900);
  }

  @Test
  void staysZeroWhereAllSamplesAre() {
    assertThat(run(new double[] {ZERO}, new double[] {ZERO})).containsExactly(ZERO);
  }

  @Test
  void canBeReadInBetween() {
    RunningLogMeanExp running = new RunningLogMeanExp(1);
    running.add(new double[] {Math.log(3)});
    assertThat(running.result()[0]).isEqualTo(Math.log(3));
    running.add(new double[] {Math.log(5)});
    assertThat(running.result()[0]).isCloseTo(Math.log(4), within(1e-15));
  }

  @Test
  void refusesBadSamplesAndForgetsThem() {
    RunningLogMeanExp running = new RunningLogMeanExp(2);
    running.add(new double[] {1, 2});
    assertThatThrownBy(() -> running.add(new double[] {5, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("logs, element 1, sample 1: NaN");
    assertThatThrownBy(() -> running.add(new double[] {5, Double.POSITIVE_INFINITY}))
        .hasMessage("logs, element 1, sample 1: Infinity");
    assertThatThrownBy(() -> running.add(new double[3]))
        .hasMessage("logs: 3 values, expected 2 (size of the accumulator)");
    assertThat(running.samples()).isEqualTo(1);
    assertThat(running.result()).containsExactly(1, 2);
  }

  @Test
  void refusesToBeEmpty() {
    assertThatThrownBy(() -> new RunningLogMeanExp(0)).hasMessage("size: 0, at least 1 is needed");
    assertThatThrownBy(() -> new RunningLogMeanExp(1).result())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no sample was added");
  }
}
