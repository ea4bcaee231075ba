package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How programs move data and enqueue launches. */
@Tag("cuda")
class CudaProgramTest {
  private static final Shape SHAPE = Shape.of(5, 7);

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  /** y = 6 x in two operations, beside a constant. */
  private static Graph graph() {
    Graph graph = new Graph();
    Value x = graph.input("x", SHAPE);
    Value y = graph.add(new Scale(3), graph.add(new Scale(2), x));
    graph.output("y", y);
    graph.output("x", x);
    graph.output("ones", graph.constant(1, Shape.of(3)));
    return graph;
  }

  private static float[] values(float first) {
    float[] values = new float[SHAPE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = first + i;
    }
    return values;
  }

  private static float[] read(Buffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    return values;
  }

  @ParameterizedTest
  @EnumSource(Replay.class)
  void everyRunSeesTheInputsWrittenBeforeIt(Replay replay) {
    CudaOptions options = CudaOptions.of(Precision.F32).with(replay);
    try (CudaDevice device = new CudaDevice(0, options);
        Program program = device.compile(graph(), Map.of(), 1)) {
      for (int run = 0; run < 5; run++) {
        program.input("x").write(values(run));
        program.run(run, 0);
        // What is written now is for the next run.
        program.input("x").write(values(-100));
        float[] y = read(program.output("y"));
        for (int i = 0; i < y.length; i++) {
          assertThat(y[i]).as("run %d, element %d", run, i).isEqualTo(6f * (run + i));
        }
        assertThat(read(program.output("x"))).isEqualTo(values(run));
        assertThat(read(program.output("ones"))).containsExactly(1, 1, 1);
      }
    }
  }
}
