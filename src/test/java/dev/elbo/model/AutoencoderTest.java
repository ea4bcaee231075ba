package dev.elbo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Latent;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Parameter;
import dev.elbo.layer.Sampling;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AutoencoderTest {
  private static final int BATCH = 6;
  private static final int SAMPLES = 2;
  private static final Prior PRIOR = new Prior.Gaussian(1);

  private static Network network(
      List<Integer> hidden, List<Integer> latents, Optional<GaussianPosterior> weights) {
    Likelihood likelihood = new Likelihood.Bernoulli(784);
    return Autoencoder.of(784, hidden, latents, Function.TANH, likelihood, weights, PRIOR);
  }

  private static NetworkBuilder built(Network network) {
    Graph graph = new Graph();
    Sampling sampling = new Sampling(Estimator.NAIVE, SAMPLES, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, BATCH, sampling, PRIOR, LatentUse.DIVERGENCE);
    Shape location =
        network.build(builder, graph.input("x", Shape.of(BATCH, 784))).location().shape();
    assertThat(location).isEqualTo(Shape.of(SAMPLES * BATCH, 784));
    return builder;
  }

  private static List<String> weights(NetworkBuilder builder) {
    return builder.points().stream()
        .filter(p -> p.name().endsWith("weight"))
        .map((Parameter p) -> p.name() + " " + p.value().shape())
        .toList();
  }

  /** Burda et al. 2016, section 5: 784-200-200-50 and back. */
  @Test
  void oneLayer() {
    NetworkBuilder builder = built(network(List.of(200, 200), List.of(50), Optional.empty()));
    assertThat(weights(builder))
        .containsExactly(
            "0.0.weight [200x784]",
            "0.2.weight [200x200]",
            "0.4.q.weight [100x200]",
            "1.0.weight [200x50]",
            "1.2.weight [200x200]",
            "1.4.weight [784x200]");
    Latent latent = builder.latents().getFirst();
    assertThat(latent.name()).isEqualTo("0.4.z");
    assertThat(latent.z().shape()).isEqualTo(Shape.of(SAMPLES * BATCH, 50));
    assertThat(latent.term().shape()).isEqualTo(Shape.of(BATCH, 50));
  }

  /** Burda et al. 2016, section 5: 784-200-200-100-100-100-50. */
  @Test
  void twoLayers() {
    NetworkBuilder builder = built(network(List.of(200, 200), List.of(100, 50), Optional.empty()));
    assertThat(weights(builder))
        .containsExactly(
            "0.up.0.0.weight [200x784]",
            "0.up.0.2.weight [200x200]",
            "0.up.1.0.weight [100x200]",
            "0.up.1.2.weight [100x100]",
            "0.q.1.weight [100x100]",
            "0.prior.0.0.weight [100x50]",
            "0.prior.0.2.weight [100x100]",
            "0.q.0.weight [200x250]",
            "0.p.0.weight [200x100]",
            "1.0.weight [200x100]",
            "1.2.weight [200x200]",
            "1.4.weight [784x200]");
    assertThat(builder.latents()).extracting(Latent::name).containsExactly("0.z.1", "0.z.0");
    assertThat(builder.latents())
        .extracting(latent -> latent.term().shape())
        .containsExactly(Shape.of(BATCH, 50), Shape.of(SAMPLES * BATCH, 100));
  }

  @Test
  void theDecodersWeightsMayHaveAPosterior() {
    NetworkBuilder builder =
        built(network(List.of(20), List.of(5), Optional.of(GaussianPosterior.DEFAULT)));
    assertThat(weights(builder)).containsExactly("0.0.weight [20x784]", "0.2.q.weight [10x20]");
    assertThat(builder.factors())
        .extracting(factor -> factor.mu().name())
        .containsExactly("1.0.weight.mu", "1.0.bias.mu", "1.2.weight.mu", "1.2.bias.mu");
  }

  @Test
  void sizesThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> network(List.of(), List.of(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an autoencoder needs at least one latent size");
    assertThatThrownBy(() -> network(List.of(), List.of(0), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a latent size must be positive, got 0");
    assertThatThrownBy(() -> network(List.of(), List.of(3, -1), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a latent size must be positive, got -1");
    assertThatThrownBy(() -> network(List.of(0), List.of(3), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a layer needs at least one unit, got 0");
  }

  @Test
  void theDataIsWhatTheDecoderGives() {
    assertThatThrownBy(
            () ->
                Autoencoder.of(
                    4,
                    List.of(),
                    List.of(2),
                    Function.RELU,
                    new Likelihood.Bernoulli(5),
                    Optional.empty(),
                    PRIOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("an autoencoder of 4 inputs needs as many targets, its likelihood has 5");
  }
}
