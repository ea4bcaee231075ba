package dev.elbo.device.cuda;

import dev.elbo.graph.ColumnSample;
import dev.elbo.tensor.Shape;
import java.util.List;

/** The launch of draws that all rows share. */
final class ColumnSampleLaunch {
  /** Rows of a thread, as column_sample.cu has them: one draw serves them all. */
  private static final int ROWS = 8;

  private ColumnSampleLaunch() {}

  static List<Launch> of(ColumnSample op, Binding b) {
    int samples = op.noise().samples();
    Shape mean = b.in(0).shape();
    Arguments arguments =
        new Arguments()
            .site(b.run(), op.noise())
            .add(samples, mean.rows(), mean.columns())
            .add(b.in(0).address(), b.in(1).address(), b.out(0).address());
    long threads =
        (long) samples * Math.ceilDiv(mean.rows(), ROWS) * Math.ceilDiv(mean.columns(), 4);
    return List.of(b.launch("column_sample", Grid.ofElements(threads), arguments.toArray()));
  }
}
