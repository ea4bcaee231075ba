package dev.elbo.device.reference;

import dev.elbo.graph.Rearrangement;
import dev.elbo.graph.Rearrangement.Concatenate;
import dev.elbo.graph.Rearrangement.Fill;
import dev.elbo.graph.Rearrangement.GatherRows;
import dev.elbo.graph.Rearrangement.PadColumns;
import dev.elbo.graph.Rearrangement.RepeatColumns;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Rearrangement.Reshape;
import dev.elbo.graph.Rearrangement.SliceColumns;
import dev.elbo.graph.Rearrangement.StopGradient;
import dev.elbo.graph.Rearrangement.Transpose;
import java.util.List;

/** {@link Rearrangement}. */
final class RearrangementLoops {
  private RearrangementLoops() {}

  static void run(Rearrangement op, List<ReferenceBuffer> in, ReferenceBuffer y) {
    ReferenceBuffer x = in.getFirst();
    switch (op) {
      case Concatenate concatenate -> concatenate(in, y);
      case SliceColumns slice -> slice(x, y, slice.from());
      case PadColumns pad -> pad(x, y, pad.before());
      case RepeatRows repeat -> repeat(x, y);
      case RepeatColumns repeat -> repeatColumns(x, y);
      case StopGradient stop -> repeat(x, y);
      case Reshape reshape -> repeat(x, y);
      case Transpose transpose -> transpose(x, y);
      case GatherRows gather -> gather(x, in.get(1), y);
      case Fill fill -> y.fill(x.get(0));
    }
  }

  private static void concatenate(List<ReferenceBuffer> in, ReferenceBuffer y) {
    int from = 0;
    for (ReferenceBuffer x : in) {
      copy(x, y, from);
      from += x.columns();
    }
  }

  private static void slice(ReferenceBuffer x, ReferenceBuffer y, int from) {
    for (int r = 0; r < y.rows(); r++) {
      for (int c = 0; c < y.columns(); c++) {
        y.set(r, c, x.get(r, from + c));
      }
    }
  }

  private static void pad(ReferenceBuffer x, ReferenceBuffer y, int before) {
    y.fill(0);
    copy(x, y, before);
  }

  private static void copy(ReferenceBuffer x, ReferenceBuffer y, int from) {
    for (int r = 0; r < x.rows(); r++) {
      for (int c = 0; c < x.columns(); c++) {
        y.set(r, from + c, x.get(r, c));
      }
    }
  }

  private static void repeat(ReferenceBuffer x, ReferenceBuffer y) {
    for (int i = 0; i < y.elements(); i++) {
      y.set(i, x.get(i % x.elements()));
    }
  }

  private static void repeatColumns(ReferenceBuffer x, ReferenceBuffer y) {
    for (int i = 0; i < y.elements(); i++) {
      y.set(i, x.get(i / y.columns()));
    }
  }

  private static void transpose(ReferenceBuffer x, ReferenceBuffer y) {
    for (int r = 0; r < y.rows(); r++) {
      for (int c = 0; c < y.columns(); c++) {
        y.set(r, c, x.get(c, r));
      }
    }
  }

  private static void gather(ReferenceBuffer table, ReferenceBuffer rows, ReferenceBuffer y) {
    for (int r = 0; r < y.rows(); r++) {
      for (int c = 0; c < y.columns(); c++) {
        y.set(r, c, table.get((int) rows.get(r), c));
      }
    }
  }
}
