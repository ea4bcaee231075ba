package dev.elbo.device.cuda;

/**
 * How a card computes. Beside the precision and the products nothing here changes a result, not by
 * a bit.
 *
 * @param precision the operands of matrix products
 * @param weights where sampled weights are made
 * @param products what multiplies by stored weights
 * @param replay how the launches of a step are enqueued
 */
public record CudaOptions(Precision precision, Weights weights, Products products, Replay replay) {
  /** Where the weights W = mu + sigma·eps of a matrix product are made. */
  public enum Weights {
    /** Whichever of the others takes less time by the model behind {@link CudaPlan}. */
    AUTO,
    /** In the product's tiles, each time they are read; W is never stored. */
    IN_TILE,
    /** By the fused update of the step before, which stores W; where there is one. */
    AHEAD
  }

  /** What computes the matrix products of plain linear layers and their gradients. */
  public enum Products {
    /** The kernels of this build, with bias and RELU in their epilogue. */
    OWN,
    /** NVIDIA's cuBLAS, which has to be on the machine; bias and RELU are kernels of their own. */
    CUBLAS
  }

  /** How the launches of a step are enqueued. */
  public enum Replay {
    /** One by one the first time, then all at once as a CUDA graph. */
    GRAPH,
    /** One by one. */
    LAUNCHES,
    /** One by one, waiting for each: slow, and every error names its kernel. */
    CHECKED
  }

  /** The choices that are fastest. */
  public static CudaOptions of(Precision precision) {
    return new CudaOptions(precision, Weights.AUTO, Products.OWN, Replay.GRAPH);
  }

  /** The same with another way to make weights. */
  public CudaOptions with(Weights other) {
    return new CudaOptions(precision, other, products, replay);
  }

  /** The same with other matrix products. */
  public CudaOptions with(Products other) {
    return new CudaOptions(precision, weights, other, replay);
  }

  /** The same with another way to enqueue. */
  public CudaOptions with(Replay other) {
    return new CudaOptions(precision, weights, products, other);
  }
}
