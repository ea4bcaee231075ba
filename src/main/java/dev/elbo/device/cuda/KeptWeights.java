package dev.elbo.device.cuda;

import jcuda.driver.CUstream;
import org.jspecify.annotations.Nullable;

/** Sampled weights that one step leaves in memory for the next, while they are what it needs. */
final class KeptWeights {
  private final Address address;
  private final CudaBuffer mu;
  private final CudaBuffer logSigma;
  private final Launch draw;
  private @Nullable Contents contents;

  /** Which draw of which parameters the memory holds. */
  private record Contents(int step, int firstSample, int muVersion, int logSigmaVersion) {}

  KeptWeights(WeightPlan.Kept plan, ProgramMemory memory, Precision precision, Kernels kernels) {
    mu = memory.buffer(plan.mu());
    logSigma = memory.buffer(plan.logSigma());
    address =
        memory.allocate(
            precision.bytes() * plan.elements(),
            "sampled weights " + plan.mu().shape(),
            "weights made in the tiles need none");
    draw =
        SampleLaunch.ahead(
            kernels, precision, memory.inputs().run(), plan.noise(), mu, logSigma, address);
  }

  /** Where they are. */
  Address address() {
    return address;
  }

  /** Draws them for a step unless the step before has left them. */
  void prepare(int step, int firstSample, CUstream stream, boolean waiting) {
    if (!of(step, firstSample).equals(contents)) {
      logSigma.settle();
      draw.enqueue(stream, waiting);
    }
    contents = null; // until the step that writes the next is enqueued
  }

  /** Says that a step was enqueued whose update leaves those of the next. */
  void left(int nextStep, int firstSample) {
    contents = of(nextStep, firstSample);
  }

  private Contents of(int step, int firstSample) {
    return new Contents(step, firstSample, mu.version(), logSigma.version());
  }
}
