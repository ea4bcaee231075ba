package dev.elbo.layer;

/** What the rows of the data are to a network. */
public sealed interface Observations {
  /** Each row is an example x with its target y. */
  record Labelled() implements Observations {}

  /** Each row is an example that is its own target: the data of an autoencoder. */
  record Unlabelled() implements Observations {}

  /**
   * The rows follow one another, as the characters of a text do, each with its target. A batch
   * takes windows of them, and a row is seen with those before it in its window.
   *
   * @param length T, the rows of a window
   */
  record Sequences(int length) implements Observations {
    public Sequences {
      if (length < 1) {
        throw new IllegalArgumentException("a window needs at least one row, got " + length);
      }
    }
  }

  /** The rows of a window: 1 where rows stand alone. */
  default int window() {
    return this instanceof Sequences sequences ? sequences.length() : 1;
  }
}
