package dev.elbo.data;

/** What the inputs of a data set are. */
public sealed interface Content {
  /** Columns that have units of their own. */
  record Table() implements Content {}

  /**
   * The pixels of one picture, row by row, on one scale from 0.
   *
   * @param height in pixels
   * @param width in pixels
   * @param brightest the largest value that a pixel can have
   */
  record Images(int height, int width, float brightest) implements Content {
    public Images {
      if (height < 1 || width < 1 || !(brightest > 0)) {
        throw new IllegalArgumentException(
            "pictures of %d x %d pixels up to %s".formatted(height, width, brightest));
      }
    }
  }

  /** The characters of a text, one after the other. */
  record Text() implements Content {}
}
