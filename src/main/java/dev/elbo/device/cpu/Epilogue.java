package dev.elbo.device.cpu;

import dev.elbo.graph.Epilogues;
import dev.elbo.graph.Group;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.Op;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.tensor.Shape;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a matrix product does with a tile of results while it is in the cache.
 *
 * @param bias added to the result
 * @param biasStride the distance of the biases of two samples; 0 when all share one
 * @param activated where the result goes a second time, zero where it is negative; perhaps the only
 *     place where it goes
 * @param mask makes the result zero where this is not positive
 */
record Epilogue(
    Optional<CpuBuffer> bias,
    int biasStride,
    Optional<CpuBuffer> activated,
    Optional<CpuBuffer> mask) {
  /** Nothing. */
  static final Epilogue NONE =
      new Epilogue(Optional.empty(), 0, Optional.empty(), Optional.empty());

  /** Of the products that store their tiles themselves. */
  static final Epilogues ALL =
      new Epilogues() {
        @Override
        public boolean of(Op product) {
          return product instanceof Linear
              || product instanceof LinearBackwardInput
              || product instanceof VariationalLinear
              || product instanceof VariationalLinearBackwardInput;
        }

        @Override
        public boolean takes(Shape bias, int samples, int rows) {
          return bias.rows() == 1 || bias.rows() == samples;
        }
      };

  /** That of a group. */
  static Epilogue of(Group group, Function<Value, CpuBuffer> buffer) {
    Optional<CpuBuffer> bias = group.bias().map(buffer);
    int stride = bias.map(CpuBuffer::shape).filter(b -> b.rows() > 1).map(Shape::columns).orElse(0);
    return new Epilogue(bias, stride, group.activated().map(buffer), group.mask().map(buffer));
  }

  /** Adds the bias to a tile whose rows are outputs. */
  void addBias(float[] tile, int stride, int rows, int columns, int sample, int output) {
    if (bias.isEmpty()) {
      return;
    }
    CpuBuffer b = bias.get();
    int first = sample * biasStride + output;
    for (int r = 0; r < rows; r++) {
      Lanes.affine(tile, r * stride, 1, b.at(first + r), tile, r * stride, columns);
    }
  }

  /**
   * Activates a part of the result, which has been stored.
   *
   * @param first where the part begins; {@code stride} the distance of its rows
   */
  void activate(CpuBuffer result, int first, int stride, int examples, int outputs) {
    if (activated.isEmpty()) {
      return;
    }
    CpuBuffer a = activated.get();
    for (int example = 0; example < examples; example++) {
      int at = first + example * stride;
      Lanes.relu(result.array(), result.offset() + at, a.array(), a.offset() + at, outputs);
    }
  }

  /**
   * Stores a tile, masked, as a part of the result.
   *
   * @param first where the part begins; {@code resultStride} the distance of its rows
   */
  void store(
      float[] tile,
      int stride,
      CpuBuffer result,
      int first,
      int resultStride,
      int rows,
      int columns) {
    float[] y = result.array();
    for (int row = 0; row < rows; row++) {
      int at = first + row * resultStride;
      if (mask.isPresent()) {
        CpuBuffer x = mask.get();
        int x0 = x.offset() + at;
        Lanes.reluBackward(x.array(), x0, tile, row * stride, y, result.offset() + at, columns);
      } else {
        System.arraycopy(tile, row * stride, y, result.offset() + at, columns);
      }
    }
  }
}
