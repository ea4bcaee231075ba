package dev.elbo.device.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceDeviceTest {
  private final ReferenceDevice device = new ReferenceDevice();
  private final Graph graph = new Graph();
  private final Value w = graph.parameter("w", Shape.of(3));
  private final Value x = graph.input("x", Shape.of(3));
  private final Buffer buffer = device.allocate(Shape.of(3));

  @Test
  void isNamed() {
    assertThat(device.name()).isEqualTo("reference");
  }

  @Test
  void runsOnParametersThatProgramsShare() {
    graph.output(
        "sum", graph.add(new Add(), w, graph.add(new Add(), x, graph.constant(0.5, Shape.of(3)))));
    buffer.write(new float[] {1, 2, 3});
    try (Program one = device.compile(graph, Map.of("w", buffer), 1);
        Program other = device.compile(graph, Map.of("w", buffer), 1)) {
      one.input("x").write(new float[] {10, 20, 30});
      one.run(1, 0);
      other.run(1, 0);
      assertThat(read(one.output("sum"))).containsExactly(11.5f, 22.5f, 33.5f);
      assertThat(read(other.output("sum"))).containsExactly(1.5f, 2.5f, 3.5f);
      // Four values of three doubles beside the parameter: x, the constant, both sums.
      assertThat(one.memory()).isEqualTo(4 * 3 * 8);
    }
  }

  private static float[] read(Buffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    return values;
  }

  @Test
  void buffersCheckLengths() {
    assertThat(read(buffer)).containsExactly(0, 0, 0);
    assertThatThrownBy(() -> buffer.write(new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a buffer of shape [3] has 3 elements, the array 2");
    assertThatThrownBy(() -> buffer.read(new float[4]))
        .hasMessage("a buffer of shape [3] has 3 elements, the array 4");
  }

  @Test
  void buffersAreWrittenInPieces() {
    buffer.write(1, new float[] {1, 2});
    assertThat(read(buffer)).containsExactly(0, 1, 2);
    assertThatThrownBy(() -> buffer.write(2, new float[2]))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Range [2, 2 + 2) out of bounds for length 3");
  }

  @Test
  void parametersAreChecked() {
    assertThatThrownBy(() -> device.compile(graph, Map.of(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter 'w' is missing");
    Buffer wrong = device.allocate(Shape.of(1, 3));
    assertThatThrownBy(() -> device.compile(graph, Map.of("w", wrong), 1))
        .hasMessage("parameter 'w' has shape [1x3], not [3]");
    assertThatThrownBy(() -> device.compile(graph, Map.of("w", new Foreign()), 1))
        .hasMessage("parameter 'w' is in a buffer of another device");
  }

  /** A buffer of some other device. */
  private static final class Foreign implements Buffer {
    @Override
    public Shape shape() {
      return Shape.of(3);
    }

    @Override
    public void write(float[] values) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(int first, float[] values) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void read(float[] values) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void namesAreChecked() {
    try (Program program = device.compile(graph, Map.of("w", buffer), 1)) {
      assertThatThrownBy(() -> program.input("w"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the graph has no input named 'w'");
      assertThatThrownBy(() -> program.output("y")).hasMessage("the graph has no output named 'y'");
    }
  }

  @Test
  void updatesCountStepsFromOne() {
    Value rate = graph.constant(1, Shape.SCALAR);
    Value velocity = graph.parameter("velocity", Shape.of(3));
    graph.addAll(new SgdUpdate(new Sgd(0)), List.of(rate, rate, w, x, velocity));
    Buffer state = device.allocate(Shape.of(3));
    try (Program program = device.compile(graph, Map.of("w", buffer, "velocity", state), 1)) {
      assertThatThrownBy(() -> program.run(0, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the steps of updates count from 1, got 0");
    }
  }

  @Test
  void samplesAreChecked() {
    graph.output("w", graph.add(new Sample(new NoiseSite(0, 2, true), 1), w, x));
    try (Program program = device.compile(graph, Map.of("w", buffer), 1)) {
      assertThatThrownBy(() -> program.run(0, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("antithetic samples begin at an even number, got 1");
      assertThatThrownBy(() -> program.run(0, -2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the first sample must not be negative, got -2");
    }
  }
}
