package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceBuffer;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Parameter;
import dev.elbo.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradients of whole losses with respect to points, against central differences on the
 * reference. Through dropout they agree only if backward draws the masks of forward.
 */
class PointGradientTest {
  private static final int EXAMPLES = 4;
  private static final double KL_WEIGHT = 0.3;

  /** Of the five-point quotient; its truncation error is STEP⁴ f⁽⁵⁾ / 30. */
  private static final double STEP = 1e-4;

  /** Relative error of a slope; measured 8.8e-11. */
  private static final double SLOPE = 9e-10;

  static Stream<PointRuns.Case> cases() {
    return PointRuns.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradientsAgreeWithCentralDifferences(PointRuns.Case run) {
    Graph graph = new Graph();
    List<Parameter> points = loss(graph, run);
    SplittableRandom random = new SplittableRandom(3);
    ReferenceDevice device = new ReferenceDevice();
    Map<String, Buffer> buffers = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter(String name, Shape shape)) {
        buffers.put(name, random(device.allocate(shape), random));
      }
    }
    try (Program program = device.compile(Schedule.composed(graph), buffers, 29)) {
      Examples examples = SmallRuns.examples();
      write(program, "x", examples.inputs());
      write(program, "y", examples.targets());
      for (Parameter point : points) {
        double[] values = ((ReferenceBuffer) buffers.get(point.name())).values();
        double[] direction = random.doubles(values.length, -1, 1).toArray();
        program.run(1, 0);
        double[] gradient = output(program, "d " + point.name()).clone();
        double expected = 0;
        double size = 0;
        for (int i = 0; i < values.length; i++) {
          expected += gradient[i] * direction[i];
          size += Math.abs(gradient[i] * direction[i]);
        }
        assertThat(slope(program, values, direction))
            .as(point.name())
            .isCloseTo(expected, within(SLOPE * (size + 1e-2)));
      }
    }
  }

  /** Adds the loss and its gradients as outputs; returns the points. */
  private static List<Parameter> loss(Graph graph, PointRuns.Case run) {
    Network network = run.network();
    Objective objective = run.objective();
    NetworkBuilder builder =
        new NetworkBuilder(
            graph, EXAMPLES, objective.sampling(), network.prior(), DataTerm.use(objective));
    Value x = graph.input("x", network.inputShape(network.members() * EXAMPLES));
    Value y = graph.input("y", network.targetShape(network.members() * EXAMPLES));
    Value likelihood = network.likelihood().logLikelihood(graph, network.build(builder, x), y);
    Value unused = graph.constant(1, Shape.SCALAR);
    DataTerm data = DataTerm.of(builder, objective, likelihood, unused, 1);
    Value kl = graph.add(new Scale(KL_WEIGHT), builder.divergence());
    Value loss = graph.add(new Add(), data.loss(), kl);
    graph.output("loss", loss);
    List<Value> gradients = LossGradient.REPARAMETERISED.of(graph, loss, builder.points());
    for (int i = 0; i < gradients.size(); i++) {
      graph.output("d " + builder.points().get(i).name(), gradients.get(i));
    }
    return builder.points();
  }

  private static Buffer random(ReferenceBuffer buffer, SplittableRandom random) {
    for (int i = 0; i < buffer.values().length; i++) {
      buffer.values()[i] = 0.5 * random.nextGaussian() - 0.2;
    }
    return buffer;
  }

  private static void write(Program program, String input, float[] values) {
    double[] all = ((ReferenceBuffer) program.input(input)).values();
    for (int i = 0; i < all.length; i++) {
      all[i] = values[i];
    }
  }

  private static double[] output(Program program, String name) {
    return ((ReferenceBuffer) program.output(name)).values();
  }

  private static double slope(Program program, double[] values, double[] direction) {
    double near = at(program, values, direction, STEP) - at(program, values, direction, -STEP);
    double far =
        at(program, values, direction, 2 * STEP) - at(program, values, direction, -2 * STEP);
    return (8 * near - far) / (12 * STEP);
  }

  private static double at(Program program, double[] values, double[] direction, double step) {
    double[] saved = values.clone();
    for (int i = 0; i < values.length; i++) {
      values[i] += step * direction[i];
    }
    program.run(1, 0);
    System.arraycopy(saved, 0, values, 0, values.length);
    return output(program, "loss")[0];
  }
}
