package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.OpCase;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import dev.elbo.model.Mlp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole training steps of a network of two Bayesian layers. */
class CpuTrainingTest {
  private static final int STEPS = 50;
  private static final double RATE = 1e-3;

  /**
   * Adam's first steps are +-rate whatever the size of the gradient, so that where a gradient is
   * near 0 its sign, a matter of rounding, decides; the parameter then differs by a few steps. All
   * others differ by rounding: a step is off by about 1e-4 of itself.
   */
  private static final double MOST = 0.02 * RATE;

  private static final double ALL = 4 * RATE;

  private static TrainingStep model(TrainingStep.Estimator estimator) {
    return new TrainingStep(estimator, 11, 19, 13, 2);
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheReference(TrainingStep.Estimator estimator) {
    TrainingStep model = model(estimator);
    Graph graph = Schedule.fused(model.graph);
    try (CpuDevice cpu = new CpuDevice(2)) {
      close(model.run(graph, cpu, STEPS), model.run(graph, new ReferenceDevice(), STEPS));
    }
  }

  @ParameterizedTest
  @EnumSource
  void fusedAgreesWithComposed(TrainingStep.Estimator estimator) {
    TrainingStep model = model(estimator);
    try (CpuDevice cpu = new CpuDevice(2)) {
      Map<String, double[]> fused = model.run(Schedule.fused(model.graph), cpu, STEPS);
      close(fused, model.run(Schedule.composed(model.graph), cpu, STEPS));
    }
  }

  /** Without a step the divergence is computed by another loop, from weights with narrow rows. */
  @Test
  void aStepThatIsNotFiniteReportsTheDivergenceAllTheSame() {
    Network network =
        Mlp.variational(
            13,
            List.of(5),
            Function.RELU,
            new Likelihood.Categorical(3),
            new Prior.ScaleMixture(0.5, 1, 0.1),
            GaussianPosterior.DEFAULT);
    Graph graph = Trainer.graph(network, Training.of(1, 2, 0.1, 1), 2);
    try (CpuDevice cpu = new CpuDevice(2)) {
      double expected = divergence(graph, new ReferenceDevice());
      assertThat(divergence(graph, cpu)).isCloseTo(expected, withinPercentage(0.01));
    }
  }

  private static double divergence(Graph graph, Device device) {
    Map<String, Buffer> parameters = TrainingStep.state(graph, device);
    Buffer x = parameters.get("data.x");
    float[] values = new float[x.shape().elements()];
    Arrays.fill(values, Float.NaN);
    x.write(values);
    float[] nll = new float[1];
    float[] kl = new float[1];
    try (Program program = device.compile(graph, parameters, 1)) {
      program.run(1, 0);
      program.output("nll").read(nll);
      program.output("kl").read(kl);
    }
    assertThat(nll[0]).isNaN();
    return kl[0];
  }

  private static void close(Map<String, double[]> actual, Map<String, double[]> expected) {
    int count = 0;
    int far = 0;
    for (String name : expected.keySet()) {
      if (name.endsWith(".mu") || name.endsWith(".log_sigma")) {
        double[] a = actual.get(name);
        double[] e = expected.get(name);
        for (int i = 0; i < e.length; i++) {
          double difference = Math.abs(a[i] - e[i]);
          assertThat(difference).as("%s [%d]: %s, not %s", name, i, a[i], e[i]).isLessThan(ALL);
          count++;
          far += difference > MOST ? 1 : 0;
        }
      }
    }
    assertThat(far).as("of %d parameters", count).isLessThanOrEqualTo(count / 100);
    assertThat(actual.get("nll")[0]).isCloseTo(expected.get("nll")[0], offset(1e-4));
    assertThat(actual.get("kl")[0] / expected.get("kl")[0]).isCloseTo(1, offset(1e-5));
  }

  @Test
  void trainingLearns() {
    TrainingStep model = model(TrainingStep.Estimator.NAIVE);
    Graph graph = Schedule.fused(model.graph);
    try (CpuDevice cpu = new CpuDevice(2)) {
      double before = model.run(graph, cpu, 1).get("nll")[0];
      double after = model.run(graph, cpu, 300).get("nll")[0];
      assertThat(after).isLessThan(0.5 * before);
    }
  }

  /** A step whose guard is not finite leaves all state as it was, fused or not. */
  @Test
  void stepsThatAreNotFiniteWriteNothing() {
    TrainingStep model = model(TrainingStep.Estimator.NAIVE);
    for (Graph graph : new Graph[] {Schedule.fused(model.graph), Schedule.composed(model.graph)}) {
      try (CpuDevice cpu = new CpuDevice(2)) {
        Map<String, Buffer> state = TrainingStep.state(graph, cpu);
        Map<String, Buffer> untouched = TrainingStep.state(graph, cpu);
        Program program = model.program(graph, cpu, state);
        float[] x = new float[11 * 19];
        x[5] = Float.NaN;
        program.input("x").write(x);
        program.run(1, 0);
        assertThat(OpCase.values(program.output("nll"))[0]).isNaN();
        state.forEach(
            (name, buffer) ->
                assertThat(OpCase.values(buffer))
                    .as(name)
                    .isEqualTo(OpCase.values(untouched.get(name))));
      }
    }
  }
}
