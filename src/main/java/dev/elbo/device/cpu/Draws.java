package dev.elbo.device.cpu;

import dev.elbo.graph.NoiseSite;

/**
 * The noise of an operation's samples: sample s of a run that begins with sample f is sample f + s
 * of the step, whose address and sign the site gives.
 *
 * @param site where the noise comes from
 * @param run the seed, the step and the first sample
 */
record Draws(NoiseSite site, Run run) {
  /** The sign with which the normals of a sample enter; they are drawn without it. */
  float sign(int sample) {
    return site.sign(run.firstSample + sample);
  }

  private int address(int sample) {
    return site.address(run.firstSample + sample);
  }

  /** The normals of a tile of a matrix, its first row a multiple of 16, its first column even. */
  void matrix(int sample, int row, int rows, int column, int columns, float[] out, int stride) {
    VectorNoise.matrix(
        run.seed,
        site.site(),
        address(sample),
        run.step,
        row,
        rows,
        column,
        columns,
        out,
        0,
        stride);
  }

  /**
   * The normals of linear indices.
   *
   * @return where in {@code out} the first is, less than 4: draws begin at multiples of 4
   */
  int linear(int sample, long index, int count, float[] out) {
    int skip = (int) (index & 3);
    VectorNoise.linear(
        run.seed, site.site(), address(sample), run.step, index - skip, count + skip, out, 0);
    return skip;
  }

  /** The signs of linear indices at another site; antithetic samples share them. */
  int signs(int signSite, int sample, long index, int count, float[] out) {
    int skip = (int) (index & 3);
    VectorNoise.signs(
        run.seed, signSite, address(sample), run.step, index - skip, count + skip, out, 0);
    return skip;
  }

  /**
   * Factors of linear indices: 0 where the bits are below the threshold, else {@code kept}.
   *
   * @param index of the first, a multiple of 4
   */
  void masks(int sample, long index, int count, long threshold, float kept, float[] out) {
    VectorNoise.masks(
        run.seed, site.site(), address(sample), run.step, index, count, threshold, kept, out);
  }
}
