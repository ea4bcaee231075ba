package dev.elbo.random;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhiloxTest {
  @Test
  void givesTheKnownAnswersOfRandom123() throws IOException {
    List<int[]> vectors = knownAnswers();
    assertThat(vectors).hasSize(3);
    for (int[] v : vectors) {
      int[] words = new int[6];
      Philox.block(v[0], v[1], v[2], v[3], v[4], v[5], words, 1);
      assertThat(words).containsExactly(0, v[6], v[7], v[8], v[9], 0);
    }
  }

  private static List<int[]> knownAnswers() throws IOException {
    try (InputStream file = PhiloxTest.class.getResourceAsStream("/philox4x32_10.kat")) {
      assertThat(file).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("philox4x32 10 "))
          .map(PhiloxTest::numbers)
          .toList();
    }
  }

  private static int[] numbers(String line) {
    return Arrays.stream(line.split(" +"))
        .skip(2)
        .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
        .toArray();
  }
}
