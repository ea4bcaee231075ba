package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Steps of an optimizer: they overwrite parameters and the optimizer's state. The first two inputs
 * are the guard (a scalar; when it is not finite nothing is written, so that a bad step keeps the
 * last good state) and the learning rate.
 */
public sealed interface Update extends Op {
  /** The position of the guard among the inputs. */
  int GUARD = 0;

  /** The position of the learning rate among the inputs. */
  int LEARNING_RATE = 1;

  /**
   * Inputs (guard, learning rate, parameter, gradient, m, v), all but the first two of one shape.
   */
  record AdamUpdate(StepRule.Adam rule) implements Update {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      return sameTensors(this, inputs, 6);
    }

    @Override
    public List<Integer> writes(int inputs) {
      return List.of(2, 4, 5);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 14L * inputs.get(2).elements();
    }
  }

  /** Inputs (guard, learning rate, parameter, gradient, velocity). */
  record SgdUpdate(StepRule.Sgd rule) implements Update {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      return sameTensors(this, inputs, 5);
    }

    @Override
    public List<Integer> writes(int inputs) {
      return List.of(2, 4);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 4L * inputs.get(2).elements();
    }
  }

  /** Inputs (guard, learning rate, mu, log_sigma, dmu, dlog_sigma, g, h). */
  record IvonUpdate(StepRule.Ivon rule) implements Update {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      return sameTensors(this, inputs, 8);
    }

    @Override
    public List<Integer> writes(int inputs) {
      return List.of(2, 3, 6, 7);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 30L * inputs.get(2).elements();
    }
  }

  /**
   * Weight gradient, divergence and optimizer step of a mean-field Gaussian in one pass over the
   * weights. Inputs (guard, learning rate, the upstream gradient of the divergence, those of the
   * weight gradient, ending with mu and log_sigma, the prior's parameters, the optimizer's state:
   * Adam m and v of mu, then of log_sigma; SGD both velocities; IVON g and h). Results (the
   * divergence before the step, the gradients of the prior's parameters).
   *
   * <p>With IVON the prior acts through the weight decay and the divergence is only reported.
   */
  record FusedUpdate(WeightGradient gradient, Divergence divergence, StepRule rule)
      implements Update {
    /** The position of the divergence's upstream gradient. */
    public static final int UPSTREAM = 2;

    /** The position of the first input of the weight gradient. */
    public static final int GRADIENT = 3;

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      int muAt = mu(inputs.size());
      Check.that(muAt > GRADIENT, "%s: only %d inputs", name(), inputs.size());
      Shape mu = gradient.outputShapes(inputs.subList(GRADIENT, muAt + 2)).getFirst();
      Check.that(
          inputs.subList(0, GRADIENT).stream().allMatch(Shape.SCALAR::equals),
          "%s: guard, learning rate and upstream gradient must be scalars, got %s",
          name(),
          inputs.subList(0, GRADIENT));
      List<Shape> prior = inputs.subList(muAt + 2, muAt + 2 + divergence.priorParameters());
      List<Shape> divergenceInputs = new ArrayList<>(List.of(mu, mu));
      divergenceInputs.addAll(prior);
      List<Shape> results = new ArrayList<>(divergence.outputShapes(divergenceInputs));
      results.addAll(prior);
      for (Shape state : inputs.subList(inputs.size() - rule.pairState(), inputs.size())) {
        Check.that(state.equals(mu), "%s: state %s of weights %s", name(), state, mu);
      }
      return results;
    }

    /** The position of mu; log_sigma is next. */
    public int mu(int inputs) {
      return inputs - rule.pairState() - divergence.priorParameters() - 2;
    }

    /** The position of the first tensor of the optimizer's state. */
    public int state(int inputs) {
      return inputs - rule.pairState();
    }

    @Override
    public List<Integer> writes(int inputs) {
      int mu = mu(inputs);
      return IntStream.concat(IntStream.of(mu, mu + 1), IntStream.range(state(inputs), inputs))
          .boxed()
          .toList();
    }

    @Override
    public long flops(List<Shape> inputs) {
      int mu = mu(inputs.size());
      return gradient.flops(inputs.subList(GRADIENT, mu + 2)) + 40L * inputs.get(mu).elements();
    }

    @Override
    public long bytes(List<Shape> inputs) {
      long elements = inputs.stream().mapToLong(Shape::elements).sum();
      for (int written : writes(inputs.size())) {
        elements += inputs.get(written).elements();
      }
      return 4 * elements;
    }

    @Override
    public String name() {
      return "FusedUpdate("
          + gradient.name()
          + ", "
          + divergence.name()
          + ", "
          + rule.getClass().getSimpleName()
          + ")";
    }
  }

  private static List<Shape> sameTensors(Op op, List<Shape> inputs, int count) {
    Check.inputs(op, inputs, count);
    Check.that(
        inputs.get(GUARD).equals(Shape.SCALAR) && inputs.get(LEARNING_RATE).equals(Shape.SCALAR),
        "%s: guard and learning rate must be scalars, got %s and %s",
        op.name(),
        inputs.get(GUARD),
        inputs.get(LEARNING_RATE));
    for (Shape shape : inputs.subList(2, count)) {
      Check.that(
          shape.equals(inputs.get(2)),
          "%s: %s does not have the shape of the parameter %s",
          op.name(),
          shape,
          inputs.get(2));
    }
    return List.of();
  }
}
