package dev.elbo.device.cuda;

import dev.elbo.graph.Dropout;
import java.util.List;

/** The launch of dropout, forward and backward alike. */
final class DropoutLaunch {
  private DropoutLaunch() {}

  static List<Launch> of(Dropout op, Binding b) {
    int samples = op.noise().samples();
    int each = b.in(0).shape().elements() / samples;
    long fours = (long) samples * Math.ceilDiv(each, 4);
    Arguments arguments =
        new Arguments()
            .site(b.run(), op.noise())
            .add(samples, each, (int) op.threshold())
            .number(1 / (1 - op.probability()))
            .add(b.in(0).address(), b.out(0).address());
    return List.of(b.launch("dropout", Grid.ofElements(fours), arguments.toArray()));
  }
}
