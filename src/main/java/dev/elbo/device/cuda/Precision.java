package dev.elbo.device.cuda;

/** The operands of matrix products; sums, parameters and all else are float32 in any case. */
public enum Precision {
  /** float32 operands, on the ordinary arithmetic units. */
  F32,
  /** bfloat16 operands with float32 sums, on the tensor cores. */
  BF16;

  /** What the names of kernels with such operands end in. */
  String suffix() {
    return this == F32 ? "_f32" : "_bf16";
  }
}
