package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class IdxFuzzTest {
  @FuzzTest(maxDuration = "10s")
  void images(byte[] bytes) {
    ReaderFuzz.check(
        bytes,
        source -> {
          IdxReader.Images images = IdxReader.images(source);
          assertThat((long) images.count() * images.rows() * images.columns())
              .isEqualTo(images.pixels().length)
              .isPositive();
          assertThat(images.pixels()).doesNotContain(-1, 256);
        });
  }

  @FuzzTest(maxDuration = "10s")
  void labels(byte[] bytes) {
    ReaderFuzz.check(
        bytes,
        source -> {
          for (float label : IdxReader.labels(source)) {
            assertThat(label).isBetween(0f, 255f);
          }
        });
  }
}
