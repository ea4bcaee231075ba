package dev.elbo.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.Op;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerTest {
  private static final Prior PRIOR = new Prior.Gaussian(1);
  private final Graph graph = new Graph();

  private NetworkBuilder builder(Estimator estimator, int samples) {
    return new NetworkBuilder(
        graph, 6, new Sampling(estimator, samples, false), PRIOR, LatentUse.DIVERGENCE);
  }

  private long count(Class<? extends Op> op) {
    return graph.nodes().stream().filter(n -> op.isInstance(n.op())).count();
  }

  @Test
  void parametersAreNamedByTheirPlace() {
    NetworkBuilder builder = builder(Estimator.NAIVE, 2);
    Layer layer =
        new Layer.Sequential(
            List.of(
                new Linear(4),
                new Layer.Activation(Function.RELU),
                new VariationalLinear(3, GaussianPosterior.DEFAULT)));
    Value y = layer.build(builder, graph.input("x", Shape.of(6, 5)));
    assertThat(y.shape()).isEqualTo(Shape.of(12, 3));
    assertThat(builder.points()).extracting(Parameter::name).containsExactly("0.weight", "0.bias");
    assertThat(builder.factors())
        .extracting(f -> f.mu().name())
        .containsExactly("2.weight.mu", "2.bias.mu");
    assertThat(builder.factors().getFirst().logSigma().name()).isEqualTo("2.weight.log_sigma");
    assertThat(builder.factors().getFirst().mu().value().shape()).isEqualTo(Shape.of(3, 4));
  }

  @Test
  void theEstimatorDecidesWhereNoiseEnters() {
    Value x = graph.input("x", Shape.of(6, 5));
    VariationalLinear layer = new VariationalLinear(3, GaussianPosterior.DEFAULT);
    builder(Estimator.LOCAL, 2).within("a", layer, x);
    assertThat(count(LocalLinear.class)).isEqualTo(1);
    Sample local =
        (Sample)
            graph.nodes().stream()
                .map(n -> n.op())
                .filter(Sample.class::isInstance)
                .findFirst()
                .orElseThrow();
    assertThat(local.copies()).as("every example has a bias of its own").isEqualTo(6);
    builder(Estimator.FLIPOUT, 2).within("b", layer, x);
    assertThat(count(FlipoutLinear.class)).isEqualTo(1);
    builder(Estimator.NAIVE, 2).within("c", layer, x);
    assertThat(count(dev.elbo.graph.VariationalLinear.class)).isEqualTo(1);
  }

  /** No two noise-consuming nodes of a network share a site, whatever the estimator. */
  @Test
  void sitesAreDistinct() {
    for (Estimator estimator : Estimator.values()) {
      Graph own = new Graph();
      NetworkBuilder builder =
          new NetworkBuilder(
              own,
              6,
              new Sampling(estimator, 2, false),
              new Prior.ScaleMixture(0.5, 1, 0.1),
              LatentUse.DIVERGENCE);
      VariationalLinear layer = new VariationalLinear(3, GaussianPosterior.DEFAULT);
      new Layer.Sequential(List.of(layer, layer)).build(builder, own.input("x", Shape.of(6, 3)));
      List<Integer> sites =
          own.nodes().stream()
              .flatMap(
                  n ->
                      switch (n.op()) {
                        case dev.elbo.graph.VariationalLinear v ->
                            java.util.stream.Stream.of(v.noise().site());
                        case LocalLinear l -> java.util.stream.Stream.of(l.noise().site());
                        case FlipoutLinear f ->
                            java.util.stream.Stream.of(
                                f.noise().site(), f.inputSigns(), f.outputSigns());
                        case Sample s -> java.util.stream.Stream.of(s.noise().site());
                        default -> java.util.stream.Stream.<Integer>of();
                      })
              .toList();
      assertThat(sites).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void skipsAndBranchesMeetInRows() {
    NetworkBuilder builder = builder(Estimator.NAIVE, 3);
    Value x = graph.input("x", Shape.of(6, 4));
    Layer variational = new VariationalLinear(4, GaussianPosterior.DEFAULT);
    Value skipped = builder.within("r", new Layer.Residual(variational), x);
    assertThat(skipped.shape()).isEqualTo(Shape.of(18, 4));
    assertThat(count(RepeatRows.class)).as("x is repeated for each sample").isEqualTo(1);
    Layer both = new Layer.Concatenate(List.of(new Layer.Identity(), variational));
    assertThat(builder.within("c", both, x).shape()).isEqualTo(Shape.of(18, 8));
    assertThat(count(RepeatRows.class)).isEqualTo(2);
    Layer plain = new Layer.Concatenate(List.of(new Layer.Identity(), new Linear(2)));
    assertThat(builder.within("d", plain, x).shape()).isEqualTo(Shape.of(6, 6));
    assertThat(count(RepeatRows.class)).as("nothing samples there").isEqualTo(2);
  }

  @Test
  void meansStartAsHe2015() {
    Initial.Normal start = new Initial.Normal(Math.sqrt(2.0 / 50), 4);
    float[] values = start.tensor(Shape.of(200, 50), 7).values();
    double sum = 0;
    double squares = 0;
    for (float v : values) {
      sum += v;
      squares += v * v;
    }
    // Five standard errors of mean and variance of 10^4 normals.
    assertThat(sum / values.length).isCloseTo(0, within(5 * 0.2 / 100));
    assertThat(squares / values.length / 0.04).isCloseTo(1, within(5 * Math.sqrt(2e-4)));
    assertThat(start.tensor(Shape.of(200, 50), 7).values()).isEqualTo(values);
    assertThat(start.tensor(Shape.of(200, 50), 8).values()).isNotEqualTo(values);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> new Linear(0)).hasMessage("a layer needs at least one unit, got 0");
    assertThatThrownBy(() -> new VariationalLinear(-1, GaussianPosterior.DEFAULT))
        .hasMessage("a layer needs at least one unit, got -1");
    assertThatThrownBy(() -> new Hierarchy(List.of()))
        .hasMessage("a hierarchy needs at least one layer of latents");
    Likelihood three = new Likelihood.Categorical(3);
    assertThatThrownBy(
            () -> new Network(0, new Linear(3), three, PRIOR, new Observations.Labelled()))
        .hasMessage("a network needs at least one input, got 0");
    Network network = new Network(4, new Linear(2), three, PRIOR, new Observations.Labelled());
    Value x = graph.input("x", Shape.of(6, 4));
    assertThatThrownBy(() -> network.build(builder(Estimator.NAIVE, 1), x))
        .hasMessage("the network has 2 outputs, the likelihood Categorical takes 3");
  }
}
