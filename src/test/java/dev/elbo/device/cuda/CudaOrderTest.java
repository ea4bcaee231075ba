package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The state after training steps is the same to the bit in whatever order blocks run. */
@Tag("cuda")
class CudaOrderTest {
  @BeforeEach
  void load() {
    EmulatedDriver.loadWithoutCard();
    Emulation.reset();
  }

  @AfterEach
  void reset() {
    Emulation.reset();
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theOrderOfBlocksDoesNotChangeTheBits(Precision precision) {
    CudaOptions options = CudaOptions.of(precision).with(Weights.AHEAD);
    Emulation.configure(1, Emulation.Order.FORWARD, 0);
    Map<String, float[]> expected = train(options);
    assertThat(expected.get("mu1")).isNotEqualTo(initial("mu1", 200 * 96));
    for (Emulation.Order order : Emulation.Order.values()) {
      for (int workers = 1; workers <= 2; workers++) {
        Emulation.configure(workers, order, 7);
        Map<String, float[]> actual = train(options);
        for (Map.Entry<String, float[]> tensor : expected.entrySet()) {
          assertThat(actual.get(tensor.getKey()))
              .as("%s, %d workers, %s", tensor.getKey(), workers, order)
              .isEqualTo(tensor.getValue());
        }
      }
    }
  }

  /** The parameters and the optimizer's state after three steps on several tiles. */
  private static Map<String, float[]> train(CudaOptions options) {
    Graph graph = SampledNetwork.fused(2, 4, 96, 200);
    Map<String, Buffer> parameters = new HashMap<>();
    Map<String, float[]> state = new HashMap<>();
    try (CudaDevice device = new CudaDevice(0, options)) {
      for (Node node : graph.nodes()) {
        if (node.op() instanceof Leaf.Parameter(String label, Shape shape)) {
          Buffer buffer = device.allocate(shape);
          buffer.write(initial(label, shape.elements()));
          parameters.put(label, buffer);
        }
      }
      try (Program program = device.compile(graph, parameters, 3)) {
        program.input("rate").write(new float[] {0.01f});
        program.input("x").write(initial("x", 4 * 96));
        for (int step = 1; step <= 3; step++) {
          program.run(step, 0);
        }
      }
      parameters.forEach(
          (name, buffer) -> {
            float[] values = new float[buffer.shape().elements()];
            buffer.read(values);
            state.put(name, values);
          });
    }
    return state;
  }

  /** Small numbers that follow from the name; Adam's averages start at 0. */
  private static float[] initial(String name, int elements) {
    float[] values = new float[elements];
    if (!name.contains(".")) {
      SplittableRandom random = new SplittableRandom(name.hashCode());
      for (int i = 0; i < elements; i++) {
        values[i] = (float) random.nextDouble(-0.5, 0.5);
      }
    }
    return values;
  }
}
