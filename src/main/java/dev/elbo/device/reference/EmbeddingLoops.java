package dev.elbo.device.reference;

import dev.elbo.graph.Embedding;
import dev.elbo.graph.EmbeddingBackward;
import java.util.List;

/** {@link Embedding} and its gradient. */
final class EmbeddingLoops {
  private EmbeddingLoops() {}

  static void forward(Embedding op, List<ReferenceBuffer> in, ReferenceBuffer y) {
    ReferenceBuffer table = in.get(0);
    int vocabulary = table.rows() / op.samples();
    for (int r = 0; r < y.rows(); r++) {
      int row = tableRow(in.get(1), r, y.rows() / op.samples(), vocabulary);
      for (int c = 0; c < y.columns(); c++) {
        y.set(r, c, table.get(row, c));
      }
    }
  }

  static void backward(EmbeddingBackward op, List<ReferenceBuffer> in, ReferenceBuffer dTable) {
    ReferenceBuffer dy = in.get(0);
    dTable.fill(0);
    for (int r = 0; r < dy.rows(); r++) {
      int row = tableRow(in.get(1), r, dy.rows() / op.samples(), op.vocabulary());
      for (int c = 0; c < dy.columns(); c++) {
        dTable.add(row, c, dy.get(r, c));
      }
    }
  }

  private static int tableRow(ReferenceBuffer tokens, int row, int rowsOfSample, int vocabulary) {
    return row / rowsOfSample * vocabulary + (int) tokens.get(row % tokens.elements());
  }
}
