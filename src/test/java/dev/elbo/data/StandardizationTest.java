package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardizationTest {
  /** Columns 1, 2, 3, 4 (variance 1.25) and four times 0.1 (which no float is). */
  private static final Examples FOUR =
      new Examples(2, new float[] {1, 0.1f, 2, 0.1f, 3, 0.1f, 4, 0.1f}, new float[] {0, 0, 10, 10});

  @Test
  void takesThePopulationDeviationOfEachColumnAndOneWhereItIsZero() {
    Standardization each = Standardization.perFeature(FOUR);

    assertThat(each.mean()).containsExactly(2.5f, 0.1f);
    assertThat(each.scale()).containsExactly((float) Math.sqrt(1.25), 1);
  }

  @Test
  void globalHasOneMeanAndScaleForAllColumns() {
    Standardization one =
        Standardization.global(new Examples(2, new float[] {1, 2, 3, 4}, new float[0]));

    assertThat(one.mean()).containsExactly(2.5f, 2.5f);
    assertThat(one.scale()).containsExactly((float) Math.sqrt(1.25), (float) Math.sqrt(1.25));
  }

  @Test
  void targetsAreOneColumn() {
    Standardization targets = Standardization.targets(FOUR);

    assertThat(targets.mean()).containsExactly(5);
    assertThat(targets.scale()).containsExactly(5);
  }

  @Test
  void appliesToRowsInTheMiddleOfArraysAndInvertsThem() {
    Standardization map = new Standardization(new float[] {1, 10}, new float[] {2, 5});
    float[] to = {7, 7, 7, 7, 7};

    map.apply(new float[] {9, 3, 20, 5, 0}, 1, to, 0, 2);

    assertThat(to).containsExactly(1, 2, 2, -2, 7);
    float[] back = Arrays.copyOf(to, 4);
    map.invert(back);
    assertThat(back).containsExactly(3, 20, 5, 0);
  }

  @Test
  void appliesInPlace() {
    float[] values = {1, 10, 3, 30};

    new Standardization(new float[] {1, 20}, new float[] {2, 10}).apply(values, 0, values, 0, 2);

    assertThat(values).containsExactly(0, -1, 1, 1);
  }

  /** Below, at and above the widths of vectors. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 8, 17, 64, 101})
  void roundsEachElementOnceAtTheEnd(int columns) {
    SplittableRandom random = new SplittableRandom(columns);
    float[] mean = values(random, columns);
    float[] scale = values(random, columns);
    float[] from = values(random, 5 * columns);
    float[] to = new float[5 * columns];

    new Standardization(mean, scale).apply(from, 0, to, 0, 5);

    for (int i = 0; i < to.length; i++) {
      double exact = ((double) from[i] - mean[i % columns]) / scale[i % columns];
      assertThat(to[i]).as("element %d", i).isEqualTo((float) exact);
    }
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(0.5, 200);
    }
    return values;
  }

  @Test
  void holdsTheWholeRangeOfFloats() {
    float[] ends = {Float.MAX_VALUE, -Float.MAX_VALUE};
    Standardization map = Standardization.targets(new Examples(1, ends, ends));
    float[] to = new float[2];

    map.apply(ends, 0, to, 0, 2);

    assertThat(map.mean()).containsExactly(0);
    assertThat(to).containsExactly(1, -1);
    Standardization far =
        new Standardization(new float[] {-Float.MAX_VALUE}, new float[] {Float.MAX_VALUE});
    far.apply(ends, 0, to, 0, 1);
    assertThat(to[0]).isEqualTo(2);
  }

  @Test
  void computesInDoublePrecision() {
    // A million values 16777216 +- 1 in turn: a float sum would stick, a one-pass variance cancel.
    float[] values = new float[1_000_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = 16_777_216f + (i % 2 == 0 ? -1 : 2);
    }
    Standardization map = Standardization.targets(new Examples(1, values, values));

    assertThat(map.scale()).containsExactly(1.5f);
  }

  @Test
  void refusesWhatIsNoMap() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Standardization(new float[0], new float[0]))
        .withMessage("0 means, 0 scales");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Standardization(new float[1], new float[2]))
        .withMessage("1 means, 2 scales");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Standardization(new float[] {1, 2}, new float[] {1, 0}))
        .withMessage("column 1: mean 2.0, scale 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Standardization(new float[] {Float.NaN}, new float[] {1}))
        .withMessage("column 0: mean NaN, scale 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Standardization.targets(new Examples(1, new float[2], new float[0])))
        .withMessage("no rows to standardise");
  }
}
