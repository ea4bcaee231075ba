package dev.elbo.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Small CSV files to train with. */
final class Tables {
  private Tables() {}

  /** Two inputs and the class "yes" where their sum is positive, else "no". */
  static Path classes(Path folder, String name, int rows) {
    Random random = new Random(rows);
    StringBuilder text = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < rows; i++) {
      double a = random.nextGaussian();
      double b = random.nextGaussian();
      text.append(a)
          .append(',')
          .append(b)
          .append(',')
          .append(a + b > 0 ? "yes" : "no")
          .append('\n');
    }
    return write(folder, name, text.toString());
  }

  /** One input and a target of 100 + 30 x, with noise of 5. */
  static Path numbers(Path folder, String name, int rows) {
    Random random = new Random(rows);
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < rows; i++) {
      double x = random.nextGaussian();
      text.append(x).append(',').append(100 + 30 * x + 5 * random.nextGaussian()).append('\n');
    }
    return write(folder, name, text.toString());
  }

  /** A file with that text. */
  static Path write(Path folder, String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
