package dev.elbo.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutOfDistributionTest {
  private static final double[] INSIDE = {0.1, 0.4, 0.35, 0.2};
  private static final double[] OUTSIDE = {0.3, 0.4, 0.9};

  @Test
  void countsPairsInOrder() {
    // 0.3 beats two of four, 0.4 beats three and ties with one, 0.9 beats four: 9.5 of 12.
    assertThat(OutOfDistribution.auroc(INSIDE, OUTSIDE)).isCloseTo(9.5 / 12, within(1e-15));
  }

  @Test
  void countsPairsAsBruteForceDoes() {
    SplittableRandom random = new SplittableRandom(23);
    double[] inside = random.ints(300, 0, 40).asDoubleStream().toArray();
    double[] outside = random.ints(200, 10, 50).asDoubleStream().toArray();
    double pairs = 0;
    for (double in : inside) {
      for (double out : outside) {
        pairs += out > in ? 1 : out == in ? 0.5 : 0;
      }
    }
    assertThat(OutOfDistribution.auroc(inside, outside)).isEqualTo(pairs / 60_000);
    // Exchanging the groups turns every win into a loss.
    assertThat(OutOfDistribution.auroc(outside, inside))
        .isCloseTo(1 - pairs / 60_000, within(1e-15));
  }

  @Test
  void ranksInfiniteScores() {
    double[] inside = {Double.NEGATIVE_INFINITY, 0};
    double[] outside = {Double.POSITIVE_INFINITY, -0.0}; // 0 and -0 tie
    assertThat(OutOfDistribution.auroc(inside, outside)).isEqualTo(3.5 / 4);
  }

  @Test
  void knowsThePerfectAndTheUselessScore() {
    double[] low = {1, 2, 3};
    double[] high = {4, 5};
    double[] same = {7, 7};
    assertThat(OutOfDistribution.auroc(low, high)).isEqualTo(1);
    assertThat(OutOfDistribution.auroc(high, low)).isZero();
    assertThat(OutOfDistribution.auroc(same, same)).isEqualTo(0.5);
    assertThat(OutOfDistribution.aupr(low, high)).isEqualTo(1);
    assertThat(OutOfDistribution.aupr(same, same)).isEqualTo(0.5); // the share of the outside
    assertThat(OutOfDistribution.fprAt95Tpr(low, high)).isZero();
    assertThat(OutOfDistribution.fprAt95Tpr(high, low)).isEqualTo(1);
    assertThat(OutOfDistribution.fprAt95Tpr(same, same)).isEqualTo(1);
  }

  @Test
  void averagesPrecision() {
    // From the top: 0.9 finds 1 of 1; 0.4 finds 2 of 3; 0.35 none; 0.3 finds 3 of 5.
    assertThat(OutOfDistribution.aupr(INSIDE, OUTSIDE))
        .isCloseTo((1 + 2.0 / 3 + 3.0 / 5) / 3, within(1e-15));
  }

  @Test
  void keepsNinetyFivePercentOfTheInside() {
    // Scores 1 to 100 inside: 95 of them lie at or below 95. Outside 95 passes, 95.5 does not.
    double[] inside = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    double[] outside = {95, 95.5, 200, -3};
    assertThat(OutOfDistribution.fprAt95Tpr(inside, outside)).isEqualTo(0.5);
    // Of 20, 19 are exactly 95 %; of 21, 19 would be 90.5 %, so 20 are kept.
    double[] twenty = IntStream.rangeClosed(1, 20).asDoubleStream().toArray();
    double[] twentyOne = IntStream.rangeClosed(1, 21).asDoubleStream().toArray();
    double[] probes = {18.5, 19.5, 20.5, 21.5};
    assertThat(OutOfDistribution.fprAt95Tpr(twenty, probes)).isEqualTo(0.25);
    assertThat(OutOfDistribution.fprAt95Tpr(twentyOne, probes)).isEqualTo(0.5);
  }

  @Test
  void hasTheOtherConventionByExchange() {
    // Detecting 95 % of the outside flags what scores 6 or more: 4 of the 10 inside.
    double[] inside = DoubleStream.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9).toArray();
    double[] outside = IntStream.rangeClosed(5, 24).asDoubleStream().toArray();
    double[] negatedInside = DoubleStream.of(inside).map(score -> -score).toArray();
    double[] negatedOutside = DoubleStream.of(outside).map(score -> -score).toArray();
    assertThat(OutOfDistribution.fprAt95Tpr(negatedOutside, negatedInside)).isEqualTo(0.4);
  }

  @Test
  void leavesItsInputAlone() {
    double[] inside = {3, 1, 2};
    OutOfDistribution.auroc(inside, new double[] {5, 4});
    assertThat(inside).containsExactly(3, 1, 2);
  }

  static ToDoubleBiFunction<?, ?>[] scores() {
    ToDoubleBiFunction<double[], double[]> auroc = OutOfDistribution::auroc;
    ToDoubleBiFunction<double[], double[]> aupr = OutOfDistribution::aupr;
    ToDoubleBiFunction<double[], double[]> fpr = OutOfDistribution::fprAt95Tpr;
    return new ToDoubleBiFunction<?, ?>[] {auroc, aupr, fpr};
  }

  @ParameterizedTest
  @MethodSource("scores")
  void dependsOnRanksOnly(ToDoubleBiFunction<double[], double[]> score) {
    double[] inside = DoubleStream.of(0.2, 0.35, 0.1, 0.4).map(Math::exp).toArray();
    double[] outside = DoubleStream.of(0.9, 0.3, 0.4).map(Math::exp).toArray();
    assertThat(score.applyAsDouble(inside, outside))
        .isEqualTo(score.applyAsDouble(INSIDE, OUTSIDE));
  }

  @ParameterizedTest
  @MethodSource("scores")
  void takesOneRowOfEach(ToDoubleBiFunction<double[], double[]> score) {
    double wrongOrder = score.applyAsDouble(new double[] {2}, new double[] {1});
    double rightOrder = score.applyAsDouble(new double[] {1}, new double[] {2});
    assertThat(Math.abs(rightOrder - wrongOrder)).isGreaterThanOrEqualTo(0.5);
  }

  @ParameterizedTest
  @MethodSource("scores")
  void refusesBadScores(ToDoubleBiFunction<double[], double[]> score) {
    double[] good = {1};
    assertThatThrownBy(() -> score.applyAsDouble(new double[0], good))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("inside: empty, at least one value is needed");
    assertThatThrownBy(() -> score.applyAsDouble(good, new double[0]))
        .hasMessage("outside: empty, at least one value is needed");
    assertThatThrownBy(() -> score.applyAsDouble(new double[] {1, Double.NaN}, good))
        .hasMessage("inside, row 1: NaN");
    assertThatThrownBy(() -> score.applyAsDouble(good, new double[] {Double.NaN}))
        .hasMessage("outside, row 0: NaN");
  }
}
