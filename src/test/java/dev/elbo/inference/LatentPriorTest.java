package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceBuffer;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Sampling;
import dev.elbo.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generation: latent variables come from the prior alone. */
class LatentPriorTest {
  private static final int SAMPLES = 4_000;
  private static final int INPUTS = 3;

  static Stream<LinearLatents> models() {
    return Stream.of(LinearLatents.oneLayer(), LinearLatents.twoLayers());
  }

  private static Graph graph(LinearLatents model) {
    Graph graph = new Graph();
    Sampling sampling = new Sampling(Estimator.NAIVE, SAMPLES, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, 1, sampling, model.network().prior(), LatentUse.PRIOR);
    Value x = graph.input("x", Shape.of(1, INPUTS));
    graph.output("mean", model.network().build(builder, x).location());
    assertThat(builder.latents()).isEmpty();
    return Schedule.composed(graph);
  }

  @ParameterizedTest
  @MethodSource("models")
  void nothingOfQIsComputed(LinearLatents model) {
    assertThat(graph(model).nodes())
        .noneMatch(node -> node.op() instanceof Leaf.Parameter p && LinearLatents.isOfQ(p.label()))
        .noneMatch(node -> node.inputs().stream().anyMatch(v -> graph(model).label(v).equals("x")));
  }

  /** x - noise = W z + b is Gaussian; its moments follow from those of z. */
  @ParameterizedTest
  @MethodSource("models")
  void theDrawsHaveTheMomentsOfTheModel(LinearLatents model) {
    double[] x = means(model);
    double[] mean = model.meanOfLocation();
    double[][] covariance = model.covarianceOfLocation();
    for (int i = 0; i < INPUTS; i++) {
      double error = Math.sqrt(covariance[i][i] / SAMPLES);
      assertThat(mean(x, i, i, new double[INPUTS], false)).isCloseTo(mean[i], within(4 * error));
      for (int j = 0; j < INPUTS; j++) {
        // The variance of a product of two Gaussians.
        double squares = covariance[i][i] * covariance[j][j] + Math.pow(covariance[i][j], 2);
        assertThat(mean(x, i, j, mean, true))
            .as("covariance of %d and %d", i, j)
            .isCloseTo(covariance[i][j], within(4 * Math.sqrt(squares / SAMPLES)));
      }
    }
  }

  /** Of column i, or of the product of columns i and j, each less its centre. */
  private static double mean(double[] x, int i, int j, double[] center, boolean product) {
    double sum = 0;
    for (int s = 0; s < SAMPLES; s++) {
      double a = x[s * INPUTS + i] - center[i];
      sum += product ? a * (x[s * INPUTS + j] - center[j]) : a;
    }
    return sum / SAMPLES;
  }

  private static double[] means(LinearLatents model) {
    Graph graph = graph(model);
    ReferenceDevice device = new ReferenceDevice();
    Map<String, Buffer> parameters = new LinkedHashMap<>();
    for (dev.elbo.graph.Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter leaf) {
        ReferenceBuffer buffer = device.allocate(leaf.shape());
        double[] values = model.parameters().get(leaf.label());
        System.arraycopy(values, 0, buffer.values(), 0, values.length);
        parameters.put(leaf.label(), buffer);
      }
    }
    try (Program program = device.compile(graph, parameters, 31)) {
      program.run(1, 0);
      return ((ReferenceBuffer) program.output("mean")).values().clone();
    }
  }
}
