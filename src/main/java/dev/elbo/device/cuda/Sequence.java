package dev.elbo.device.cuda;

import dev.elbo.device.cuda.CudaOptions.Replay;
import dev.elbo.device.cuda.Ledger.Kind;
import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/**
 * The launches of a step. With {@link Replay#GRAPH} the first run enqueues them one by one, which
 * also makes the driver load the kernels, the second records them as a CUDA graph, and from then on
 * a step is one call. What changes from step to step is in device memory, so that nothing recorded
 * has to be patched.
 */
final class Sequence {
  private final Context context;
  private final Scope scope;
  private final Replay replay;
  private final List<Launch> launches;
  private boolean ran;
  private @Nullable CUgraphExec recorded;

  Sequence(Context context, Scope scope, Replay replay, List<Launch> launches) {
    this.context = context;
    this.scope = scope;
    this.replay = replay;
    this.launches = List.copyOf(launches);
  }

  /** Enqueues all launches. */
  void enqueue() {
    if (replay == Replay.GRAPH && ran && !launches.isEmpty()) {
      if (recorded == null) {
        recorded = record();
      }
      Driver.check(
          JCudaDriver.cuGraphLaunch(recorded, context.stream()),
          "replaying a step of %d launches".formatted(launches.size()));
    } else {
      launches.forEach(launch -> launch.enqueue(context.stream(), replay == Replay.CHECKED));
      ran = true;
    }
  }

  private CUgraphExec record() {
    try (Scope temporary = scope.nested()) {
      CUgraph graph = capture(temporary);
      CUgraphExec executable = new CUgraphExec();
      Driver.check(
          JCudaDriver.cuGraphInstantiate(executable, graph, 0),
          "preparing a step of %d launches".formatted(launches.size()));
      scope.own(Kind.GRAPH, "a prepared step", () -> JCudaDriver.cuGraphExecDestroy(executable));
      return executable;
    }
  }

  private CUgraph capture(Scope owner) {
    CUgraph graph = new CUgraph();
    Driver.check(
        JCudaDriver.cuStreamBeginCapture(
            context.stream(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
        "recording a step");
    int code;
    try {
      launches.forEach(launch -> launch.enqueue(context.stream(), false));
    } finally {
      // Also after a failure: the stream would stay in capture.
      code = JCudaDriver.cuStreamEndCapture(context.stream(), graph);
      if (code == 0) {
        owner.own(Kind.GRAPH, "a recorded step", () -> JCudaDriver.cuGraphDestroy(graph));
      }
    }
    Driver.check(code, "recording a step");
    return graph;
  }
}
