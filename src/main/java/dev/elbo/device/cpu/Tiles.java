package dev.elbo.device.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sizes of tiles and blocks. Where sums depend on them they are the same for every number of
 * threads, and with them the order of every sum.
 *
 * <p>Row strides of tiles are odd multiples of a vector, so that rows do not meet in the same cache
 * sets. Bands of rows are multiples of 16 and bands of columns even, as noise quads want it.
 */
final class Tiles {
  /** The widest vectors of the machine. */
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  /** Floats of a vector. */
  static final int LANES = FLOATS.length();

  /** Columns of C that a micro-kernel computes at once. */
  static final int PANEL = 2 * LANES;

  /** What the rows of C that the micro-kernels write are a multiple of. */
  static final int ROWS = 4;

  /** Forward: the most weight rows (outputs) of a block, four times those of the micro-kernel. */
  private static final int FORWARD_OUTPUTS = 48;

  /** The same where larger blocks would be too few to be shared out evenly. */
  static final int FEW_FORWARD_OUTPUTS = 16;

  /** Blocks of a thread among which the last one to end is late by little. */
  private static final int MANY_BLOCKS = 4;

  /** Forward: weight columns (inputs) sampled at once; whole rows are what memory is fast at. */
  static final int FORWARD_INPUTS = 2048;

  /** Forward: weight columns (inputs) of a product, whose panels stay in the first-level cache. */
  static final int FORWARD_DEPTH = 256;

  /** Backward input: weight columns (inputs) of a block. */
  static final int BACKWARD_INPUTS = 64;

  /** Backward input: weight rows (outputs) sampled at once. */
  static final int BACKWARD_OUTPUTS = 256;

  /** Rows of activations of a block: what one sampled tile is used for. */
  static final int BATCH = 256;

  /** Weight gradient: rows of a tile. */
  static final int GRADIENT_OUTPUTS = 16;

  /** Weight gradient: columns of a tile; whole rows here too. */
  static final int GRADIENT_INPUTS = 2048;

  /** Weight gradient: examples summed up at once. */
  static final int GRADIENT_BATCH = 256;

  /** Elements of a tile of a vector-shaped Gaussian, and of a range of linear noise. */
  static final int LINEAR = 4096;

  /** Elements of a block of an elementwise operation. */
  static final int ELEMENTS = 16384;

  /** Columns that are summed at once. */
  static final int SUM_COLUMNS = 256;

  /** Floating-point operations below which waking the threads does not pay. */
  static final long SHARED_FLOPS = 200_000;

  /** Floats of the largest tile of weights. */
  static final int WEIGHTS =
      Math.max(FORWARD_OUTPUTS * stride(FORWARD_INPUTS), BACKWARD_OUTPUTS * stride(BACKWARD_INPUTS))
          + CpuBuffer.PADDING;

  /** Floats of the largest product. */
  static final int PRODUCT =
      Math.max(FORWARD_OUTPUTS * stride(BATCH), BATCH * stride(BACKWARD_INPUTS))
          + CpuBuffer.PADDING;

  private Tiles() {}

  /**
   * Forward: the weight rows of a block of a layer with so many outputs, for each of so many
   * matrices. It may depend on the threads, for each element of the product is one chain of sums
   * whatever its block.
   */
  static int forwardOutputs(int outputs, int matrices, int threads) {
    return matrices * parts(outputs, FORWARD_OUTPUTS) >= MANY_BLOCKS * threads
        ? FORWARD_OUTPUTS
        : FEW_FORWARD_OUTPUTS;
  }

  /** The distance of the rows of a tile of so many columns: whole panels and one vector. */
  static int stride(int columns) {
    return roundUp(columns, PANEL) + LANES;
  }

  /** Whether rows of this distance meet in the same sets of a cache with 4 KiB a way. */
  static boolean aliased(int stride) {
    return stride % 1024 == 0;
  }

  /** The least multiple that is not below the value. */
  static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  /** How many parts of a size a value has, the last one perhaps smaller. */
  static int parts(int value, int size) {
    return (value + size - 1) / size;
  }
}
