package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.CompletableFuture;
import jcuda.Pointer;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUfunction;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The emulated driver does what the real one does, and fails when it is told to. */
@Tag("cuda")
class EmulatedDriverTest {
  private static final int INVALID_VALUE = 1;
  private static final int OUT_OF_MEMORY = 2;
  private static final int NO_DEVICE = 100;
  private static final int INVALID_DEVICE = 101;
  private static final int INVALID_IMAGE = 200;
  private static final int INVALID_CONTEXT = 201;
  private static final int NOT_FOUND = 500;
  private static final int NOT_READY = 600;
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;
  private static final int CAPTURE_UNSUPPORTED = 900;
  private static final int CAPTURE_INVALIDATED = 901;

  private static final int THREADS = 32;

  @BeforeAll
  static void load() {
    EmulatedDriver.loadWithoutCard();
  }

  @AfterEach
  void reset() {
    Emulation.reset();
  }

  private static EmulatedCard card() {
    return new EmulatedCard("probe_add", "writes_outside");
  }

  /** Enqueues values[i] += summand. */
  private static void add(EmulatedCard card, Address values, int count, float summand) {
    EmulatedCard.succeed(card.launch("probe_add", 1, THREADS, values, count, summand));
  }

  @Test
  void memoryIsFullOfNaN() {
    try (EmulatedCard card = card()) {
      assertThat(card.floats(card.allocate(12), 3)).containsOnly(Float.NaN);
    }
  }

  @Test
  void memoryIsFreedOnce() {
    try (EmulatedCard card = card()) {
      Address address = card.allocate(64);
      assertThat(JCudaDriver.cuMemFree(address.plus(4))).isEqualTo(INVALID_VALUE);
      EmulatedCard.succeed(JCudaDriver.cuMemFree(address));
      assertThat(JCudaDriver.cuMemFree(address)).isEqualTo(INVALID_VALUE);
    }
  }

  @Test
  void copiesStayInTheirAllocation() {
    try (EmulatedCard card = card()) {
      Address address = card.allocate(16);
      float[] five = new float[5];
      assertThat(JCudaDriver.cuMemcpyHtoD(address, Pointer.to(five), 20)).isEqualTo(INVALID_VALUE);
      assertThat(JCudaDriver.cuMemcpyDtoH(Pointer.to(five), address, 20)).isEqualTo(INVALID_VALUE);
      assertThat(JCudaDriver.cuMemsetD32(address.plus(4), 0, 4)).isEqualTo(INVALID_VALUE);
      EmulatedCard.succeed(JCudaDriver.cuMemFree(address));
      assertThat(JCudaDriver.cuMemcpyDtoH(Pointer.to(five), address, 4)).isEqualTo(INVALID_VALUE);
    }
  }

  @Test
  void memoryRunsOut() {
    Emulation.memory(1024);
    try (EmulatedCard card = card()) {
      Address first = card.allocate(1000);
      assertThat(JCudaDriver.cuMemAlloc(new Address(), 25)).isEqualTo(OUT_OF_MEMORY);
      long[] free = new long[1];
      long[] total = new long[1];
      EmulatedCard.succeed(JCudaDriver.cuMemGetInfo(free, total));
      assertThat(free[0]).isEqualTo(24);
      assertThat(total[0]).isEqualTo(1024);
      EmulatedCard.succeed(JCudaDriver.cuMemFree(first));
      card.allocate(1024);
    }
  }

  @Test
  void workIsDoneWhenItIsWaitedFor() {
    try (EmulatedCard card = card()) {
      Address values = card.put(1f, 2f, 3f);
      Pointer pinned = new Pointer();
      EmulatedCard.succeed(JCudaDriver.cuMemHostAlloc(pinned, 12, 0));
      FloatBuffer host = pinned.getByteBuffer(0, 12).order(ByteOrder.nativeOrder()).asFloatBuffer();
      CUevent event = new CUevent();
      EmulatedCard.succeed(JCudaDriver.cuEventCreate(event, 0));
      add(card, values, 3, 10);
      EmulatedCard.succeed(JCudaDriver.cuMemcpyDtoHAsync(pinned, values, 12, card.stream));
      EmulatedCard.succeed(JCudaDriver.cuEventRecord(event, card.stream));
      assertThat(host.get(2)).as("read too early").isNaN();
      assertThat(JCudaDriver.cuEventQuery(event)).isEqualTo(NOT_READY);
      EmulatedCard.succeed(JCudaDriver.cuEventSynchronize(event));
      EmulatedCard.succeed(JCudaDriver.cuEventQuery(event));
      assertThat(host.get(2)).isEqualTo(13);
    }
  }

  @Test
  void aFailedKernelIsToldWhenItIsWaitedForAndEndsTheContext() {
    EmulatedCard card = card();
    Address values = card.allocate(4);
    EmulatedCard.succeed(card.launch("writes_outside", 1, 1, values, 1));
    assertThat(JCudaDriver.cuStreamSynchronize(card.stream)).isEqualTo(ILLEGAL_ADDRESS);
    assertThat(JCudaDriver.cuMemFree(values)).isEqualTo(ILLEGAL_ADDRESS);
    card.close();
    try (EmulatedCard next = card()) {
      assertThat(next.run("writes_outside", 1, 1, next.allocate(4), 0)).isZero();
    }
  }

