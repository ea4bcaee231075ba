package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.random.Philox;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The words of the kernels' generator. */
@Tag("cuda")
class PhiloxKernelTest {
  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  private static int[] words(int keyLow, int keyHigh, int... counters) {
    int blocks = counters.length / 4;
    try (WordKernels kernels = new WordKernels()) {
      return kernels
          .run("philox_words", blocks, List.of(blocks, keyLow, keyHigh), counters, counters.length)
          .getFirst();
    }
  }

  /** Random123's kat_vectors, philox 4x32 with 10 rounds. */
  @Test
  void knownAnswers() {
    assertThat(words(0, 0, 0, 0, 0, 0))
        .containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(words(-1, -1, -1, -1, -1, -1))
        .containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(words(0xa4093822, 0x299f31d0, 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void theWordsOfTheHost() {
    SplittableRandom random = new SplittableRandom(1);
    int[] counters = random.ints(4 * 100_003).toArray();
    int keyLow = random.nextInt();
    int keyHigh = random.nextInt();
    int[] expected = new int[counters.length];
    for (int i = 0; i < counters.length; i += 4) {
      Philox.block(
          counters[i],
          counters[i + 1],
          counters[i + 2],
          counters[i + 3],
          keyLow,
          keyHigh,
          expected,
          i);
    }
    assertThat(words(keyLow, keyHigh, counters)).isEqualTo(expected);
  }
}
