package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.elbo.device.Buffer;
import dev.elbo.device.DeviceException;
import dev.elbo.device.Program;
import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.tensor.Shape;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told when the driver fails, and that the process can close everything and go on. */
@Tag("cuda")
class CudaFailuresTest {
  private static final int OUT_OF_MEMORY = 2;
  private static final int NO_DEVICE = 100;
  private static final int LAUNCH_OUT_OF_RESOURCES = 701;
  private static final int LAUNCH_FAILED = 719;

  @BeforeEach
  void load() {
    EmulatedDriver.loadWithoutCard();
    Emulation.reset();
  }

  @AfterEach
  void reset() {
    Emulation.reset();
  }

  /**
   * Trains three steps, so that one is launched, one recorded and one replayed; returns the loss.
   */
  private static float train(CudaOptions options) {
    try (CudaDevice device = new CudaDevice(0, options)) {
      Graph graph = SampledNetwork.fused(1);
      try (Program program = device.compile(graph, parameters(device, graph), 1)) {
        return train(program);
      }
    }
  }

  private static Map<String, Buffer> parameters(CudaDevice device, Graph graph) {
    Map<String, Buffer> parameters = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter(String label, Shape shape)) {
        parameters.put(label, device.allocate(shape));
      }
    }
    return parameters;
  }

  private static float train(Program program) {
    float[] sum = {0};
    program.input("rate").write(new float[] {0.1f});
    program.input("x").write(new float[program.input("x").shape().elements()]);
    for (int step = 1; step <= 3; step++) {
      program.run(step, 0);
      program.output("sum").read(sum);
    }
    return sum[0];
  }

  private static CudaOptions options() {
    return CudaOptions.of(Precision.F32).with(Weights.AHEAD);
  }

  /** One failure after which a context is lost, and one after which it goes on. */
  @ParameterizedTest
  @ValueSource(ints = {LAUNCH_FAILED, LAUNCH_OUT_OF_RESOURCES})
  void afterAFailureAnywhereEverythingIsGivenBackAndTrainingWorks(int code) {
    float expected = train(options());
    assertThat(Emulation.live()).isZero();
    long before = Emulation.calls();
    train(options());
    long calls = Emulation.calls() - before;
    assertThat(calls).isGreaterThan(50);
    // The last call gives back the context: when that fails, nothing more can be done.
    for (int n = 1; n < calls; n++) {
      Emulation.failAny(n, code);
      Throwable failure = catchThrowable(() -> train(options()));
      Emulation.failNothing();
      assertThat(Emulation.live()).as("after call %d failed", n).isZero();
      if (failure != null) {
        assertThat(failure).isInstanceOf(DeviceException.class);
        assertThat(failure).message().containsPattern("gives " + code + "|CUDA_ERROR_LAUNCH_");
      }
      if (n % 10 == 0) {
        assertThat(train(options())).isEqualTo(expected);
      }
    }
  }

  @Test
  void everyAllocationThatFailsSaysForWhatAndHowMuch() {
    int failures = 0;
    while (true) {
      Emulation.fail("cuMemAlloc", failures + 1, OUT_OF_MEMORY);
      Throwable failure = catchThrowable(() -> train(options()));
      if (failure == null) {
        break;
      }
      failures++;
      assertThat(failure)
          .isInstanceOf(DeviceException.class)
          .message()
          .matches(
              "out of device memory: .+ needs [\\d.]+ MiB, 8192.0 MiB of 8192.0 MiB are free; "
                  + "(a smaller model needs less|a smaller batch or fewer samples need less"
                  + "|weights made in the tiles need none)");
      assertThat(Emulation.live()).isZero();
    }
    // Twelve tensors of the state, inputs, arena, two layers' weights, partial results.
    assertThat(failures).isGreaterThanOrEqualTo(16);
  }

  @Test
  void aTensorThatDoesNotFitIsNamed() {
    Emulation.memory(1 << 20);
    try (CudaDevice device = new CudaDevice(0, options())) {
      assertThatThrownBy(() -> device.allocate(Shape.of(512, 513)))
          .isInstanceOf(DeviceException.class)
          .hasMessage(
              "out of device memory: a tensor [512x513] needs 1.0 MiB, 1.0 MiB of 1.0 MiB are free;"
                  + " a smaller model needs less");
    }
  }

  @Test
  void aLaunchThatFailsNamesOperationKernelAndGrid() {
    Emulation.fail("cuLaunchKernel", 1, LAUNCH_OUT_OF_RESOURCES);
    assertThatThrownBy(() -> train(options().with(Weights.IN_TILE)))
        .isInstanceOf(DeviceException.class)
        .message()
        .matches(
            "VariationalLinear\\[.*\\] at node \\d+: kernel variational_linear_f32, "
                + "grid \\d+x\\d+x\\d+ of 256 threads failed: "
                + "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES, .+");
    assertThat(Emulation.live()).isZero();
  }

  @Test
  void aReplayThatFailsSaysSo() {
    Emulation.fail("cuGraphLaunch", 1, LAUNCH_FAILED);
    assertThatThrownBy(() -> train(options()))
        .isInstanceOf(DeviceException.class)
        .message()
        .matches("replaying a step of \\d+ launches failed: CUDA_ERROR_LAUNCH_FAILED, .+");
  }

  @Test
  void aKernelThatFailsLaterPointsToTheCheckedReplay() {
    Emulation.fail("cuStreamSynchronize", 1, LAUNCH_FAILED);
    assertThatThrownBy(() -> train(options().with(Replay.LAUNCHES)))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(
            "a kernel on the CUDA device (CudaOptions.Replay.CHECKED tells which) failed: "
                + "CUDA_ERROR_LAUNCH_FAILED, ");
    Emulation.fail("cuStreamSynchronize", 3, LAUNCH_FAILED);
    assertThatThrownBy(() -> train(options().with(Replay.CHECKED).with(Weights.IN_TILE)))
        .isInstanceOf(DeviceException.class)
        .hasMessageMatching(".+ at node \\d+: kernel .+ failed: CUDA_ERROR_LAUNCH_FAILED, .+");
  }

  @Test
  void aCardThatIsTakenAwayIsMissed() {
    Emulation.devices(0);
    assertThat(CudaDevices.probe().missing(0))
        .contains("no NVIDIA card: the driver finds none (cuInit gives 100)");
    assertThatThrownBy(() -> new CudaDevice(0, Precision.F32))
        .isInstanceOf(DeviceException.class)
        .hasMessage("cuda:0: no NVIDIA card: the driver finds none (cuInit gives 100)");
  }

  @Test
  void aDriverThatFailsWhenAskedIsNotUsable() {
    Emulation.fail("cuInit", 1, 34);
    assertThat(CudaDevices.probe().missing(0))
        .contains("no NVIDIA driver: libcuda.so.1 is the toolkit's stub");
    Emulation.fail("cuInit", 1, 999);
    assertThat(CudaDevices.probe().missing(0))
        .contains("the NVIDIA driver does not start (cuInit gives 999)");
    Emulation.fail("cuDeviceGetName", 1, NO_DEVICE);
    assertThat(CudaDevices.probe().missing(0))
        .contains("the NVIDIA driver does not answer (cuDeviceGetName gives 100)");
  }
}
