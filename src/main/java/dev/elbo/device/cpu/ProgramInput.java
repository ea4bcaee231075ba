package dev.elbo.device.cpu;

import dev.elbo.device.Buffer;
import dev.elbo.tensor.Shape;

/**
 * An input of a program: what is derived from it alone need not be computed again until it is
 * written.
 */
final class ProgramInput implements Buffer {
  private final CpuBuffer buffer;
  private long writes;

  ProgramInput(CpuBuffer buffer) {
    this.buffer = buffer;
  }

  /** How often it was written. */
  long writes() {
    return writes;
  }

  @Override
  public Shape shape() {
    return buffer.shape();
  }

  @Override
  public void write(float[] values) {
    buffer.write(values);
    writes++;
  }

  @Override
  public void write(int first, float[] values) {
    buffer.write(first, values);
    writes++;
  }

  @Override
  public void read(float[] values) {
    buffer.read(values);
  }
}
