package dev.elbo.device.cpu;

/** The memory of one thread: sizes are those of the tiles, never of the tensors. */
final class Scratch {
  /** Weights on their way into a product. */
  final WeightTile weights = new WeightTile();

  /** The product of a tile, before it is stored. */
  final float[] product = new float[Tiles.PRODUCT];

  /** A panel of the right operand of a product. */
  final float[] panel = new float[CpuBuffer.FIRST + Tiles.BACKWARD_OUTPUTS * Tiles.PANEL];

  /** A tile of a mean-field Gaussian with its gradients. */
  final Tile tile = new Tile();

  /** Squares on their way into their transposes. */
  final float[] square = new float[Transposition.SCRATCH];

  /** Sums of columns. */
  final double[] sums = new double[Tiles.SUM_COLUMNS];

  /** Queries and keys that meet. */
  final AttentionTile attention = new AttentionTile();

  /** Noise of linear indices. */
  final float[] noise = new float[Tiles.LINEAR + CpuBuffer.PADDING];
}
