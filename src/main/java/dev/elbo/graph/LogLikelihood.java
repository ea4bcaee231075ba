package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * log p(y | network outputs), one number a row: inputs (outputs [S·B, D], further parameters,
 * targets), result [S·B, 1] in nats. Row s·B + b meets target row b. The last input is the targets;
 * no gradient flows to them.
 */
public sealed interface LogLikelihood extends Op {

  /** How many inputs there are before the targets. */
  default int parameters() {
    return 1;
  }

  /** The columns of the targets for network outputs of the given columns. */
  default int targetColumns(int columns) {
    return columns;
  }

  @Override
  default List<Shape> outputShapes(List<Shape> inputs) {
    Check.inputs(this, inputs, parameters() + 1);
    Shape outputs = inputs.getFirst();
    Shape targets = inputs.getLast();
    Check.that(
        outputs.rows() % targets.rows() == 0
            && targets.columns() == targetColumns(outputs.columns()),
        "%s: targets %s do not fit outputs %s",
        name(),
        targets,
        outputs);
    if (parameters() == 2) {
      checkScale(outputs, inputs.get(1));
    }
    return List.of(Shape.of(outputs.rows(), 1));
  }

  @Override
  default List<Optional<Value>> gradient(Graph graph, Node node, Value upstream) {
    List<Value> inputs = new ArrayList<>();
    inputs.add(upstream);
    inputs.addAll(node.inputs());
    List<Optional<Value>> gradients = new ArrayList<>();
    graph
        .addAll(new LogLikelihoodBackward(this), inputs)
        .forEach(g -> gradients.add(Optional.of(g)));
    gradients.add(Optional.empty());
    return gradients;
  }

  @Override
  default long flops(List<Shape> inputs) {
    return 20L * inputs.getFirst().elements();
  }

  private void checkScale(Shape outputs, Shape logScale) {
    Check.that(
        outputs.rows() % logScale.rows() == 0 && logScale.columns() == outputs.columns(),
        "%s: log_scale %s does not fit the outputs %s",
        name(),
        logScale,
        outputs);
  }

  /** log softmax(logits)_y; inputs (logits [S·B, C], labels [B, 1], whole numbers 0..C - 1). */
  record Categorical() implements LogLikelihood {
    @Override
    public int targetColumns(int columns) {
      return 1;
    }
  }

  /** sum_d y·logit - softplus(logit); inputs (logits [S·B, D], targets [B, D] in 0..1). */
  record Bernoulli() implements LogLikelihood {}

  /**
   * sum_d -(y - mean)² / (2 scale²) - log scale - log(2 pi)/2; inputs (mean [S·B, D], log_scale [G,
   * D], targets [B, D]). Of R rows, row r takes row r / (R/G) of log_scale: with one group all
   * share one (homoscedastic), with R each has its own (heteroscedastic), with M each member of an
   * ensemble has one.
   */
  record Gaussian() implements LogLikelihood {
    @Override
    public int parameters() {
      return 2;
    }
  }

  /**
   * Student-t with nu degrees of freedom: sum_d log Gamma((nu+1)/2) - log Gamma(nu/2) - log(nu
   * pi)/2 - log scale - (nu+1)/2 · log(1 + (y - location)² / (nu scale²)); inputs as {@link
   * Gaussian}.
   */
  record StudentT(double degreesOfFreedom) implements LogLikelihood {
    public StudentT {
      Check.that(
          degreesOfFreedom > 0 && Double.isFinite(degreesOfFreedom),
          "the degrees of freedom must be positive and finite, got %s",
          degreesOfFreedom);
    }

    @Override
    public int parameters() {
      return 2;
    }
  }

  /** sum_d y·log_rate - e^log_rate - log y!; inputs (log_rate [S·B, D], counts [B, D]). */
  record Poisson() implements LogLikelihood {}
}
