package dev.elbo.device.cuda;

import dev.elbo.graph.Node;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.tensor.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log_sigma of weights that IVON steps on, while it is left to follow from the Hessian: steps
 * then neither read nor write it, 8 of 38 bytes a weight. It is written when someone else reads it,
 * and has the same bits as if every step had.
 *
 * <p>Only what is on the card tells whether a log_sigma follows: it does not after a first
 * initialisation on the host, which rounds otherwise, or when someone has written another. It is
 * compared once; until it follows, steps read and write it.
 */
final class FollowingScales {
  private final Context context;
  private final CudaBuffer logSigma;
  private final CudaBuffer hessian;
  private final CudaBuffer differ;
  private final Launch compute;
  private final Launch compare;
  private final Runnable settling = this::settle;
  private final boolean waiting;

  /** What was found to follow, or to have been left so. */
  private @Nullable Versions following;

  /** Whether the step before left the memory of log_sigma behind. */
  private boolean behind;

  private record Versions(int logSigma, int hessian) {}

  /** For an update of the graph, whose log_sigma nothing but it and kept weights read. */
  FollowingScales(
      Context context, Node update, ProgramMemory memory, Kernels kernels, boolean waiting) {
    FusedUpdate op = (FusedUpdate) update.op();
    StepRule.Ivon rule = (StepRule.Ivon) op.rule();
    int inputs = update.inputs().size();
    this.context = context;
    this.waiting = waiting;
    logSigma = memory.buffer(update.input(op.mu(inputs) + 1));
    hessian = memory.buffer(update.input(op.state(inputs) + 1));
    differ = new CudaBuffer(Shape.SCALAR, memory.workspace(update, Float.BYTES), context);
    compute = launch(kernels, "ivon_scales", rule);
    compare = launch(kernels, "ivon_scales_differ", rule, differ.address());
  }

  private Launch launch(Kernels kernels, String kernel, StepRule.Ivon rule, Object... last) {
    long elements = logSigma.shape().elements();
    Arguments arguments =
        new Arguments()
            .add(elements)
            .number(rule.ess())
            .number(rule.weightDecay())
            .add(hessian.address(), logSigma.address())
            .add(last);
    return new KernelLaunch(
        "the scales of " + logSigma.shape(),
        kernels.get(kernel),
        Grid.ofElements(elements),
        List.of(arguments.toArray()));
  }

  /** The tensors that are read and written through this. */
  List<CudaBuffer> buffers() {
    return List.of(logSigma, hessian);
  }

  /** Whether log_sigma follows from the Hessian before a step; looks where that is not known. */
  boolean follows() {
    if (!versions().equals(following)) {
      // What another program has left behind.
      buffers().forEach(CudaBuffer::settle);
      differ.write(new float[1]);
      compare.enqueue(context.stream(), waiting);
      float[] found = new float[1];
      differ.read(found);
      following = found[0] == 0 ? versions() : null;
    }
    return following != null;
  }

  /** Says that a step was enqueued, and whether it left log_sigma to follow. */
  void left(boolean toFollow) {
    behind = toFollow;
    following = toFollow ? versions() : null;
    buffers().forEach(buffer -> buffer.settledBy(settling));
  }

  /** Writes log_sigma where it was left behind. */
  void settle() {
    if (behind && context.isOpen()) {
      behind = false;
      context.enter();
      compute.enqueue(context.stream(), waiting);
    }
  }

  private Versions versions() {
    return new Versions(logSigma.version(), hessian.version());
  }
}
