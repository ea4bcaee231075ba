package dev.elbo.graph;

import dev.elbo.tensor.Shape;
import java.util.List;

/**
 * The gradient of the data term with respect to a mean-field Gaussian (mu, log_sigma): the last two
 * inputs are mu and log_sigma, the results (dmu, dlog_sigma), both summed over samples.
 */
public sealed interface WeightGradient extends Op {
  /** Where the noise of the forward pass came from. */
  NoiseSite noise();

  @Override
  default boolean drawn() {
    return true;
  }

  /** The shape of mu. */
  static Shape mu(List<Shape> inputs) {
    return inputs.get(inputs.size() - 2);
  }

  /**
   * dmu = sum_s G_s, dlog_sigma = sigma · sum_s G_s·eps_s with G_s = dy_sᵀ x_s. Inputs (x, dy, mu,
   * log_sigma).
   */
  record VariationalLinearBackwardWeight(NoiseSite noise, boolean shared)
      implements WeightGradient {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 4);
      return pair(this, inputs, noise.samples(), shared);
    }

    @Override
    public long flops(List<Shape> inputs) {
      int exampleRows = inputs.get(1).rows() / noise.samples();
      return VariationalLinear.flops(noise, mu(inputs), exampleRows);
    }
  }

  /**
   * dmu = dyᵀ x, dlog_sigma = 2 sigma²·(dvᵀ x²), dv = dy·eps / (2 std). Inputs (x, dy, std, mu,
   * log_sigma).
   */
  record LocalLinearBackwardWeight(NoiseSite noise, boolean shared) implements WeightGradient {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 5);
      Shape std = Shape.of(inputs.get(0).rows(), inputs.get(1).columns());
      Check.that(inputs.get(2).equals(std), "%s: std %s, not %s", name(), inputs.get(2), std);
      return pair(this, inputs, noise.samples(), shared);
    }

    @Override
    public long flops(List<Shape> inputs) {
      long outputs = inputs.get(1).elements();
      return 4 * outputs * inputs.getFirst().columns() + 18 * outputs;
    }
  }

  /**
   * dmu = sum_s dy_sᵀ x_s, dlog_sigma = sigma · sum_s eps_s·((dy_s·t)ᵀ (x_s·r)). Inputs (x, dy, mu,
   * log_sigma).
   */
  record FlipoutLinearBackwardWeight(FlipoutLinear forward) implements WeightGradient {
    @Override
    public NoiseSite noise() {
      return forward.noise();
    }

    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 4);
      return pair(this, inputs, noise().samples(), forward.shared());
    }

    @Override
    public long flops(List<Shape> inputs) {
      return forward.flops(mu(inputs), inputs.get(1).rows() / noise().samples());
    }
  }

  /** dmu = sum of dW over draws, dlog_sigma = sigma · sum of dW·eps. Inputs (dW, mu, log_sigma). */
  record SampleBackward(NoiseSite noise, int copies) implements WeightGradient {
    @Override
    public List<Shape> outputShapes(List<Shape> inputs) {
      Check.inputs(this, inputs, 3);
      Shape mu = mu(inputs);
      Gaussians.same(this, mu, inputs.get(2));
      int draws = noise.samples() * copies;
      Check.that(
          inputs.getFirst().equals(Shape.of(draws * mu.rows(), mu.columns())),
          "%s: gradient %s is not that of %d draws of %s",
          name(),
          inputs.getFirst(),
          draws,
          mu);
      return List.of(mu, mu);
    }

    @Override
    public long flops(List<Shape> inputs) {
      return 18L * inputs.getFirst().elements();
    }
  }

  private static List<Shape> pair(Op op, List<Shape> inputs, int samples, boolean shared) {
    Shape x = inputs.get(0);
    Shape dy = inputs.get(1);
    Shape mu = mu(inputs);
    Gaussians.sameMatrix(op, mu, inputs.getLast());
    Linear.sameExamples(op, x, dy, samples, shared);
    Check.that(
        mu.equals(Shape.of(dy.columns(), x.columns())),
        "%s: input %s and gradient %s do not meet weights %s",
        op.name(),
        x,
        dy,
        mu);
    return List.of(mu, mu);
  }
}
