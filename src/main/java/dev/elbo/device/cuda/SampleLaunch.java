package dev.elbo.device.cuda;

import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.tensor.Shape;
import java.util.List;

/** Launches of sampled weights that are stored. */
final class SampleLaunch {
  private SampleLaunch() {}

  static List<Launch> of(Sample op, Binding b) {
    Shape mu = b.in(0).shape();
    FourWeights four = FourWeights.of(mu).times(op.copies());
    Arguments arguments =
        new Arguments()
            .site(b.run(), op.noise())
            .add(op.noise().samples())
            .weights(four)
            .add(mu.elements(), b.in(0).address(), b.in(1).address(), b.out(0).address());
    return List.of(b.launch("sample", four.grid(), arguments.toArray()));
  }

  static List<Launch> backward(SampleBackward op, Binding b) {
    FourWeights four = FourWeights.of(b.in(1).shape());
    Arguments arguments =
        new Arguments()
            .site(b.run(), op.noise())
            .add(op.noise().samples(), op.copies())
            .weights(four)
            .add(b.in(0).address(), b.in(2).address(), b.out(0).address(), b.out(1).address());
    return List.of(b.launch("sample_backward", four.grid(), arguments.toArray()));
  }

  /**
   * Draws W [S*N, K] of a matrix in the operands' type, as the fused update of the step before
   * would have left it.
   */
  static Launch ahead(
      Kernels kernels,
      Precision precision,
      Address run,
      NoiseSite noise,
      CudaBuffer mu,
      CudaBuffer logSigma,
      Address w) {
    FourWeights four = FourWeights.of(mu.shape());
    Arguments arguments =
        new Arguments()
            .site(run, noise)
            .add(noise.samples(), four.rows(), four.columns())
            .add(mu.address(), logSigma.address(), w);
    return new KernelLaunch(
        "the first weights of " + mu.shape(),
        kernels.get("sample_ahead" + precision.suffix()),
        four.grid(),
        List.of(arguments.toArray()));
  }
}
