package dev.elbo.device.cuda;

import dev.elbo.graph.LatentSample;
import dev.elbo.graph.LatentSampleBackward;
import java.util.List;

/** Launches of latent variables, a draw for each example and sample. */
final class LatentSampleLaunch {
  private LatentSampleLaunch() {}

  static List<Launch> of(LatentSample op, Binding b) {
    int samples = op.noise().samples();
    int each = b.out(0).shape().elements() / samples;
    Arguments arguments =
        new Arguments()
            .site(b.run(), op.noise())
            .add(samples, each, op.shared() ? 1 : 0)
            .add(b.in(0).address(), b.in(1).address(), b.out(0).address());
    long fours = (long) samples * Math.ceilDiv(each, 4);
    return List.of(b.launch("latent_sample", Grid.ofElements(fours), arguments.toArray()));
  }

  static List<Launch> backward(LatentSampleBackward op, Binding b) {
    int samples = op.noise().samples();
    int each = b.in(0).shape().elements() / samples;
    int summed = op.shared() ? samples : 1;
    Arguments arguments =
        new Arguments()
            .site(b.run(), op.noise())
            .add(samples, each, summed)
            .add(b.in(0).address(), b.in(1).address(), b.out(0).address(), b.out(1).address());
    long fours = (long) samples / summed * Math.ceilDiv(each, 4);
    return List.of(b.launch("latent_sample_backward", Grid.ofElements(fours), arguments.toArray()));
  }
}
