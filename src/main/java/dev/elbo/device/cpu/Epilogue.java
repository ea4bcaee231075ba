package dev.elbo.device.cpu;

import dev.elbo.graph.ColumnSample;
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
 * @param rectified whether the result becomes zero where it is negative
 * @param activated where the result goes a second time, zero where it is negative
 * @param mask makes the result zero where this is not positive
 * @param handed where the result, activated if it is, goes for the next product
 */
record Epilogue(
    Optional<CpuBuffer> bias,
    int biasStride,
    boolean rectified,
    Optional<CpuBuffer> activated,
    Optional<CpuBuffer> mask,
    Optional<OperandPanels.Handed> handed) {
  /** Nothing. */
  static final Epilogue NONE =
      new Epilogue(
          Optional.empty(), 0, false, Optional.empty(), Optional.empty(), Optional.empty());

  /** Of the products that store their tiles themselves. */
  static final Epilogues ALL =
      new Epilogues() {
        @Override
        public boolean of(Op product) {
          return product instanceof ColumnSample
              || product instanceof Linear
              || product instanceof LinearBackwardInput
              || product instanceof VariationalLinear
              || product instanceof VariationalLinearBackwardInput;
        }

        @Override
        public boolean takes(Shape bias, int samples, int rows) {
          return bias.rows() == 1 || bias.rows() == samples;
        }
      };

  /**
   * That of a group.
   *
   * @param twice whether the result goes to a place of its own beside that where it is activated
   */
  static Epilogue of(
      Group group, boolean twice, Function<Value, CpuBuffer> buffer, OperandPanels operands) {
    Optional<CpuBuffer> bias = group.bias().map(buffer);
    int stride = bias.map(CpuBuffer::shape).filter(b -> b.rows() > 1).map(Shape::columns).orElse(0);
    Optional<CpuBuffer> activated = group.activated().map(buffer);
    return new Epilogue(
        bias,
        stride,
        activated.isPresent() && !twice,
        activated.filter(a -> twice),
        group.mask().map(buffer),
        operands.result(group.activated().orElse(group.result())));
  }

  /** Adds the bias to a tile whose rows are outputs, and rectifies it. */
  void apply(float[] tile, int stride, int rows, int columns, int sample, int output) {
    if (bias.isPresent()) {
      CpuBuffer b = bias.get();
      int first = sample * biasStride + output;
      for (int r = 0; r < rows; r++) {
        Lanes.affine(tile, r * stride, 1, b.at(first + r), tile, r * stride, columns);
      }
    }
    for (int r = 0; r < rows && rectified; r++) {
      Lanes.relu(tile, r * stride, tile, r * stride, columns);
    }
  }

  /** Whether anybody reads the result of a forward product as rows. */
  boolean stored() {
    return activated.isPresent() || handed.isEmpty() || !handed.get().only();
  }

  /**
   * Hands a tile whose rows are outputs to the next product, activated: the last that is done with
   * it.
   *
   * @param example the first, which begins a panel
   */
  void hand(float[] tile, int stride, int rows, int columns, int sample, int output, int example) {
    if (handed.isEmpty()) {
      return;
    }
    for (int r = 0; r < rows && activated.isPresent(); r++) {
      Lanes.relu(tile, r * stride, tile, r * stride, columns);
    }
    handed.get().panels().put(tile, stride, rows, columns, sample, output, example);
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
