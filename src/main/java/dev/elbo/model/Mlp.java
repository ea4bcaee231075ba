package dev.elbo.model;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
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
    Layer body =
        body(hidden, activation, likelihood, units -> new VariationalLinear(units, posterior));
    return new Network(inputs, body, likelihood, prior, new Observations.Labelled());
  }

  /** The perceptron of the same shape with weights learned as points, by maximum likelihood. */
  public static Network deterministic(
      int inputs, List<Integer> hidden, Function activation, Likelihood likelihood) {
    Layer body = body(hidden, activation, likelihood, Linear::new);
    Prior unused = new Prior.Gaussian(1);
    return new Network(inputs, body, likelihood, unused, new Observations.Labelled());
  }

  private static Layer body(
      List<Integer> hidden, Function activation, Likelihood likelihood, IntFunction<Layer> linear) {
    List<Layer> layers = new ArrayList<>();
    for (int units : hidden) {
      layers.add(linear.apply(units));
      layers.add(new Layer.Activation(activation));
    }
    layers.add(linear.apply(likelihood.outputs()));
    return new Layer.Sequential(layers);
  }
}
