package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.Buffer;
import dev.elbo.device.OpCase;
import dev.elbo.device.OpCases;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice.Weights;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.tensor.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Results are the same to the bit for any number of threads, in every run, and whether sampled
 * weights are stored or made in tiles.
 */
class CpuThreadsTest {
  private static final CpuDevice ONE = new CpuDevice(1);
  private static final CpuDevice TWO = new CpuDevice(2);
  private static final CpuDevice THREE = new CpuDevice(3);
  private static final CpuDevice IN_TILE = new CpuDevice(2, Weights.IN_TILE);

  @AfterAll
  static void close() {
    ONE.close();
    TWO.close();
    THREE.close();
    IN_TILE.close();
  }

  @TestFactory
  Stream<DynamicTest> everyRow() {
    return OpCases.all().stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  private static void check(OpCase row) {
    OpCase.Result once = row.run(ONE);
    for (CpuDevice device : new CpuDevice[] {ONE, TWO, THREE}) {
      OpCase.Result again = row.run(device);
      same(once.outputs(), again.outputs());
      same(once.parameters(), again.parameters());
    }
  }

  private static void same(Map<String, double[]> expected, Map<String, double[]> actual) {
    assertThat(actual).hasSameSizeAs(expected);
    expected.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
  }

  /** Large enough that every product and the update are shared out in many blocks. */
  @ParameterizedTest
  @EnumSource
  void trainingSteps(TrainingStep.Estimator estimator) {
    TrainingStep model = new TrainingStep(estimator, 70, 300, 210, 2);
    Graph graph = Schedule.fused(model.graph);
    Map<String, double[]> expected = model.run(graph, ONE, 3);
    for (CpuDevice device : new CpuDevice[] {TWO, THREE, THREE, IN_TILE}) {
      same(expected, model.run(graph, device, 3));
    }
  }

  /** One sample, whose update takes another way; more examples than meet a tile at once. */
  @Test
  void oneSampleOfManyExamples() {
    TrainingStep model = new TrainingStep(TrainingStep.Estimator.NAIVE, 300, 70, 50, 1);
    Graph graph = Schedule.fused(model.graph);
    Map<String, double[]> expected = model.run(graph, ONE, 3);
    for (CpuDevice device : new CpuDevice[] {THREE, IN_TILE}) {
      same(expected, model.run(graph, device, 3));
    }
  }

  @Test
  void storedWeightsAreMemoryOfTheProgram() {
    TrainingStep model = new TrainingStep(TrainingStep.Estimator.NAIVE, 3, 70, 50, 4);
    long weights =
        4L * (50 * Tiles.stride(70) + 5 * Tiles.stride(50))
            + 2 * (CpuBuffer.FIRST + CpuBuffer.PADDING);
    assertThat(model.memory(ONE) - model.memory(IN_TILE)).isEqualTo(Float.BYTES * weights);
  }

  /**
   * A divergence may come before the forward pass, when stored weights are those of the last run.
   */
  @Test
  void mixtureBeforeTheForwardPass() {
    for (int step = 1; step < 4; step++) {
      assertThat(mixtureBeforeForward(ONE, step)).isEqualTo(mixtureBeforeForward(IN_TILE, step));
    }
    assertThat(mixtureBeforeForward(ONE, 2)).isNotEqualTo(mixtureBeforeForward(ONE, 1));
  }

  /** The divergence of the last of some runs. */
  private static float mixtureBeforeForward(CpuDevice device, int steps) {
    Shape weights = Shape.of(50, 70);
    NoiseSite noise = new NoiseSite(0, 2, false);
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.of(3, 70));
    Value mu = graph.parameter("mu", weights);
    Value logSigma = graph.parameter("log_sigma", weights);
    Divergence mixture = new Divergence.KlScaleMixture(0.5, 1, 0.1, noise);
    graph.output("kl", graph.add(mixture, mu, logSigma));
    graph.output("y", graph.add(new VariationalLinear(noise, true), x, mu, logSigma));
    Map<String, Buffer> parameters =
        Map.of("mu", device.allocate(weights), "log_sigma", device.allocate(weights));
    try (Program program = device.compile(graph, parameters, 1)) {
      for (int step = 1; step <= steps; step++) {
        program.run(step, 0);
      }
      float[] kl = new float[1];
      program.output("kl").read(kl);
      return kl[0];
    }
  }

  /** A pass before the forward pass must not read the weights of the last run either. */
  @Test
  void backwardPassBeforeTheForwardPass() {
    for (int step = 1; step < 4; step++) {
      assertThat(backwardBeforeForward(ONE, step)).isEqualTo(backwardBeforeForward(IN_TILE, step));
    }
    assertThat(backwardBeforeForward(ONE, 2)).isNotEqualTo(backwardBeforeForward(ONE, 1));
  }

  /** The gradient of the inputs in the last of some runs. */
  private static float[] backwardBeforeForward(CpuDevice device, int steps) {
    Shape weights = Shape.of(50, 70);
    NoiseSite noise = new NoiseSite(0, 1, false);
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.of(3, 70));
    Value dy = graph.input("dy", Shape.of(3, 50));
    Value mu = graph.parameter("mu", weights);
    Value logSigma = graph.parameter("log_sigma", weights);
    Value dx = graph.add(new VariationalLinearBackwardInput(noise, false), dy, mu, logSigma);
    graph.output("dx", dx);
    graph.output("y", graph.add(new VariationalLinear(noise, false), x, mu, logSigma));
    Map<String, Buffer> parameters =
        Map.of("mu", device.allocate(weights), "log_sigma", device.allocate(weights));
    try (Program program = device.compile(graph, parameters, 1)) {
      float[] ones = new float[3 * 50];
      Arrays.fill(ones, 1);
      program.input("dy").write(ones);
      for (int step = 1; step <= steps; step++) {
        program.run(step, 0);
      }
      float[] gradient = new float[3 * 70];
      program.output("dx").read(gradient);
      return gradient;
    }
  }

  /** Nobody reads the weights of a forward pass alone: they would be memory for nothing. */
  @Test
  void predictionsStoreNoWeights() {
    assertThat(memoryOfForward(ONE)).isEqualTo(memoryOfForward(IN_TILE));
  }

  private static long memoryOfForward(CpuDevice device) {
    Shape weights = Shape.of(50, 70);
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.of(3, 70));
    Value mu = graph.parameter("mu", weights);
    Value logSigma = graph.parameter("log_sigma", weights);
    NoiseSite noise = new NoiseSite(0, 4, false);
    graph.output("y", graph.add(new VariationalLinear(noise, true), x, mu, logSigma));
    Map<String, Buffer> parameters =
        Map.of("mu", device.allocate(weights), "log_sigma", device.allocate(weights));
    try (Program program = device.compile(graph, parameters, 1)) {
      return program.memory();
    }
  }
}
