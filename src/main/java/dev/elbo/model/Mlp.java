package dev.elbo.model;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Dropout;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;
import dev.elbo.layer.VariationalLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Multilayer perceptrons. */
public final class Mlp {
  private Mlp() {}

  /**
   * A Bayesian perceptron: every weight has a mean-field Gaussian posterior.
   *
   * @param inputs the columns of x
   * @param hidden the units of each hidden layer; none gives a linear model
   * @param activation after each hidden layer
   * @param posterior where log_sigma starts
   */
  public static Network variational(
      int inputs,
      List<Integer> hidden,
      Function activation,
      Likelihood likelihood,
      Prior prior,
      GaussianPosterior posterior) {
    IntFunction<Layer> linear = units -> new VariationalLinear(units, posterior);
    return of(inputs, hidden, activation, likelihood, prior, linear, linear);
  }

  /**
   * The perceptron of the same shape with weights learned as points: by maximum likelihood, or as
   * the mode of their posterior with {@link Network#withPointPrior}. {@link Network#ensemble} makes
   * a deep ensemble of it.
   */
  public static Network deterministic(
      int inputs, List<Integer> hidden, Function activation, Likelihood likelihood) {
    Layer body =
        body(hidden, Linear::new, List.of(activation(activation)), Linear::new, likelihood);
    return points(inputs, body, likelihood);
  }

  /**
   * The deterministic perceptron with dropout after each hidden layer, in prediction too.
   *
   * @param probability of each hidden unit to be dropped, in (0, 1)
   */
  public static Network dropout(
      int inputs,
      List<Integer> hidden,
      Function activation,
      Likelihood likelihood,
      double probability) {
    List<Layer> after = List.of(activation(activation), new Dropout(probability));
    return points(inputs, body(hidden, Linear::new, after, Linear::new, likelihood), likelihood);
  }

  /**
   * A deterministic perceptron whose last layer is Bayesian: hidden weights are learned as points,
   * those of the output layer have a mean-field Gaussian posterior.
   *
   * @param prior of the last layer's weights
   * @param posterior where log_sigma starts
   */
  public static Network lastLayer(
      int inputs,
      List<Integer> hidden,
      Function activation,
      Likelihood likelihood,
      Prior prior,
      GaussianPosterior posterior) {
    IntFunction<Layer> last = units -> new VariationalLinear(units, posterior);
    return of(inputs, hidden, activation, likelihood, prior, Linear::new, last);
  }

  /**
   * A perceptron of any layers: {@code hidden} makes the hidden ones from their units, {@code last}
   * the output layer. Weights with correlations are made by {@link
   * dev.elbo.layer.CorrelatedLinear}.
   */
  public static Network of(
      int inputs,
      List<Integer> units,
      Function activation,
      Likelihood likelihood,
      Prior prior,
      IntFunction<Layer> hidden,
      IntFunction<Layer> last) {
    Layer body = body(units, hidden, List.of(activation(activation)), last, likelihood);
    return new Network(inputs, body, likelihood, prior, new Observations.Labelled());
  }

  private static Network points(int inputs, Layer body, Likelihood likelihood) {
    Prior unused = new Prior.Gaussian(1);
    return new Network(inputs, body, likelihood, unused, new Observations.Labelled());
  }

  private static Layer activation(Function function) {
    return new Layer.Activation(function);
  }

  /** Hidden layers with what follows each of them, and the output layer. */
  private static Layer body(
      List<Integer> hidden,
      IntFunction<Layer> linear,
      List<Layer> after,
      IntFunction<Layer> last,
      Likelihood likelihood) {
    List<Layer> layers = new ArrayList<>();
    for (int units : hidden) {
      layers.add(linear.apply(units));
      layers.addAll(after);
    }
    layers.add(last.apply(likelihood.outputs()));
    return new Layer.Sequential(layers);
  }
}
