package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.tensor.Shape;
import java.util.Objects;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** A float32 tensor in the card's memory; writing and reading wait for all that was enqueued. */
final class CudaBuffer implements Buffer {
  private final Shape shape;
  private final Address address;
  private final Context context;
  private final Runnable release;
  private int version;
  private @Nullable Runnable settling;

  /** A buffer in memory that is owned by others. */
  CudaBuffer(Shape shape, Address address, Context context) {
    this(shape, address, context, () -> {});
  }

  /** A buffer with what gives its memory back. */
  CudaBuffer(Shape shape, Address address, Context context, Runnable release) {
    this.shape = shape;
    this.address = address;
    this.context = context;
    this.release = release;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  Address address() {
    return address;
  }

  boolean isOf(Context other) {
    return context.equals(other);
  }

  /** Counts the changes of the contents, so that what was derived from them can be told stale. */
  int version() {
    return version;
  }

  void changed() {
    version++;
  }

  /** Says what brings the memory up to date before others read or write it. */
  void settledBy(Runnable work) {
    settling = work;
  }

  /** Brings the memory up to date where a program has left it behind. */
  void settle() {
    if (settling != null) {
      settling.run();
    }
  }

  @Override
  public void write(float[] values) {
    checkLength(shape, values);
    write(0, values);
  }

  @Override
  public void write(int first, float[] values) {
    Objects.checkFromIndexSize(first, values.length, shape.elements());
    context.enter();
    settle();
    context.await();
    Address to = address.plus((long) Float.BYTES * first);
    long size = (long) Float.BYTES * values.length;
    Driver.check(JCudaDriver.cuMemcpyHtoD(to, Pointer.to(values), size), "writing a " + shape);
    changed();
  }

  @Override
  public void read(float[] values) {
    checkLength(shape, values);
    context.enter();
    settle();
    context.await();
    Driver.check(
        JCudaDriver.cuMemcpyDtoH(Pointer.to(values), address, bytes()), "reading a " + shape);
  }

  @Override
  public void close() {
    settle();
    settling = null;
    release.run();
  }

  long bytes() {
    return (long) Float.BYTES * shape.elements();
  }

  /** Throws IllegalArgumentException unless an array has as many elements as a shape. */
  static void checkLength(Shape shape, float[] array) {
    if (array.length != shape.elements()) {
      throw new IllegalArgumentException(
          "a buffer of shape %s has %d elements, the array %d"
              .formatted(shape, shape.elements(), array.length));
    }
  }
}
