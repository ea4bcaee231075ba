package dev.elbo.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PermutationTest {
  @Test
  void agreesWithASeparateImplementation() {
    // From a Python program written from the definition alone.
    assertThat(permutation(42, 3, 10)).containsExactly(0, 4, 5, 3, 7, 9, 8, 2, 1, 6);
  }

  @Test
  void skipsTheWordsThatWouldBiasADraw() {
    // The Python program rejects four words on the way to this permutation.
    assertThat(Arrays.hashCode(permutation(42, 3, 200_000))).isEqualTo(-192811523);
  }

  @Test
  void holdsEveryNumberOnce() {
    for (int n : new int[] {0, 1, 2, 3, 5, 97, 1009, 3823}) {
      int[] sorted = permutation(7, 1, n);
      Arrays.sort(sorted);
      assertThat(sorted).isEqualTo(IntStream.range(0, n).toArray());
    }
  }

  @Test
  void isAFunctionOfSeedSiteAndEpoch() {
    int[] first = permutation(7, 1, 100);
    assertThat(permutation(7, 1, 100)).isEqualTo(first);
    assertThat(permutation(8, 1, 100)).isNotEqualTo(first);
    assertThat(permutation(7, 2, 100)).isNotEqualTo(first);
    int[] split = new int[100];
    Permutation.fill(7, Noise.SPLIT_SITE, 1, split);
    assertThat(split).isNotEqualTo(first);
  }

  @Test
  void allOrdersOfFourAreEquallyLikely() {
    int[] counts = new int[256];
    int draws = 48_000;
    for (int epoch = 0; epoch < draws; epoch++) {
      int[] p = permutation(11, epoch, 4);
      counts[p[0] << 6 | p[1] << 4 | p[2] << 2 | p[3]]++;
    }
    double expected = draws / 24.0;
    double chiSquare =
        Arrays.stream(counts).filter(c -> c > 0).mapToDouble(c -> square(c - expected)).sum()
            / expected;
    assertThat(Arrays.stream(counts).filter(c -> c > 0).count()).isEqualTo(24);
    // The 0.9999 quantile of chi-square with 23 degrees of freedom.
    assertThat(chiSquare).isLessThan(57.07);
  }

  @Test
  void everyNumberIsEquallyLikelyInEveryPlace() {
    int n = 10;
    int[] counts = new int[n * n];
    int draws = 20_000;
    for (int epoch = 0; epoch < draws; epoch++) {
      int[] p = permutation(-3, epoch, n);
      for (int place = 0; place < n; place++) {
        counts[place * n + p[place]]++;
      }
    }
    double expected = draws / (double) n;
    double sum = Arrays.stream(counts).mapToDouble(c -> square(c - expected)).sum();
    // Under uniformity (n - 1) / n * sum / expected is chi-square with (n - 1)^2 degrees of freedom
    // (the covariance is the doubly centred projection times draws / (n - 1)): 0.9999 quantile of
    // 81.
    double statistic = (n - 1) * sum / draws;
    assertThat(statistic).isLessThan(137.0);
  }

  @Test
  void refusesASiteOutOfRange() {
    assertThatThrownBy(() -> Permutation.fill(1, 65536, 1, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("noise site 65536 is outside 0..65535");
  }

  private static int[] permutation(long seed, int epoch, int n) {
    int[] target = new int[n];
    Permutation.fill(seed, Noise.DATA_ORDER_SITE, epoch, target);
    return target;
  }

  private static double square(double x) {
    return x * x;
  }
}
