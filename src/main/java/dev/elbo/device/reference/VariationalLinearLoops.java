package dev.elbo.device.reference;

import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import dev.elbo.tensor.Shape;
import java.util.List;

/** {@link VariationalLinear} and its gradients: sampling, then the loops of a linear layer. */
final class VariationalLinearLoops {
  private VariationalLinearLoops() {}

  static void forward(VariationalLinear op, List<ReferenceBuffer> in, ReferenceBuffer y, Run run) {
    ReferenceBuffer w = weights(op.noise(), in.subList(1, 3), run);
    LinearLoops.forward(in.getFirst(), w, y, op.noise().samples(), op.shared());
  }

  static void backwardInput(
      VariationalLinearBackwardInput op, List<ReferenceBuffer> in, ReferenceBuffer dx, Run run) {
    ReferenceBuffer w = weights(op.noise(), in.subList(1, 3), run);
    LinearLoops.backwardInput(in.getFirst(), w, dx, op.noise().samples(), op.shared());
  }

  static void backwardWeight(
      VariationalLinearBackwardWeight op,
      List<ReferenceBuffer> in,
      List<ReferenceBuffer> out,
      Run run) {
    Shape mu = in.get(2).shape();
    ReferenceBuffer eps = SampleLoops.eps(op.noise(), 1, mu, run);
    ReferenceBuffer dw = new ReferenceBuffer(eps.shape());
    LinearLoops.backwardWeight(in.get(0), in.get(1), dw, op.noise().samples(), op.shared());
    SampleLoops.backward(dw, eps, in.get(3), out);
  }

  private static ReferenceBuffer weights(NoiseSite site, List<ReferenceBuffer> gaussian, Run run) {
    Shape mu = gaussian.getFirst().shape();
    ReferenceBuffer w = new ReferenceBuffer(Shape.of(site.samples() * mu.rows(), mu.columns()));
    SampleLoops.forward(new Sample(site, 1), gaussian, w, run);
    return w;
  }
}
