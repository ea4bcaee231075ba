package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.device.Buffer;
import dev.elbo.device.DeviceException;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.Ledger.Kind;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the device and its programs promise beside the operations. */
@Tag("cuda")
class CudaDeviceTest {
  private static final Shape SHAPE = Shape.of(2, 3);

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  private static CudaDevice device() {
    return new CudaDevice(0, Precision.F32);
  }

  /** y = 2 w. */
  private static Graph graph() {
    Graph graph = new Graph();
    Value w = graph.parameter("w", SHAPE);
    graph.input("x", SHAPE);
    graph.output("y", graph.add(new Scale(2), w));
    return graph;
  }

  @Test
  void isNamedAsItIsChosen() {
    try (CudaDevice device = device()) {
      assertThat(device.name()).isEqualTo("cuda:0");
    }
  }

  @Test
  void aCardThatIsNotThereIsRefused() {
    int count = CudaDevices.probe().cards().size();
    assertThatThrownBy(() -> new CudaDevice(count, Precision.F32))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "cuda:%d: there is no such card: this machine has %d, counted from 0"
                .formatted(count, count));
  }

  @Test
  void buffersStartAtZeroAndKeepWhatIsWritten() {
    try (CudaDevice device = device()) {
      Buffer buffer = device.allocate(SHAPE);
      float[] values = {9, 9, 9, 9, 9, 9};
      buffer.read(values);
      assertThat(values).containsOnly(0);
      buffer.write(new float[] {1, 2, 3, 4, 5, 6});
      buffer.read(values);
      assertThat(values).containsExactly(1, 2, 3, 4, 5, 6);
      assertThatThrownBy(() -> buffer.write(new float[5]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a buffer of shape [2x3] has 6 elements, the array 5");
      assertThatThrownBy(() -> buffer.read(new float[7]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a buffer of shape [2x3] has 6 elements, the array 7");
      buffer.write(4, new float[] {7, 8});
      buffer.read(values);
      assertThat(values).containsExactly(1, 2, 3, 4, 7, 8);
      assertThatThrownBy(() -> buffer.write(5, new float[2]))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessage("Range [5, 5 + 2) out of bounds for length 6");
    }
  }

  @Test
  void inputsAndOutputsAreWrittenInPieces() {
    try (CudaDevice device = device();
        Program program = device.compile(graph(), Map.of("w", device.allocate(SHAPE)), 1)) {
      for (Buffer buffer : List.of(program.input("x"), program.output("y"))) {
        buffer.write(new float[] {1, 2, 3, 4, 5, 6});
        buffer.write(2, new float[] {7, 8});
        float[] values = new float[6];
        buffer.read(values);
        assertThat(values).containsExactly(1, 2, 7, 8, 5, 6);
        assertThatThrownBy(() -> buffer.write(5, new float[2]))
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessage("Range [5, 5 + 2) out of bounds for length 6");
      }
    }
  }

  @Test
  void parametersMustFit() {
    try (CudaDevice device = device();
        CudaDevice other = device()) {
      refused(device, Map.of(), "parameter 'w' has no buffer");
      refused(
          device,
          Map.of("w", device.allocate(Shape.of(6))),
          "parameter 'w' has shape [2x3], its buffer [6]");
      String foreign = "the buffer of parameter 'w' belongs to another device";
      refused(device, Map.of("w", new ReferenceDevice().allocate(SHAPE)), foreign);
      refused(device, Map.of("w", other.allocate(SHAPE)), foreign);
    }
  }

  private static void refused(CudaDevice device, Map<String, Buffer> parameters, String message) {
    Map<Kind, Integer> before = device.held();
    assertThatThrownBy(() -> device.compile(graph(), parameters, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertThat(device.held()).isEqualTo(before);
  }

  @Test
  void inputsAndOutputsAreNamed() {
    try (CudaDevice device = device();
        Program program = device.compile(graph(), Map.of("w", device.allocate(SHAPE)), 1)) {
      assertThatThrownBy(() -> program.input("z"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the graph has no input 'z'");
      assertThatThrownBy(() -> program.output("x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the graph has no output 'x'");
      assertThatThrownBy(() -> program.input("x").write(new float[5]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a buffer of shape [2x3] has 6 elements, the array 5");
    }
  }

  @Test
  void programsShareParameters() {
    try (CudaDevice device = device()) {
      Buffer w = device.allocate(SHAPE);
      try (Program first = device.compile(graph(), Map.of("w", w), 1);
          Program second = device.compile(graph(), Map.of("w", w), 1)) {
        for (float value = 1; value < 4; value++) {
          w.write(new float[] {value, 0, 0, 0, 0, 0});
          assertThat(y(first)).startsWith(2 * value);
          assertThat(y(second)).startsWith(2 * value);
        }
      }
    }
  }

  private static float[] y(Program program) {
    program.run(1, 0);
    float[] y = new float[6];
    program.output("y").read(y);
    return y;
  }

  @Test
  void aThreadCanUseTwoDevicesInTurn() {
    try (CudaDevice one = device();
        CudaDevice two = device()) {
      Buffer first = one.allocate(SHAPE);
      Buffer second = two.allocate(SHAPE);
      first.write(new float[] {1, 1, 1, 1, 1, 1});
      try (Program program = one.compile(graph(), Map.of("w", first), 1)) {
        second.write(new float[] {5, 5, 5, 5, 5, 5});
        assertThat(y(program)).containsOnly(2);
      }
    }
  }

  @Test
  void closingGivesBackWhatWasForgotten() {
    CudaDevice device = device();
    Program program = device.compile(graph(), Map.of("w", device.allocate(SHAPE)), 1);
    for (int run = 0; run < 3; run++) {
      y(program);
    }
    assertThat(device.held())
        .containsKeys(Kind.CONTEXT, Kind.STREAM, Kind.EVENT, Kind.MODULE, Kind.GRAPH)
        .containsKeys(Kind.MEMORY, Kind.PINNED_MEMORY);
    device.close();
    assertThat(device.held()).isEmpty();
    program.close();
    device.close();
  }

  @Test
  void aClosedProgramHoldsNothing() {
    try (CudaDevice device = device()) {
      Buffer w = device.allocate(SHAPE);
      try (Program program = device.compile(graph(), Map.of("w", w), 1)) {
        y(program);
      }
      Map<Kind, Integer> before = device.held(); // the kernels stay loaded
      Program program = device.compile(graph(), Map.of("w", w), 1);
      for (int run = 0; run < 3; run++) {
        y(program);
      }
      assertThat(device.held()).isNotEqualTo(before);
      program.close();
      program.close();
      assertThat(device.held()).isEqualTo(before);
      closed("the program is closed", () -> program.input("x").write(new float[6]));
      closed("the program is closed", () -> program.output("y").read(new float[6]));
      closed("the program is closed", () -> program.run(1, 0));
    }
  }

  @Test
  void aClosedBufferGivesItsMemoryBack() {
    try (CudaDevice device = device()) {
      Map<Kind, Integer> before = device.held();
      Buffer buffer = device.allocate(Shape.of(1000));
      assertThat(device.held()).isNotEqualTo(before);
      buffer.close();
      buffer.close();
      assertThat(device.held()).isEqualTo(before);
    }
  }

  @Test
  void aClosedDeviceSaysSo() {
    CudaDevice device = device();
    Buffer w = device.allocate(SHAPE);
    Program program = device.compile(graph(), Map.of("w", w), 1);
    device.close();
    String message = "the CUDA device is closed";
    closed(message, () -> device.allocate(SHAPE));
    closed(message, () -> device.compile(graph(), Map.of("w", w), 1));
    closed(message, () -> program.run(1, 0));
    closed(message, () -> w.read(new float[6]));
    closed(message, () -> w.write(new float[6]));
  }

  private static void closed(String message, Runnable use) {
    assertThatThrownBy(use::run).isInstanceOf(IllegalStateException.class).hasMessage(message);
  }

  @Test
  void theMemoryOfAProgramIsListed() {
    try (CudaDevice device = device();
        CudaProgram program =
            (CudaProgram) device.compile(graph(), Map.of("w", device.allocate(SHAPE)), 1)) {
      assertThat(program.blocks().stream().map(CudaMemory::purpose))
          .containsExactly("the inputs and constants", "the values of the graph");
      // The numbers of the run and the input, 256-byte aligned; y in the arena, 64-byte aligned.
      assertThat(program.memory()).isEqualTo(2 * 256 + 64);
    }
  }
}
