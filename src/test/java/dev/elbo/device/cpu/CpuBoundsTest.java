package dev.elbo.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.OpCase;
import dev.elbo.device.OpCases;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Node;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Kernels write their results and nothing else, and use their operands and nothing else: with
 * not-a-numbers around every tensor the results are the same and the surroundings stay.
 */
class CpuBoundsTest {
  private static final int ZONE = 96;

  private static final Workers WORKERS = new Workers(2);
  private static final CpuDevice CPU = new CpuDevice(2);

  @AfterAll
  static void close() {
    WORKERS.close();
    CPU.close();
  }

  @TestFactory
  Stream<DynamicTest> everyRow() {
    return OpCases.all().stream().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  private static void check(OpCase row) {
    List<CpuBuffer> inputs = new ArrayList<>();
    for (int i = 0; i < row.operands().size(); i++) {
      CpuBuffer buffer = guarded(row.operands().get(i).shape());
      buffer.write(row.elements(i));
      inputs.add(buffer);
    }
    OpCase.Built built = row.build();
    List<CpuBuffer> outputs =
        built.results().stream().map(Value::shape).map(CpuBoundsTest::guarded).toList();
    run(row, built.graph().nodes().getLast(), inputs, outputs);
    OpCase.Result expected = row.run(CPU);
    for (int i = 0; i < outputs.size(); i++) {
      same(row + " y" + i, outputs.get(i), expected.outputs().get("y" + i));
    }
    for (int i = 0; i < inputs.size(); i++) {
      String name = row.operands().get(i).name();
      double[] written = expected.parameters().get(name);
      same(row + " " + name, inputs.get(i), written == null ? doubles(row.elements(i)) : written);
    }
  }

  private static void run(OpCase row, Node node, List<CpuBuffer> inputs, List<CpuBuffer> outputs) {
    Run run = new Run(OpCase.SEED);
    run.step = row.step();
    run.firstSample = row.firstSample();
    Workspace measured = Workspace.measuring();
    kernel(node, inputs, outputs, measured, run);
    kernel(node, inputs, outputs, measured.allocate(), run).run();
  }

  private static Kernel kernel(
      Node node, List<CpuBuffer> inputs, List<CpuBuffer> outputs, Workspace workspace, Run run) {
    StoredWeights none = StoredWeights.none();
    OperandPanels nothing = OperandPanels.of(new Graph(), List.of(), Map.of());
    return Kernels.of(
        new Binding(node, inputs, outputs, WORKERS, workspace, none, nothing, run, Epilogue.NONE));
  }

  private static CpuBuffer guarded(Shape shape) {
    float[] array = new float[shape.elements() + 2 * ZONE];
    Arrays.fill(array, Float.NaN);
    return new CpuBuffer(shape, array, ZONE);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private static void same(String what, CpuBuffer buffer, double[] expected) {
    assertThat(OpCase.values(buffer)).as(what).isEqualTo(expected);
    for (int i = 0; i < ZONE; i++) {
      assertThat(buffer.array()[i]).as("%s, %d before", what, ZONE - i).isNaN();
      int after = ZONE + expected.length + i;
      assertThat(buffer.array()[after]).as("%s, %d after", what, i + 1).isNaN();
    }
  }
}
