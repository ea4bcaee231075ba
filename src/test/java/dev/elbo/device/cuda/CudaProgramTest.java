package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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

  /** Memory of a training step of 200 x 96 and 3 x 200 weights: the state's, and the program's. */
  private record Resident(long state, List<CudaMemory> blocks) {
    static final int WEIGHTS = 200 * 96 + 3 * 200;

    static Resident of(CudaOptions options, int samples) {
      Graph graph = SampledNetwork.fused(samples, 4, 96, 200);
      try (CudaDevice device = new CudaDevice(0, options)) {
        Map<String, Buffer> parameters = new HashMap<>();
        long state = 0;
        for (Node node : graph.nodes()) {
          if (node.op() instanceof Leaf.Parameter(String label, Shape shape)) {
            parameters.put(label, device.allocate(shape));
            state += (long) Float.BYTES * shape.elements();
          }
        }
        try (CudaProgram program = (CudaProgram) device.compile(graph, parameters, 1)) {
          return new Resident(state, program.blocks());
        }
      }
    }

    long bytes(String purpose) {
      return blocks.stream()
          .filter(block -> block.purpose().startsWith(purpose))
          .mapToLong(CudaMemory::bytes)
          .sum();
    }
  }

  @Test
  void inTileNeitherNoiseNorWeightsAreStored() {
    for (int samples : new int[] {1, 4}) {
      Resident resident = Resident.of(CudaOptions.of(Precision.F32).with(Weights.IN_TILE), samples);
      assertThat(resident.state()).isEqualTo(24L * Resident.WEIGHTS);
      assertThat(resident.bytes("sampled weights")).isZero();
      // Activations and their gradients of 4 examples, partial sums: far from a tensor of weights.
      for (CudaMemory block : resident.blocks()) {
        assertThat(block.bytes()).as(block.purpose()).isLessThan(2L * Resident.WEIGHTS);
      }
    }
  }

  @Test
  void aheadWeightsAreStoredInTheOperandType() {
    for (Precision precision : Precision.values()) {
      Resident resident = Resident.of(CudaOptions.of(precision).with(Weights.AHEAD), 1);
      assertThat(resident.state()).isEqualTo(24L * Resident.WEIGHTS);
      assertThat(resident.bytes("sampled weights"))
          .isEqualTo((precision == Precision.BF16 ? 2L : 4L) * Resident.WEIGHTS);
    }
  }
}
