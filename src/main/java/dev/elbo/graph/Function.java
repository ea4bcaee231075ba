package dev.elbo.graph;

/**
 * Functions of one number, applied elementwise.
 *
 * <p>They are named as in the field: RELU max(0, x); GELU x·Phi(x), exact (Hendrycks and Gimpel
 * 2016); TANH; SOFTPLUS log(1 + e^x); SIGMOID 1/(1 + e^-x); EXP; SQUARE x²; SQRT.
 */
public enum Function {
  RELU(1),
  GELU(20),
  TANH(16),
  SOFTPLUS(20),
  SIGMOID(12),
  EXP(8),
  SQUARE(1),
  SQRT(4);

  private final int flops;

  Function(int flops) {
    this.flops = flops;
  }

  /** About how many operations one value takes. */
  public int flops() {
    return flops;
  }
}
