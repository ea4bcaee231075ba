package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.CudaOptions;
import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Training on the CUDA device: as on the CPU, and the same bits however it is arranged. */
@Tag("cuda")
class CudaTrainingTest {
  /**
   * How far fused and composed may be apart, in units of a tensor's root mean square. Measured:
   * Adam 4.4e-7 after a step and 6.2e-7 after 50, SGD 1.4e-7 and 9.0e-7, IVON nothing.
   */
  private static final double FUSION_ERROR = 2e-6;

  private static final Optimizer ADAM = Optimizer.Adam.of(0.01);
  private static final Optimizer IVON = Optimizer.Ivon.of(0.1, 0.5);

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  static List<Optimizer> optimizers() {
    return List.of(ADAM, new Optimizer.Sgd(0.05, 0.9), IVON);
  }

  static List<Arguments> runs() {
    return List.of(
        Arguments.of(Estimator.NAIVE, 1, ADAM),
        Arguments.of(Estimator.NAIVE, 3, new Optimizer.Sgd(0.05, 0.9)),
        Arguments.of(Estimator.NAIVE, 1, IVON),
        Arguments.of(Estimator.LOCAL, 1, ADAM),
        Arguments.of(Estimator.FLIPOUT, 2, ADAM));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void theLossesAreThoseOfTheCpu(Estimator estimator, int samples, Optimizer optimizer) {
    int steps = 200;
    Training training = SmallRuns.training(steps, estimator, samples, optimizer);
    try (Device cpu = new CpuDevice(1);
        Device cuda = new CudaDevice(0, Precision.F32);
        Trainer expected = SmallRuns.trainer(cpu, training);
        Trainer actual = SmallRuns.trainer(cuda, training)) {
      for (int step = 1; step <= steps; step++) {
        double loss = expected.oneStep();
        assertThat(relativeError(actual.oneStep(), loss)).as("step %d", step).isLessThan(1e-3);
      }
    }
  }

  private static double relativeError(double actual, double expected) {
    return Math.abs(actual - expected) / Math.abs(expected);
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void aFusedUpdateIsItsComposition(Optimizer optimizer) {
    Training training = SmallRuns.training(50, Estimator.NAIVE, 2, optimizer);
    for (int steps : new int[] {1, 50}) {
      Map<String, float[]> fused = run(training, steps, Schedule::fused);
      Map<String, float[]> composed = run(training, steps, Schedule::composed);
      composed.forEach(
          (name, values) -> {
            float[] actual = fused.get(name);
            double scale = norm(values);
            for (int i = 0; i < values.length; i++) {
              assertThat(Math.abs(actual[i] - values[i]))
                  .as("%s[%d] after %d steps", name, i, steps)
                  .isLessThanOrEqualTo((float) (FUSION_ERROR * scale));
            }
          });
    }
  }

  /** The root of the mean square. */
  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares / values.length);
  }

  /** The state after some steps of a graph of which the fused and the composed form can be run. */
  private static Map<String, float[]> run(
      Training training, int steps, UnaryOperator<Graph> schedule) {
    Network network = SmallRuns.model().network();
    Examples examples = SmallRuns.examples();
    TrainingGraph step = TrainingGraph.of(network, training, examples.size(), training.batch());
    CudaOptions options = CudaOptions.of(Precision.F32).with(Weights.AHEAD);
    try (Device device = new CudaDevice(0, options)) {
      Map<String, Buffer> buffers = new LinkedHashMap<>();
      for (StateTensor tensor : step.state()) {
        Buffer buffer = device.allocate(tensor.shape());
        buffer.write(tensor.initial().tensor(tensor.shape(), training.seed()).values());
        buffers.put(tensor.name(), buffer);
      }
      Map<String, Buffer> parameters = new LinkedHashMap<>(buffers);
      parameters.putAll(TrainingGraph.data(device, SmallRuns.model(), examples));
      try (Program program =
          device.compile(schedule.apply(step.graph()), parameters, training.seed())) {
        runSteps(program, training, steps);
      }
      Map<String, float[]> state = new LinkedHashMap<>();
      buffers.forEach(
          (name, buffer) -> {
            float[] values = new float[buffer.shape().elements()];
            buffer.read(values);
            state.put(name, values);
          });
      return state;
    }
  }

  private static void runSteps(Program program, Training training, int steps) {
    program.input(TrainingGraph.ROWS).write(SmallRuns.rows(training.batch()));
    program
        .input(TrainingGraph.LEARNING_RATE)
        .write(new float[] {(float) training.optimizer().rate()});
    program.input(TrainingGraph.KL_WEIGHT).write(new float[] {1 / 80f});
    if (training.optimizer() instanceof Optimizer.Ivon ivon) {
      program.input(TrainingGraph.POINT_RATE).write(new float[] {(float) ivon.pointRate()});
    }
    for (int i = 1; i <= steps; i++) {
      program.run(i, 0);
    }
  }

  static List<Arguments> arrangements() {
    return Stream.of(Precision.values())
        .flatMap(
            precision -> Stream.of(ADAM, IVON).map(optimizer -> Arguments.of(precision, optimizer)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("arrangements")
  void theArrangementDoesNotChangeTheBits(Precision precision, Optimizer optimizer) {
    CudaOptions plain = CudaOptions.of(precision).with(Weights.IN_TILE).with(Replay.LAUNCHES);
    State expected = state(plain, optimizer);
    for (Weights weights : Weights.values()) {
      for (Replay replay : Replay.values()) {
        CudaOptions options = plain.with(weights).with(replay);
        same(options.toString(), state(options, optimizer), expected);
      }
    }
  }

  /** The state after steps, a pause in which parameters are written, and more steps. */
  private static State state(CudaOptions options, Optimizer optimizer) {
    Training training = SmallRuns.training(12, Estimator.NAIVE, 2, optimizer);
    try (Device device = new CudaDevice(0, options);
        Trainer trainer = SmallRuns.trainer(device, training)) {
      SmallRuns.losses(trainer, 3);
      State early = trainer.state();
      SmallRuns.losses(trainer, 2);
      trainer.restore(early);
      SmallRuns.losses(trainer, 4);
      return trainer.state();
    }
  }

  private static void same(String what, State actual, State expected) {
    expected
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(actual.tensors().get(name).values())
                    .as(what + ": " + name)
                    .isEqualTo(tensor.values()));
  }
}
