package dev.elbo.device.cuda;

import dev.elbo.graph.Embedding;
import dev.elbo.graph.EmbeddingBackward;
import java.util.List;

/** Launches of rows of tables and of their gradients. */
final class EmbeddingLaunch {
  private EmbeddingLaunch() {}

  static List<Launch> of(Embedding op, Binding b) {
    return List.of(rows(b, op.samples()));
  }

  /** The rows of a table for each sample. */
  static Launch rows(Binding b, int samples) {
    CudaBuffer y = b.out(0);
    int elements = y.shape().elements();
    return b.launch(
        "gather_rows",
        Grid.ofElements(elements),
        elements,
        y.shape().columns(),
        y.shape().rows() / samples,
        b.in(0).shape().rows() / samples,
        b.in(1).shape().elements(),
        b.in(0).address(),
        b.in(1).address(),
        y.address());
  }

  static List<Launch> backward(EmbeddingBackward op, Binding b) {
    CudaBuffer dy = b.in(0);
    int columns = dy.shape().columns();
    long blocks = (long) op.samples() * op.vocabulary() * Math.ceilDiv(columns, 32);
    return List.of(
        b.launch(
            "embedding_backward",
            new Grid(Math.toIntExact(blocks), 1, 1, 256),
            dy.shape().rows() / op.samples(),
            columns,
            op.vocabulary(),
            op.shared() ? 1 : 0,
            dy.address(),
            b.in(1).address(),
            b.out(0).address()));
  }
}
