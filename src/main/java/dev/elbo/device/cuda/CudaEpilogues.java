package dev.elbo.device.cuda;

import dev.elbo.device.cuda.CudaOptions.Products;
import dev.elbo.graph.ColumnSample;
import dev.elbo.graph.Epilogues;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.Op;
import dev.elbo.tensor.Shape;

/**
 * The epilogues of a card: cuBLAS has none.
 *
 * @param products what multiplies by stored weights
 */
record CudaEpilogues(Products products) implements Epilogues {
  @Override
  public boolean of(Op product) {
    boolean plain = product instanceof Linear || product instanceof LinearBackwardInput;
    return !(product instanceof ColumnSample) && (products == Products.OWN || !plain);
  }

  @Override
  public boolean takes(Shape bias, int samples, int rows) {
    return bias.rows() == 1 || bias.rows() == samples || bias.rows() == rows;
  }
}
