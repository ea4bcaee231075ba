package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * One operation of a {@link Graph}: its attributes, and the rules that follow from them.
 *
 * <p>Devices switch over the permitted records. An operation has one name in every place: this
 * record, the reference, the CPU class, the kernel, the test case and the benchmark.
 *
 * <p>Activations are matrices [rows, columns]. With S weight samples and a batch of B examples they
 * have S·B rows, sample by sample: row {@code s * B + b}.
 */
public sealed interface Op
    permits Leaf,
        Elementwise,
        Rearrangement,
        Reduction,
        Linear,
        LinearBackwardInput,
        LinearBackwardWeight,
        Sample,
        ColumnSample,
        LatentSample,
        LatentSampleBackward,
        Dropout,
        CholeskyFactor,
        CholeskyFactorBackward,
        LogDeterminant,
        LogDeterminantBackward,
        VariationalLinear,
        VariationalLinearBackwardInput,
        LocalLinear,
        LocalLinearBackwardInput,
        FlipoutLinear,
        FlipoutLinearBackwardInput,
        WeightGradient,
        Embedding,
        EmbeddingBackward,
        LayerNorm,
        LayerNormBackward,
        CausalAttention,
        CausalAttentionBackward,
        LogLikelihood,
        LogLikelihoodBackward,
        Divergence,
        DivergenceBackward,
        Update {

  /**
   * The shapes of the results for inputs of the given shapes.
   *
   * @throws IllegalArgumentException naming the sizes when the inputs do not fit
   */
  List<Shape> outputShapes(List<Shape> inputs);

  /**
   * Adds to the graph what computes the gradient of a scalar with respect to each input of {@code
   * node}, given its gradient with respect to output 0. Other outputs are what the backward pass
   * needs and carry no gradient.
   *
   * @return one entry an input; empty where no gradient flows
   */
  default List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    throw new IllegalStateException(name() + " has no gradient rule");
  }

  /** Floating-point operations, a multiply-add counting as two; a normal draw counts as 16. */
  long flops(List<Shape> inputs);

  /** Bytes that have to be read and written at least, four an element. */
  default long bytes(List<Shape> inputs) {
    long elements = 0;
    for (Shape shape : inputs) {
      elements += shape.elements();
    }
    for (Shape shape : outputShapes(inputs)) {
      elements += shape.elements();
    }
    return 4 * elements;
  }

  /** The positions of the inputs that the operation overwrites. */
  default List<Integer> writes(int inputs) {
    return List.of();
  }

  /** Whether its results change with the step and the sample of a run: whether it takes noise. */
  default boolean drawn() {
    return false;
  }

  /** The name of the operation: that of its record. */
  default String name() {
    return getClass().getSimpleName();
  }
}
