package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Into how many parts sums are split. */
class SplitKTest {
  @Test
  void fewTilesOfLongSumsAreSplitUntilTheyFillACard() {
    assertThat(SplitK.parts(38, 4096)).isEqualTo(7);
    assertThat(SplitK.parts(1, 100_000)).isEqualTo(264);
  }

  @Test
  void partsAreNotShorterThanIsWorthIt() {
    assertThat(SplitK.parts(38, 784)).isEqualTo(6);
    assertThat(SplitK.parts(2, 256)).isEqualTo(2);
    assertThat(SplitK.parts(2, 255)).isEqualTo(1);
    assertThat(SplitK.parts(8, 259)).isEqualTo(2);
    assertThat(SplitK.parts(1, 1)).isEqualTo(1);
  }

  @Test
  void manyTilesAreNotSplit() {
    assertThat(SplitK.parts(264, 100_000)).isEqualTo(1);
    assertThat(SplitK.parts(100_000, 100_000)).isEqualTo(1);
  }
}
