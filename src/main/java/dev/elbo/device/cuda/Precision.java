package dev.elbo.device.cuda;

/** The operands of matrix products; sums, parameters and all else are float32 in any case. */
public enum Precision {
  /** float32 operands, on the ordinary arithmetic units. */
  F32(Float.BYTES),
  /** bfloat16 operands with float32 sums, on the tensor cores. */
  BF16(Short.BYTES);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of an operand. */
  int bytes() {
    return bytes;
  }
}
