package dev.elbo.device.cpu;

/** Where the floats begin that a loop passes over side by side, and then writes back. */
final class Streams {
  static final int MU = 0;
  static final int LOG_SIGMA = 1;

  /** Adam's averages: of mu's gradient and of its square, then of log_sigma's. */
  static final int MU_MEAN = 2;

  static final int MU_SQUARE = 3;
  static final int LOG_SIGMA_MEAN = 4;
  static final int LOG_SIGMA_SQUARE = 5;

  /** The streams up to here are tensors, which are written too. */
  static final int TENSORS = 6;

  /** Weights that were drawn: W - mu is sigma·eps. */
  static final int WEIGHTS = 6;

  /** Gradients of the data term: in mu, and in log_sigma but for its part in W. */
  static final int D_MU = 7;

  static final int D_LOG_SIGMA = 8;
  static final int COUNT = 9;

  final float[][] array = new float[COUNT][];
  final int[] at = new int[COUNT];

  void set(int stream, float[] floats, int first) {
    array[stream] = floats;
    at[stream] = first;
  }
}