  @Test
  void aLaunchThatNoCardCanRunIsRefused() {
    try (EmulatedCard card = card()) {
      Address values = card.allocate(4);
      assertThat(card.launch("probe_add", 1, 1025, values, 0, 1f)).isEqualTo(INVALID_VALUE);
      assertThat(card.launch("probe_add", 0, 32, values, 0, 1f)).isEqualTo(INVALID_VALUE);
    }
  }

  @Test
  void kernelsAreFoundInTheirModule() {
    try (EmulatedCard card = card()) {
      CUfunction function = new CUfunction();
      EmulatedCard.succeed(JCudaDriver.cuModuleGetFunction(function, card.module(), "probe_add"));
      assertThat(JCudaDriver.cuModuleGetFunction(function, card.module(), "probe_pack"))
          .as("a kernel that another module has")
          .isEqualTo(NOT_FOUND);
      assertThat(JCudaDriver.cuModuleLoadData(new CUmodule(), new byte[64]))
          .isEqualTo(INVALID_IMAGE);
    }
  }

  /** Captures two additions; the arguments are those of the time of the capture. */
  private static CUgraph capture(EmulatedCard card, Address values) {
    CUgraph graph = new CUgraph();
    EmulatedCard.succeed(
        JCudaDriver.cuStreamBeginCapture(
            card.stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_GLOBAL));
    add(card, values, 3, 1);
    add(card, values, 2, 10);
    EmulatedCard.succeed(JCudaDriver.cuStreamEndCapture(card.stream, graph));
    return graph;
  }

  @Test
  void aGraphRepeatsWhatWasCaptured() {
    try (EmulatedCard card = card()) {
      Address values = card.put(0f, 0f, 0f);
      CUgraph graph = capture(card, values);
      assertThat(card.floats(values, 3)).as("captured, not done").containsOnly(0);
      CUgraphExec executable = new CUgraphExec();
      EmulatedCard.succeed(JCudaDriver.cuGraphInstantiate(executable, graph, 0));
      EmulatedCard.succeed(JCudaDriver.cuGraphDestroy(graph));
      EmulatedCard.succeed(JCudaDriver.cuGraphLaunch(executable, card.stream));
      EmulatedCard.succeed(JCudaDriver.cuGraphLaunch(executable, card.stream));
      assertThat(card.floats(values, 3)).containsExactly(22, 22, 2);
      EmulatedCard.succeed(JCudaDriver.cuGraphExecDestroy(executable));
      assertThat(JCudaDriver.cuGraphLaunch(executable, card.stream)).isEqualTo(INVALID_VALUE);
    }
  }

  @Test
  void waitingInACaptureSpoilsIt() {
    try (EmulatedCard card = card()) {
      EmulatedCard.succeed(
          JCudaDriver.cuStreamBeginCapture(
              card.stream, CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL));
      assertThat(JCudaDriver.cuMemAlloc(new Address(), 4)).isEqualTo(CAPTURE_UNSUPPORTED);
      assertThat(JCudaDriver.cuStreamSynchronize(card.stream)).isEqualTo(CAPTURE_UNSUPPORTED);
      assertThat(JCudaDriver.cuStreamEndCapture(card.stream, new CUgraph()))
          .isEqualTo(CAPTURE_INVALIDATED);
    }
  }

  @Test
  void aContextBelongsToTheThreadThatMadeItCurrent() {
    try (EmulatedCard card = card()) {
      int elsewhere =
          CompletableFuture.supplyAsync(() -> JCudaDriver.cuMemAlloc(new Address(), 4)).join();
      assertThat(elsewhere).isEqualTo(INVALID_CONTEXT);
      card.allocate(4);
    }
  }

  @Test
  void callsFailWhenToldTo() {
    try (EmulatedCard card = card()) {
      Emulation.fail("cuMemAlloc", 2, OUT_OF_MEMORY);
      card.allocate(4);
      assertThat(JCudaDriver.cuMemAlloc(new Address(), 4)).isEqualTo(OUT_OF_MEMORY);
      card.allocate(4);
      Emulation.failAny(1, LAUNCH_FAILED);
      assertThat(JCudaDriver.cuMemAlloc(new Address(), 4)).isEqualTo(LAUNCH_FAILED);
      assertThat(JCudaDriver.cuMemAlloc(new Address(), 4))
          .as("the context is lost")
          .isEqualTo(LAUNCH_FAILED);
    }
  }

  @Test
  void thereMayBeNoCard() {
    Emulation.devices(0);
    assertThat(JCudaDriver.cuInit(0)).isEqualTo(NO_DEVICE);
    Emulation.devices(1);
    EmulatedCard.succeed(JCudaDriver.cuInit(0));
    assertThat(JCudaDriver.cuDeviceGet(new CUdevice(), 1)).isEqualTo(INVALID_DEVICE);
  }

  @Test
  void whatIsNotGivenBackIsCounted() {
    long live = Emulation.live();
    long abandoned = Emulation.abandoned();
    EmulatedCard card = card();
    Address address = card.allocate(4);
    card.allocate(4);
    assertThat(Emulation.live() - live).as("context, stream, module, memory").isEqualTo(5);
    EmulatedCard.succeed(JCudaDriver.cuMemFree(address));
    card.close();
    assertThat(Emulation.live()).isEqualTo(live);
    assertThat(Emulation.abandoned() - abandoned).as("stream, module, memory").isEqualTo(3);
  }
}
