package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/** Operations that add elements up, each in a fixed order. */
public sealed interface Reduction extends Op {

  @Override
  default long flops(List<Shape> inputs) {
    return inputs.stream().mapToLong(Shape::elements).sum();
  }

  /** The sum of all elements, a scalar. */
  record Sum() implements Reduction {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      return List.of(Shape.SCALAR);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      Shape shape = node.input(0).shape();
      return List.of(Optional.of(graph.add(new Rearrangement.Fill(shape), upstream)));
    }
  }

  /** Sums over the rows of each group: [R, N] gives {@code shape} of G rows, R/G rows a group. */
  record SumRows(Shape shape) implements Reduction {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          x.columns() == shape.columns() && x.rows() % shape.rows() == 0,
          "SumRows: %s cannot be summed to %s",
          x,
          shape);
      return List.of(shape);
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      Value zeros = graph.constant(0, node.input(0).shape());
      return List.of(Optional.of(graph.add(new Elementwise.AddBias(), zeros, upstream)));
    }
  }

  /** The sum over repeats: [times·B, N] gives [B, N]; the gradient of repeating. */
  record SumRepeats(int times) implements Reduction {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          times >= 1 && x.rows() % times == 0, "SumRepeats: %s does not hold %d repeats", x, times);
      return List.of(Shape.of(x.rows() / times, x.columns()));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      return List.of(Optional.of(graph.add(new Rearrangement.RepeatRows(times), upstream)));
    }
  }

  /** The sum of each row: [R, N] gives [R, 1]. */
  record SumColumns() implements Reduction {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      return List.of(Shape.of(inputs.getFirst().rows(), 1));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      int columns = node.input(0).shape().columns();
      return List.of(Optional.of(graph.add(new Rearrangement.RepeatColumns(columns), upstream)));
    }
  }

  /**
   * log (1/S) sum_s exp(x_s) over S samples: [S·B, D] gives [B, D]. With x the logarithms of
   * importance weights it is the bound of Burda et al. 2016, equation 8.
   */
  record LogMeanExp(int samples) implements Reduction {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          samples >= 1 && x.rows() % samples == 0,
          "LogMeanExp: %s does not hold %d samples",
          x,
          samples);
      return List.of(Shape.of(x.rows() / samples, x.columns()));
    }

    @Override
    public List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
      Op backward = new LogMeanExpBackward(samples);
      return List.of(Optional.of(graph.add(backward, node.input(0), upstream)));
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 10L * inputs.getFirst().elements();
    }
  }

  /**
   * dx_s = dy·exp(x_s) / sum_t exp(x_t): with dy = 1 the normalised importance weights. Inputs (x
   * [S·B, D], dy [B, D]), result [S·B, D].
   */
  record LogMeanExpBackward(int samples) implements Reduction {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 2);
      Shape x = inputs.getFirst();
      Shape dy = inputs.get(1);
      Check.that(
          samples >= 1 && x.rows() == (long) samples * dy.rows() && x.columns() == dy.columns(),
          "LogMeanExpBackward: the gradient %s is not that of %d samples %s",
          dy,
          samples,
          x);
      return List.of(x);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 20L * inputs.getFirst().elements();
    }
  }

  /**
   * Mean and variance of each element over S samples, for predictions: [S·B, D] gives the means [B,
   * D] and the second central moments (the sum of squared deviations over S) [B, D]. It has no
   * gradient rule.
   */
  record SampleMoments(int samples) implements Reduction {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 1);
      Shape x = inputs.getFirst();
      Check.that(
          samples >= 1 && x.rows() % samples == 0,
          "SampleMoments: %s does not hold %d samples",
          x,
          samples);
      Shape moment = Shape.of(x.rows() / samples, x.columns());
      return List.of(moment, moment);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 4L * inputs.getFirst().elements();
    }
  }

  /**
   * min(1, limit / ||g||) with the Euclidean norm over all elements of all inputs: the factor that
   * clips gradients by their global norm (Pascanu et al. 2013, section 3.2).
   */
  record ClipFactor(double limit) implements Reduction {
    public ClipFactor {
      Check.that(limit > 0, "the gradient norm limit must be positive, got %s", limit);
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.that(!inputs.isEmpty(), "ClipFactor needs a gradient");
      return List.of(Shape.SCALAR);
    }
  }

  /** The value summed to the shape of what it is a gradient of: itself, or its sum for a scalar. */
  static Value toShape(Graph graph, Value gradient, Value of) {
    return gradient.shape().equals(of.shape()) ? gradient : graph.add(new Sum(), gradient);
  }
}
