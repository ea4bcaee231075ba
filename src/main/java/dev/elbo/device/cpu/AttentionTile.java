package dev.elbo.device.cpu;

import static dev.elbo.device.cpu.Tiles.FLOATS;

import dev.elbo.graph.CausalAttention;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What one thread needs for the scores of a tile of queries with a tile of keys, in one head of one
 * sequence, and for what follows from them. A row of scores belongs to a query.
 */
final class AttentionTile {
  /** Queries of a tile, and keys. */
  static final int ROWS = 64;

  /** The distance of the rows of scores, and of keys that lie in columns. */
  static final int STRIDE = Tiles.stride(ROWS);

  /** The distance of rows that have the width of a head. */
  static final int WIDE = Tiles.stride(CausalAttention.MAX_WIDTH);

  /** Smaller probabilities are 0 where gradients are made of them. */
  private static final float FLUSH = 1e-20f;

  /** Scores, then probabilities: [queries, keys]. */
  final float[] scores = new float[ROWS * STRIDE];

  /** Gradients of the probabilities, then of the scores: [queries, keys]. */
  final float[] gradients = new float[ROWS * STRIDE];

  /** One of the two transposed: [keys, queries]. */
  final float[] transposed = new float[ROWS * STRIDE];

  /** The tile's keys and values transposed: [width, keys]. */
  final float[] keys = new float[CausalAttention.MAX_WIDTH * STRIDE];

  final float[] values = new float[CausalAttention.MAX_WIDTH * STRIDE];

  /** Sums for the rows of the tile: [queries or keys, width]. */
  final float[] results = new float[ROWS * WIDE];

  final float[] dKeys = new float[ROWS * WIDE];
  final float[] dValues = new float[ROWS * WIDE];

  /** Of each query, over the keys met so far. */
  final float[] largest = new float[ROWS];

  final float[] sums = new float[ROWS];

  /** A panel of the right operand of a product. */
  final float[] panel =
      new float[CpuBuffer.FIRST + Math.max(ROWS, CausalAttention.MAX_WIDTH) * Tiles.PANEL];

  private final float[] square = new float[Transposition.SCRATCH];

  private final float[] lanes = new float[Tiles.LANES];

  /** to [columns, rows] = fromᵀ [rows, columns]. */
  void transpose(float[] from, int from0, int fromStride, int rows, int columns, float[] to) {
    Transposition.rectangle(from, from0, fromStride, rows, columns, to, 0, STRIDE, square);
  }

  /**
   * One step of the online softmax: the query's scores become e^(scale·score - largest), 0 where
   * the query does not see the key, and its sum and its result are rescaled to the new largest.
   *
   * @param visible the keys of the tile that the query sees, its first ones; at least one
   * @param keys the keys of the tile
   * @param width the columns of the result
   */
  void softmax(int query, int visible, int keys, float scale, int width) {
    int at = query * STRIDE;
    int end = Tiles.roundUp(visible, Tiles.LANES);
    Arrays.fill(scores, at + visible, at + end, Float.NEGATIVE_INFINITY);
    float before = largest[query];
    float after = Math.max(before, scale * largestScore(at, end));
    exponentials(at, end, scale, after);
    if (end < keys) {
      Arrays.fill(scores, at + end, at + keys, 0);
    }
    float kept = before == after ? 1 : (float) Math.exp(before - after);
    sums[query] = sums[query] * kept + sumOfLanes();
    largest[query] = after;
    if (kept != 1) {
      Lanes.affine(results, query * WIDE, kept, 0, results, query * WIDE, width);
    }
  }

  private float largestScore(int at, int count) {
    FloatVector max = FloatVector.fromArray(FLOATS, scores, at);
    for (int i = Tiles.LANES; i < count; i += Tiles.LANES) {
      max = max.max(FloatVector.fromArray(FLOATS, scores, at + i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** Leaves the exponentials in place of the scores, and the sums over vectors in the lanes. */
  private void exponentials(int at, int count, float scale, float shift) {
    FloatVector sum = FloatVector.broadcast(FLOATS, 0);
    for (int i = 0; i < count; i += Tiles.LANES) {
      FloatVector e =
          VectorMath.exp(FloatVector.fromArray(FLOATS, scores, at + i).fma(scale, -shift));
      e.intoArray(scores, at + i);
      sum = sum.add(e);
    }
    sum.intoArray(lanes, 0);
  }

  /** By halves: the order of the Vector API's own sum is not defined. */
  private float sumOfLanes() {
    for (int half = Tiles.LANES / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[i] += lanes[i + half];
      }
    }
    return lanes[0];
  }

  /**
   * The query's scores become probabilities p, and the gradients of these become those of the
   * scores before their scaling: scale·p·(dp - delta); both are 0 where it does not see the key.
   */
  void scoreGradients(int query, int visible, int keys, float scale, float logSum, float delta) {
    int at = query * STRIDE;
    int end = Tiles.roundUp(visible, Tiles.LANES);
    for (int i = at; i < at + end; i += Tiles.LANES) {
      FloatVector p = VectorMath.exp(FloatVector.fromArray(FLOATS, scores, i).fma(scale, -logSum));
      p = p.blend(0f, p.compare(VectorOperators.LT, FLUSH));
      p.intoArray(scores, i);
      FloatVector.fromArray(FLOATS, gradients, i)
          .sub(delta)
          .mul(p.mul(scale))
          .intoArray(gradients, i);
    }
    if (visible < keys) {
      Arrays.fill(scores, at + visible, at + keys, 0);
      Arrays.fill(gradients, at + visible, at + keys, 0);
    }
  }
}
