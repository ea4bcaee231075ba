package dev.elbo.device.cuda;

import dev.elbo.graph.LayerNorm;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Launches of layer normalisation and of its gradients. */
final class LayerNormLaunch {
  /** Rows of a block: a warp each. */
  private static final int ROWS_OF_BLOCK = 8;

  private LayerNormLaunch() {}

  static List<Launch> of(LayerNorm op, Binding b) {
    Shape x = b.in(0).shape();
    return List.of(
        b.launch(
            "layer_norm",
            warpEachRow(x),
            x.rows(),
            x.columns(),
            x.rows() / b.in(1).shape().rows(),
            (float) op.epsilon(),
            b.in(0).address(),
            b.in(1).address(),
            b.in(2).address(),
            b.out(0).address(),
            b.out(1).address(),
            b.out(2).address()));
  }

  static List<Launch> backward(Binding b) {
    Shape x = b.in(1).shape();
    int groups = b.in(2).shape().rows();
    RowParts rows = new RowParts(groups, x.rows() / groups, x.columns());
    boolean inParts = rows.parts() > 1;
    Address gamma = inParts ? b.workspace(rows.bytes()) : b.out(1).address();
    Address beta = inParts ? b.workspace(rows.bytes()) : b.out(2).address();
    List<Launch> launches = new ArrayList<>();
    launches.add(inputGradient(b, x, rows.rows()));
    launches.add(parameterGradients(b, rows, gamma, beta));
    if (inParts) {
      launches.addAll(ReductionLaunch.sumRows(b, rows.ofParts(), gamma, b.out(1).address()));
      launches.addAll(ReductionLaunch.sumRows(b, rows.ofParts(), beta, b.out(2).address()));
    }
    return launches;
  }

  private static Launch inputGradient(Binding b, Shape x, int rowsOfGroup) {
    return b.launch(
        "layer_norm_backward",
        warpEachRow(x),
        x.rows(),
        x.columns(),
        rowsOfGroup,
        b.in(0).address(),
        b.in(1).address(),
        b.in(2).address(),
        b.in(3).address(),
        b.in(4).address(),
        b.out(0).address());
  }

  private static Launch parameterGradients(Binding b, RowParts rows, Address gamma, Address beta) {
    return b.launch(
        "layer_norm_parameters",
        rows.grid(),
        rows.rows(),
        rows.columns(),
        rows.rowsOfPart(),
        b.in(0).address(),
        b.in(1).address(),
        b.in(3).address(),
        b.in(4).address(),
        gamma,
        beta);
  }

  private static Grid warpEachRow(Shape x) {
    return new Grid(Math.ceilDiv(x.rows(), ROWS_OF_BLOCK), 1, 1, 256);
  }
}
