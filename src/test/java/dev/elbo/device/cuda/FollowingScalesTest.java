package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** IVON's log_sigma that steps do not write is, for all who look, as if they had. */
@Tag("cuda")
class FollowingScalesTest {
  private static final String SCALES = "log_sigma1";
  private static final String HESSIAN = "mu1.h";

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  /** A training run and the forward pass of the same parameters. */
  private record Run(
      CudaDevice device, Map<String, Buffer> buffers, Program training, Program forward)
      implements AutoCloseable {
    static Run of(Weights weights, Replay replay) {
      CudaDevice device =
          new CudaDevice(0, CudaOptions.of(Precision.F32).with(weights).with(replay));
      Graph graph = SampledNetwork.ivon(2);
      Map<String, Buffer> buffers = new LinkedHashMap<>();
      Random random = new Random(3);
      graph.nodes().stream()
          .map(Node::op)
          .filter(Leaf.Parameter.class::isInstance)
          .map(Leaf.Parameter.class::cast)
          .forEach(leaf -> buffers.put(leaf.label(), filled(device, leaf, random)));
      Program training = device.compile(graph, buffers, 7);
      Program forward = device.compile(SampledNetwork.forward(2), buffers, 7);
      training.input("rate").write(new float[] {0.1f});
      x(training, 1);
      x(forward, 1);
      return new Run(device, buffers, training, forward);
    }

    private static Buffer filled(CudaDevice device, Leaf.Parameter leaf, Random random) {
      Buffer buffer = device.allocate(leaf.shape());
      float[] values = new float[leaf.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        double at = leaf.label().endsWith(".h") ? 0.5 : leaf.label().startsWith("log") ? -2 : 0;
        values[i] = (float) (at + 0.3 * random.nextDouble());
      }
      buffer.write(values);
      return buffer;
    }

    private static void x(Program program, double scale) {
      float[] x = new float[program.input("x").shape().elements()];
      for (int i = 0; i < x.length; i++) {
        x[i] = (float) (scale * Math.sin(i));
      }
      program.input("x").write(x);
    }

    void steps(int first, int last) {
      for (int step = first; step <= last; step++) {
        training.run(step, 0);
      }
    }

    float[] read(String name) {
      return values(buffers.get(name));
    }

    @Override
    public void close() {
      training.close();
      forward.close();
      device.close();
    }
  }

  private static float[] values(Buffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    return values;
  }

  /** What is in the card's memory, whoever should have written it. */
  private static float[] memory(Buffer buffer) {
    CudaBuffer tensor = (CudaBuffer) buffer;
    float[] values = new float[tensor.shape().elements()];
    JCudaDriver.cuMemcpyDtoH(Pointer.to(values), tensor.address(), tensor.bytes());
    return values;
  }

  @Test
  void stepsLeaveThemBehind() {
    try (Run run = Run.of(Weights.AHEAD, Replay.GRAPH)) {
      // What is random does not follow: the first step writes.
      run.steps(1, 1);
      float[] first = memory(run.buffers.get(SCALES));
      assertThat(first).isEqualTo(run.read(SCALES));
      run.steps(2, 4);
      assertThat(memory(run.buffers.get(SCALES))).isEqualTo(first);
      float[] read = run.read(SCALES);
      assertThat(read).isNotEqualTo(first);
      assertThat(memory(run.buffers.get(SCALES))).isEqualTo(read);
      float[] hessian = run.read(HESSIAN);
      for (int i = 0; i < read.length; i++) {
        assertThat(read[i])
            .isCloseTo((float) (-0.5 * Math.log(80 * (hessian[i] + 1 / 80.0))), within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Replay.class)
  void allWhoLookSeeWhatStepsWouldHaveWritten(Replay replay) {
    same(replay, run -> run.steps(1, 3));
    same(
        replay,
        run -> {
          run.steps(1, 3);
          run.read(SCALES);
          run.steps(4, 5);
        });
    same(
        replay,
        run -> {
          run.steps(1, 3);
          run.forward.run(4, 0);
          run.steps(4, 5);
        });
    same(
        replay,
        run -> {
          run.steps(1, 3);
          run.training.close();
        });
  }

  @ParameterizedTest
  @EnumSource(Replay.class)
  void whatIsWrittenIsSteppedFrom(Replay replay) {
    for (String name : List.of(SCALES, HESSIAN, "mu1")) {
      same(
          replay,
          run -> {
            run.steps(1, 3);
            run.buffers.get(name).write(3, new float[] {0.7f, 0.8f});
            run.steps(4, 6);
          });
      same(
          replay,
          run -> {
            run.steps(1, 3);
            run.buffers.get(name).write(3, new float[] {0.7f, 0.8f});
          });
    }
  }

  @ParameterizedTest
  @EnumSource(Replay.class)
  void aStepThatIsNotFiniteKeepsThem(Replay replay) {
    same(
        replay,
        run -> {
          run.steps(1, 3);
          Run.x(run.training, Double.NaN);
          run.steps(4, 4);
          Run.x(run.training, 1);
          run.steps(5, 6);
        });
    try (Run run = Run.of(Weights.AHEAD, replay)) {
      run.steps(1, 3);
      float[] own = new float[run.buffers.get(SCALES).shape().elements()];
      Arrays.fill(own, -1);
      run.buffers.get(SCALES).write(own);
      Run.x(run.training, Double.NaN);
      run.steps(4, 5);
      assertThat(run.read(SCALES)).isEqualTo(own);
    }
  }

  @Test
  void twoProgramsMayStepOnTheSameWeights() {
    same(
        Replay.GRAPH,
        run -> {
          try (Program other = run.device.compile(SampledNetwork.ivon(2), run.buffers, 9)) {
            other.input("rate").write(new float[] {0.2f});
            Run.x(other, 0.5);
            for (int step = 1; step < 6; step++) {
              run.steps(step, step + 1);
              other.run(step, 2);
            }
          }
        });
  }

  /** Does the same with scales that are left to follow and with scales that every step writes. */
  private static void same(Replay replay, Consumer<Run> script) {
    try (Run following = Run.of(Weights.AHEAD, replay);
        Run written = Run.of(Weights.IN_TILE, replay)) {
      script.accept(following);
      script.accept(written);
      assertThat(values(following.forward.output("sum")))
          .isEqualTo(values(written.forward.output("sum")));
      written.buffers.forEach(
          (name, buffer) -> assertThat(following.read(name)).as(name).isEqualTo(values(buffer)));
      following.forward.run(9, 0);
      written.forward.run(9, 0);
      assertThat(values(following.forward.output("sum")))
          .isEqualTo(values(written.forward.output("sum")));
    }
  }
}
