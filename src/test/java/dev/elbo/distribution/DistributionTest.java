package dev.elbo.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributionTest {
  private final Graph graph = new Graph();
  private final List<String> points = new ArrayList<>();
  private final ParameterSource source =
      (name, shape, initial) -> {
        points.add(name + " " + shape + " " + initial);
        return graph.parameter(name, shape);
      };

  @Test
  void priorsSayWhetherTheirDivergenceIsExact() {
    Value mu = graph.parameter("mu", Shape.of(2, 3));
    Value logSigma = graph.parameter("log_sigma", Shape.of(2, 3));
    NoiseSite noise = new NoiseSite(1, 2, false);
    for (Prior prior :
        List.of(
            new Prior.Gaussian(0.5),
            new Prior.Laplace(0.5),
            new Prior.LearnedGaussian(0.25),
            new Prior.ScaleMixture(0.5, 1, 0.01))) {
      Value kl = prior.divergence(graph, source, noise, mu, logSigma);
      Divergence op = (Divergence) graph.node(kl).op();
      assertThat(op.closedForm()).isEqualTo(prior.closedForm());
      assertThat(kl.shape()).isEqualTo(Shape.SCALAR);
      assertThat(prior.closedForm()).isEqualTo(!(prior instanceof Prior.ScaleMixture));
    }
    assertThat(points).containsExactly("prior.log_scale [] " + Math.log(0.25));
  }

  @Test
  void likelihoodsSplitTheOutputs() {
    Value outputs = graph.parameter("outputs", Shape.of(6, 4));
    Value two = graph.input("y", Shape.of(3, 2));
    Likelihood heteroscedastic = new Likelihood.GaussianHeteroscedastic(2);
    assertThat(heteroscedastic.outputs()).isEqualTo(4);
    Likelihood.Parameters p = heteroscedastic.parameters(graph, source, outputs);
    assertThat(p.location().shape()).isEqualTo(Shape.of(6, 2));
    assertThat(p.logScale().orElseThrow().shape()).isEqualTo(Shape.of(6, 2));
    assertThat(heteroscedastic.logLikelihood(graph, p, two).shape()).isEqualTo(Shape.of(6, 1));
    for (Likelihood learned :
        List.of(new Likelihood.GaussianLearned(4, 0.5), new Likelihood.StudentT(4, 3, 0.5))) {
      points.clear();
      Graph own = new Graph();
      ParameterSource there =
          (name, shape, initial) -> {
            points.add(name + " " + shape + " " + initial);
            return own.parameter(name, shape);
          };
      Value out = own.parameter("outputs", Shape.of(6, 4));
      Likelihood.Parameters q = learned.parameters(own, there, out);
      assertThat(points).containsExactly("likelihood.log_scale [4] " + Math.log(0.5));
      Value y = own.input("y", Shape.of(3, 4));
      assertThat(learned.logLikelihood(own, q, y).shape()).isEqualTo(Shape.of(6, 1));
    }
    Value labels = graph.input("labels", Shape.of(3, 1));
    Likelihood categorical = new Likelihood.Categorical(4);
    assertThat(categorical.outputs()).isEqualTo(4);
    assertThat(categorical.targets()).isEqualTo(1);
    Likelihood.Parameters c = categorical.parameters(graph, source, outputs);
    assertThat(categorical.logLikelihood(graph, c, labels).shape()).isEqualTo(Shape.of(6, 1));
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    refused(() -> new Prior.Gaussian(0), "the prior scale must be positive and finite, got 0.0");
    refused(() -> new Prior.Laplace(-1), "the prior scale must be positive and finite, got -1.0");
    refused(
        () -> new Prior.LearnedGaussian(Double.NaN),
        "the initial prior scale must be positive and finite, got NaN");
    refused(
        () -> new Prior.ScaleMixture(1, 1, 1),
        "the mixture weight must be between 0.0 and 1.0, got 1.0");
    refused(
        () -> new Prior.ScaleMixture(0.5, 0, 1),
        "the first prior scale must be positive and finite, got 0.0");
    refused(
        () -> new Prior.ScaleMixture(0.5, 1, 0),
        "the second prior scale must be positive and finite, got 0.0");
    refused(() -> new Likelihood.Categorical(1), "classification needs 2 classes, got 1");
    refused(
        () -> new Likelihood.GaussianKnown(1, 0),
        "the noise scale must be positive and finite, got 0.0");
    refused(
        () -> new Likelihood.GaussianLearned(0, 1),
        "the number of targets must be positive, got 0");
    refused(
        () -> new Likelihood.StudentT(1, 0, 1),
        "the degrees of freedom must be positive and finite, got 0.0");
    refused(() -> new GaussianPosterior(31), "the initial log_sigma must be in -30..30, got 31.0");
  }

  private static void refused(Runnable make, String message) {
    assertThatThrownBy(make::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
