package dev.elbo.model;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Hierarchy;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;
import dev.elbo.layer.Stochastic;
import dev.elbo.layer.VariationalLinear;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Variational autoencoders. */
public final class Autoencoder {
  private static final Layer DIRECT = new Layer.Sequential(List.of());

  private Autoencoder() {}

  /**
   * A variational autoencoder (Kingma and Welling 2014): an encoder q(z | x) of hidden layers, and
   * a decoder p(x | z) of the same layers in reverse. With several latent sizes the latent
   * variables are a {@link Hierarchy}, whose layers above the first have hidden layers of twice
   * their size, on the way up and in the prior of the layer below (Burda et al. 2016, section 5:
   * 784-200-200-100-100-100-50). A posterior below the top is a linear map of its features and the
   * draw above: a hidden layer there would narrow what it knows of x.
   *
   * @param inputs the columns of x
   * @param hidden the units of the hidden layers, from the data inwards
   * @param latents the dimensions of z, from the layer next to the data to the top
   * @param activation after each hidden layer
   * @param likelihood p(x | outputs of the decoder), of {@code inputs} targets
   * @param weights the posterior of the decoder's weights; empty learns them as points
   * @param prior of the decoder's weights, where they have a posterior
   * @throws IllegalArgumentException when there are no latents or a size is not positive
   */
  public static Network of(
      int inputs,
      List<Integer> hidden,
      List<Integer> latents,
      Function activation,
      Likelihood likelihood,
      Optional<GaussianPosterior> weights,
      Prior prior) {
    if (latents.isEmpty()) {
      throw new IllegalArgumentException("an autoencoder needs at least one latent size");
    }
    for (int units : latents) {
      // Before the hidden layers of twice this size complain of theirs.
      if (units < 1) {
        throw new IllegalArgumentException("a latent size must be positive, got " + units);
      }
    }
    IntFunction<Layer> decoding =
        units -> weights.<Layer>map(q -> new VariationalLinear(units, q)).orElse(new Linear(units));
    List<Integer> outwards = new ArrayList<>(hidden);
    Collections.reverse(outwards);
    List<Layer> decoder = hidden(outwards, activation, decoding);
    decoder.add(decoding.apply(likelihood.outputs()));
    Layer body =
        new Layer.Sequential(
            List.of(latent(hidden, latents, activation), new Layer.Sequential(decoder)));
    return new Network(inputs, body, likelihood, prior, new Observations.Unlabelled());
  }

  /** From x to a draw of the latents next to the data. */
  private static Layer latent(List<Integer> hidden, List<Integer> latents, Function activation) {
    if (latents.size() == 1) {
      List<Layer> encoder = hidden(hidden, activation, Linear::new);
      encoder.add(new Stochastic(latents.getFirst()));
      return new Layer.Sequential(encoder);
    }
    List<Hierarchy.Level> levels = new ArrayList<>();
    for (int i = 0; i < latents.size(); i++) {
      List<Integer> own = i == 0 ? hidden : wide(latents.get(i));
      List<Integer> between = i + 1 == latents.size() ? List.of() : wide(latents.get(i + 1));
      Layer up = body(own, activation);
      Layer prior = body(between, activation);
      levels.add(new Hierarchy.Level(up, latents.get(i), DIRECT, prior));
    }
    return new Hierarchy(levels);
  }

  private static List<Integer> wide(int latent) {
    return List.of(2 * latent, 2 * latent);
  }

  private static Layer body(List<Integer> hidden, Function activation) {
    return new Layer.Sequential(hidden(hidden, activation, Linear::new));
  }

  private static List<Layer> hidden(
      List<Integer> units, Function activation, IntFunction<Layer> linear) {
    List<Layer> layers = new ArrayList<>();
    for (int n : units) {
      layers.add(linear.apply(n));
      layers.add(new Layer.Activation(activation));
    }
    return layers;
  }
}
