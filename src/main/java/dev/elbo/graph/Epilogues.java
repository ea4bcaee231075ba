package dev.elbo.graph;

import dev.elbo.tensor.Shape;

/** What the matrix products of a device can do with their results before they store them. */
public interface Epilogues {
  /** Whether an operation can do anything with its results at all. */
  boolean of(Op product);

  /** Whether a product whose results have S·B rows can add a bias of a shape. */
  boolean takes(Shape bias, int samples, int rows);
}
