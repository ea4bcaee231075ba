package dev.elbo.device.cuda;

import dev.elbo.device.SpecialFunctions;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Launches of log-likelihoods and of their gradients. */
final class LogLikelihoodLaunch {
  /** Rows of a block of forward: a warp each. */
  private static final int ROWS_OF_BLOCK = 8;

  private final LogLikelihood op;
  private final Binding b;

  /** What comes before the targets, and they. */
  private final List<CudaBuffer> forward;

  private final Shape outputs;

  private LogLikelihoodLaunch(LogLikelihood op, Binding b, List<CudaBuffer> forward) {
    this.op = op;
    this.b = b;
    this.forward = forward;
    outputs = forward.getFirst().shape();
  }

  static List<Launch> forward(LogLikelihood op, Binding b) {
    LogLikelihoodLaunch launch = new LogLikelihoodLaunch(op, b, b.inputs());
    List<Object> arguments = launch.sizes();
    b.inputs().forEach(x -> arguments.add(x.address()));
    arguments.add(b.out(0).address());
    return List.of(b.launch(launch.kernel(), launch.warpEachRow(), arguments.toArray()));
  }

  static List<Launch> backward(LogLikelihood op, Binding b) {
    List<CudaBuffer> forward = b.inputs().subList(1, b.inputs().size());
    LogLikelihoodLaunch launch = new LogLikelihoodLaunch(op, b, forward);
    return op instanceof LogLikelihood.Categorical
        ? List.of(launch.categoricalBackward())
        : launch.densityBackward();
  }

  private Launch categoricalBackward() {
    List<Object> arguments = sizes();
    b.inputs().forEach(x -> arguments.add(x.address()));
    arguments.add(b.out(0).address());
    return b.launch(kernel() + "_backward", warpEachRow(), arguments.toArray());
  }

  private List<Launch> densityBackward() {
    boolean shared = scaleRows() > 1;
    int groups = shared ? outputs.rows() / scaleRows() : 1;
    RowParts rows = new RowParts(groups, outputs.rows() / groups, outputs.columns());
    boolean inParts = shared && rows.parts() > 1;
    List<Object> arguments = sizes();
    arguments.add(rows.rowsOfPart());
    b.inputs().forEach(x -> arguments.add(x.address()));
    arguments.add(b.out(0).address());
    List<Launch> launches = new ArrayList<>();
    if (op.parameters() == 2) {
      Address scaleSlopes = inParts ? b.workspace(rows.bytes()) : b.out(1).address();
      arguments.add(scaleSlopes);
      if (inParts) {
        launches.addAll(
            ReductionLaunch.sumRows(b, rows.ofParts(), scaleSlopes, b.out(1).address()));
      }
    }
    launches.addFirst(b.launch(kernel() + "_backward", rows.grid(), arguments.toArray()));
    return launches;
  }

  private String kernel() {
    return switch (op) {
      case LogLikelihood.Categorical c -> "categorical";
      case LogLikelihood.Bernoulli l -> "bernoulli";
      case LogLikelihood.Gaussian g -> "gaussian";
      case LogLikelihood.StudentT t -> "student_t";
      case LogLikelihood.Poisson p -> "poisson";
    };
  }

  /** The arguments before the first operand. */
  private List<Object> sizes() {
    List<Object> sizes = new ArrayList<>();
    if (op instanceof LogLikelihood.StudentT(double nu)) {
      sizes.add((float) nu);
      sizes.add((float) logNormalizer(nu));
    }
    sizes.add(outputs.rows());
    sizes.add(outputs.columns());
    sizes.add(forward.getLast().shape().rows());
    if (op.parameters() == 2) {
      sizes.add(scaleRows());
    }
    return sizes;
  }

  /** How many rows share a log_scale: above 1 its gradient is a sum. */
  private int scaleRows() {
    return op.parameters() == 2 ? outputs.rows() / forward.get(1).shape().rows() : 1;
  }

  private Grid warpEachRow() {
    return new Grid(Math.ceilDiv(outputs.rows(), ROWS_OF_BLOCK), 1, 1, 256);
  }

  /** log of the density of Student's t at 0, of scale 1. */
  private static double logNormalizer(double nu) {
    return SpecialFunctions.logGamma((nu + 1) / 2)
        - SpecialFunctions.logGamma(nu / 2)
        - 0.5 * Math.log(nu * Math.PI);
  }
}
