package dev.elbo.cli;

import dev.elbo.data.Examples;
import java.util.stream.IntStream;

/** A part of examples, evenly from all over them: files may be in order of their classes. */
final class Spread {
  private Spread() {}

  /** At most that many examples. */
  static Examples of(Examples examples, int most) {
    if (most >= examples.size()) {
      return examples;
    }
    int[] rows =
        IntStream.range(0, most).map(i -> (int) ((long) i * examples.size() / most)).toArray();
    return examples.select(rows);
  }
}
