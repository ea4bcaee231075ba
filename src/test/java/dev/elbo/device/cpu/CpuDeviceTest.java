package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.device.Buffer;
import dev.elbo.device.DeviceException;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Elementwise;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Linear;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the device and its programs promise beside the operations. */
class CpuDeviceTest {
  private final CpuDevice device = new CpuDevice(2);

  @AfterEach
  void close() {
    device.close();
  }

  /** y = x + w. */
  private static Graph sum() {
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.of(2, 3));
    Value w = graph.parameter("w", Shape.of(2, 3));
    graph.output("y", graph.add(new Elementwise.Add(), x, w));
    return graph;
  }

  @Test
  void isNamedCpu() {
    assertThat(device.name()).isEqualTo("cpu");
  }

  @Test
  void runsAProgramOnSharedParameters() {
    Buffer w = device.allocate(Shape.of(2, 3));
    w.write(new float[] {1, 2, 3, 4, 5, 6});
    Program program = device.compile(sum(), Map.of("w", w), 1);
    program.input("x").write(new float[] {10, 20, 30, 40, 50, 60});
    program.run(1, 0);
    float[] y = new float[6];
    program.output("y").read(y);
    assertThat(y).containsExactly(11, 22, 33, 44, 55, 66);
    w.write(new float[6]);
    program.run(2, 0);
    program.output("y").read(y);
    assertThat(y).containsExactly(10, 20, 30, 40, 50, 60);
  }

  /** Products keep the transpose of an input from run to run. */
  @Test
  void aProductSeesEveryWriteToItsInput() {
    Graph graph = new Graph();
    Value x = graph.input("x", Shape.of(2, 3));
    Value w = graph.input("w", Shape.of(1, 3));
    graph.output("y", graph.add(new Linear(1, false), x, w));
    graph.output("x itself", x);
    Program program = device.compile(graph, Map.of(), 1);
    program.input("w").write(new float[] {1, 10, 100});
    float[] y = new float[2];
    program.input("x").write(new float[] {1, 2, 3, 4, 5, 6});
    program.run(1, 0);
    program.output("y").read(y);
    assertThat(y).containsExactly(321, 654);
    program.input("x").write(4, new float[] {7});
    program.run(2, 0);
    program.output("y").read(y);
    assertThat(y).containsExactly(321, 674);
    program.output("x itself").write(new float[] {6, 5, 4, 3, 2, 1});
    program.input("w").write(new float[] {2, 20, 200});
    program.run(3, 0);
    program.output("y").read(y);
    assertThat(y).containsExactly(912, 246);
    program.run(4, 0);
    program.output("y").read(y);
    assertThat(y).containsExactly(912, 246);
    float[] back = new float[6];
    program.input("x").read(back);
    assertThat(back).containsExactly(6, 5, 4, 3, 2, 1);
  }

  @Test
  void buffersStartAtZero() {
    float[] values = {1, 1};
    device.allocate(Shape.of(2)).read(values);
    assertThat(values).containsOnly(0);
  }

  @Test
  void constantsKeepTheirValue() {
    Graph graph = new Graph();
    graph.output("y", graph.add(new Elementwise.Scale(3), graph.constant(0.5, Shape.of(2))));
    Program program = device.compile(graph, Map.of(), 1);
    program.run(1, 0);
    float[] y = new float[2];
    program.output("y").read(y);
    assertThat(y).containsExactly(1.5f, 1.5f);
  }

  @Test
  void leavesCanBeOutputs() {
    Graph graph = new Graph();
    graph.output("same", graph.input("x", Shape.of(2)));
    Program program = device.compile(graph, Map.of(), 1);
    program.input("x").write(new float[] {3, 4});
    program.run(1, 0);
    float[] y = new float[2];
    program.output("same").read(y);
    assertThat(y).containsExactly(3, 4);
  }

  @Test
  void noiseDependsOnSeedStepAndSample() {
    Graph graph = new Graph();
    Value mu = graph.input("mu", Shape.of(4));
    Value w = graph.add(new Sample(new NoiseSite(1, 1, false), 1), mu, mu);
    graph.output("w", w);
    float first = draw(graph, 1, 1, 0);
    assertThat(draw(graph, 1, 1, 0)).isEqualTo(first);
    assertThat(draw(graph, 2, 1, 0)).isNotEqualTo(first);
    assertThat(draw(graph, 1, 2, 0)).isNotEqualTo(first);
    assertThat(draw(graph, 1, 1, 1)).isNotEqualTo(first);
  }

  private float draw(Graph graph, long seed, int step, int sample) {
    Program program = device.compile(graph, Map.of(), seed);
    program.run(step, sample);
    float[] w = new float[4];
    program.output("w").read(w);
    return w[0];
  }

  @Test
  void tellsItsMemory() {
    Buffer w = device.allocate(Shape.of(2, 3));
    Program program = device.compile(sum(), Map.of("w", w), 1);
    // The input x and the arena with y (6 elements each at least) and their padding; not w.
    assertThat(program.memory()).isBetween(2 * 6 * 4L, 2000L);
  }

  @Test
  void refusesMissingParameters() {
    assertThatThrownBy(() -> device.compile(sum(), Map.of(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter 'w' has no buffer");
  }

  @Test
  void refusesParametersOfAnotherShape() {
    Buffer w = device.allocate(Shape.of(3, 2));
    assertThatThrownBy(() -> device.compile(sum(), Map.of("w", w), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("parameter 'w' has shape [2x3], its buffer [3x2]");
  }

  /** It could be changed there without its program knowing. */
  @Test
  void refusesInputsOfProgramsAsParameters() {
    Buffer w = device.allocate(Shape.of(2, 3));
    Buffer x = device.compile(sum(), Map.of("w", w), 1).input("x");
    assertThatThrownBy(() -> device.compile(sum(), Map.of("w", x), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the buffer of parameter 'w' is an input of another program");
  }

  @Test
  void refusesParametersOfAnotherDevice() {
    Buffer w = new ReferenceDevice().allocate(Shape.of(2, 3));
    assertThatThrownBy(() -> device.compile(sum(), Map.of("w", w), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the buffer of parameter 'w' belongs to another device");
  }

  @Test
  void refusesUnknownNames() {
    Buffer w = device.allocate(Shape.of(2, 3));
    Program program = device.compile(sum(), Map.of("w", w), 1);
    assertThatThrownBy(() -> program.input("z"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the graph has no input 'z'");
    assertThatThrownBy(() -> program.output("z"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the graph has no output 'z'");
  }

  @Test
  void refusesArraysOfAnotherLength() {
    Buffer buffer = device.allocate(Shape.of(2, 3));
    assertThatThrownBy(() -> buffer.write(new float[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a buffer of shape [2x3] holds 6 values, got 5");
    assertThatThrownBy(() -> buffer.read(new float[7]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a buffer of shape [2x3] holds 6 values, got 7");
  }

  @Test
  void buffersAreWrittenInPieces() {
    Buffer buffer = device.allocate(Shape.of(2, 3));
    buffer.write(1, new float[] {1, 2});
    buffer.write(3, new float[] {3, 4, 5});
    float[] values = new float[6];
    buffer.read(values);
    assertThat(values).containsExactly(0, 1, 2, 3, 4, 5);
    assertThatThrownBy(() -> buffer.write(5, new float[2]))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Range [5, 5 + 2) out of bounds for length 6");
  }

  @Test
  void tellsWhatThereIsNoMemoryFor() {
    // More elements than an array can have once it is padded, whatever the heap.
    assertThatThrownBy(() -> device.allocate(Shape.of(Integer.MAX_VALUE)))
        .isInstanceOf(DeviceException.class)
        .hasMessage("no memory for a tensor of shape [2147483647]: 8589934588 bytes");
  }

  @Test
  void refusesNoThreads() {
    assertThatThrownBy(() -> new CpuDevice(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the number of threads must be positive, got 0");
  }

  @Test
  void tellsHowToGetTheVectorModule() {
    assertThatThrownBy(() -> CpuDevice.require(new VectorApi(false, "mixed mode")))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "the CPU device needs the Vector API: start Java with --add-modules"
                + " jdk.incubator.vector");
    assertThatCode(() -> CpuDevice.require(VectorApi.probe())).doesNotThrowAnyException();
  }
}
