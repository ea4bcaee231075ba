package dev.elbo.report;

import java.util.Arrays;

/**
 * A picture of grey levels.
 *
 * @param width in pixels
 * @param height in pixels
 * @param levels width x height, row by row, 0 for black to 255 for white as unsigned bytes
 */
public record GreyImage(int width, int height, byte[] levels) {
  private static final byte LINE = 96;
  private static final int WHITE = 255;

  /**
   * Small pictures in a grid that is nearly square, with lines between them.
   *
   * @param height of each, in pixels
   * @param width of each, in pixels
   * @param values the pixels of one picture after the other, 0 for black to 1 for white; what is
   *     outside is cut off
   */
  public static GreyImage grid(int height, int width, float[] values) {
    int count = values.length / (height * width);
    if (count < 1) {
      throw new IllegalArgumentException("a grid of no pictures");
    }
    int columns = (int) Math.round(Math.sqrt((double) count * height / width));
    columns = Math.max(1, Math.min(count, columns));
    int rows = Math.ceilDiv(count, columns);
    int fullWidth = columns * (width + 1) - 1;
    byte[] levels = new byte[fullWidth * (rows * (height + 1) - 1)];
    Arrays.fill(levels, LINE);
    for (int i = 0; i < values.length; i++) {
      int picture = i / (height * width);
      int row = picture / columns * (height + 1) + i / width % height;
      int column = picture % columns * (width + 1) + i % width;
      levels[row * fullWidth + column] = (byte) level(values[i]);
    }
    return new GreyImage(fullWidth, levels.length / fullWidth, levels);
  }

  private static int level(float value) {
    return Math.round(WHITE * Math.max(0, Math.min(1, value)));
  }
}
