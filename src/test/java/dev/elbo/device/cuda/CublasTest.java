package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.AgainstReference;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.DeviceException;
import dev.elbo.device.OpCase;
import dev.elbo.device.OpCases;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CudaOptions.Products;
import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.device.cuda.Ledger.Kind;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Groups;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products by cuBLAS; on the emulated driver by an emulated one. */
@Tag("cuda")
class CublasTest {
  private static final Shape X = Shape.of(2 * 5, 7);
  private static final Shape W = Shape.of(2 * 3, 7);

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
    if (!EmulatedDriver.replacedByCard()) {
      // Before it is loaded, for it stays: this is the only test that loads it.
      aMachineWithoutItIsTold();
    }
    EmulatedDriver.loadCublas();
  }

  private static void aMachineWithoutItIsTold() {
    assertThatThrownBy(() -> device(Precision.F32, Replay.GRAPH))
        .isInstanceOf(DeviceException.class)
        .hasMessage(
            "libcublas.so.12 is not on this machine; install cuBLAS of CUDA 12, or with CUDA 13 put"
                + " the library that bench/forward-cublas builds on LD_LIBRARY_PATH beside"
                + " libcublas.so.13");
    assertThat(Emulation.live()).isZero();
  }

  private static CudaDevice device(Precision precision, Replay replay) {
    return new CudaDevice(0, CudaOptions.of(precision).with(Products.CUBLAS).with(replay));
  }

  @TestFactory
  Stream<DynamicTest> everyRowOfF32() {
    return rows(Precision.F32);
  }

  @TestFactory
  Stream<DynamicTest> everyRowOfBf16() {
    return rows(Precision.BF16);
  }

  private static Stream<DynamicTest> rows(Precision precision) {
    return OpCases.all().stream()
        .filter(
            row ->
                row.op() instanceof Linear
                    || row.op() instanceof LinearBackwardInput
                    || row.op() instanceof LinearBackwardWeight)
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row, precision)));
  }

  private static void check(OpCase row, Precision precision) {
    try (CudaDevice cuda = device(precision, Replay.GRAPH)) {
      switch (precision) {
        case F32 -> AgainstReference.check(row, cuda);
        case BF16 -> AgainstReference.checkBfloat16(row, cuda);
      }
    }
  }

  /** A layer with bias and RELU, and one gradient step of its weights. */
  private static Graph step() {
    Graph graph = new Graph();
    Value x = graph.input("x", X);
    Value w = graph.parameter("w", W);
    Value bias = graph.parameter("bias", Shape.of(1, 3));
    Value y = graph.add(new AddBias(), graph.add(new Linear(2, false), x, w), bias);
    Value relu = graph.add(new Unary(Function.RELU), y);
    graph.output("relu", relu);
    graph.output("dx", graph.add(new LinearBackwardInput(2, false), relu, w));
    graph.output("dw", graph.add(new LinearBackwardWeight(2, false), x, relu));
    return graph;
  }

  /** Three steps, each with the weights that the one before has left: run, recorded, replayed. */
  private static float[] train(Device device) {
    try (device;
        Buffer w = device.allocate(W);
        Buffer bias = device.allocate(Shape.of(1, 3));
        Program program = device.compile(step(), Map.of("w", w, "bias", bias), 1)) {
      float[] weights = ramp(W);
      bias.write(new float[] {0.5f, -0.25f, 0});
      program.input("x").write(ramp(X));
      float[] dw = new float[W.elements()];
      for (int step = 0; step < 3; step++) {
        w.write(weights);
        program.run(step, 0);
        program.output("dw").read(dw);
        for (int i = 0; i < dw.length; i++) {
          weights[i] -= 0.1f * dw[i];
        }
      }
      return weights;
    }
  }

  private static float[] ramp(Shape shape) {
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 % 19 - 9) / 16f;
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void stepsAgreeWithTheReferenceAndRepeatToTheBit(Replay replay) {
    float[] actual = train(device(Precision.F32, replay));
    float[] expected = train(new ReferenceDevice());
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(1e-5f));
    }
    assertThat(train(device(Precision.F32, Replay.GRAPH))).isEqualTo(actual);
  }

  @Test
  void aProductThatFailsIsNamed() {
    Assumptions.assumeFalse(EmulatedDriver.replacedByCard(), "failures are of the emulated driver");
    Emulation.fail("cuLaunchHostFunc", 1, 13);
    try (CudaDevice cuda = device(Precision.F32, Replay.CHECKED)) {
      assertThatThrownBy(() -> train(cuda))
          .isInstanceOf(DeviceException.class)
          .hasMessageContaining("Linear")
          .hasMessageEndingWith(": cublasGemmEx failed with status 13");
    } finally {
      Emulation.failNothing();
    }
  }

  @Test
  void onlyOwnProductsHaveAnEpilogue() {
    assertThat(Groups.of(step(), new CudaEpilogues(Products.OWN)))
        .anyMatch(group -> group.nodes().size() == 3);
    assertThat(Groups.of(step(), new CudaEpilogues(Products.CUBLAS)))
        .allMatch(group -> group.nodes().size() == 1);
  }

  @Test
  void closingGivesItBack() {
    CudaDevice cuda = device(Precision.F32, Replay.GRAPH);
    assertThat(cuda.held()).containsEntry(Kind.LIBRARY, 1);
    cuda.close();
    assertThat(cuda.held()).isEmpty();
  }
}
