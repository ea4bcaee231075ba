package dev.elbo.device.cuda;

/** The operands of matrix products; sums, parameters and all else are float32 in any case. */
public enum Precision {
  /** float32 operands, on the ordinary arithmetic units. */
  F32(Float.BYTES, "_f32"),
  /** bfloat16 operands with float32 sums, on the tensor cores. */
  BF16(Short.BYTES, "_bf16");

  private final int bytes;
  private final String suffix;

  Precision(int bytes, String suffix) {
    this.bytes = bytes;
    this.suffix = suffix;
  }

  /** Bytes of an operand. */
  int bytes() {
    return bytes;
  }

  /** What the names of kernels with such operands end in. */
  String suffix() {
    return suffix;
  }
}
