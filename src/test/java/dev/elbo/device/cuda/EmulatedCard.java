package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jcuda.Pointer;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A context on the emulated driver for tests of the emulation's own kernels. */
final class EmulatedCard implements AutoCloseable {
  private static final int FATBIN = 0xba55ed50;
  private static final short HEAD = 16;

  private final CUcontext context = new CUcontext();
  private final CUmodule module = new CUmodule();
  final CUstream stream = new CUstream();

  /** Opens the card with a module that has these kernels. */
  EmulatedCard(String... kernels) {
    CUdevice device = new CUdevice();
    succeed(JCudaDriver.cuInit(0));
    succeed(JCudaDriver.cuDeviceGet(device, 0));
    succeed(JCudaDriver.cuCtxCreate(context, 0, device));
    succeed(JCudaDriver.cuStreamCreate(stream, 0));
    succeed(JCudaDriver.cuModuleLoadData(module, image(kernels)));
  }

  /** What the emulation looks at of a fatbin: its head, and the names of the code's sections. */
  static byte[] image(String... kernels) {
    StringBuilder sections = new StringBuilder();
    for (String kernel : kernels) {
      sections.append(".text.").append(kernel).append('\0');
    }
    byte[] body = sections.toString().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(HEAD + body.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(FATBIN)
        .putShort((short) 1)
        .putShort(HEAD)
        .putLong(body.length)
        .put(body)
        .array();
  }

  static void succeed(int code) {
    assertThat(code).isZero();
  }

  CUmodule module() {
    return module;
  }

  Address allocate(long bytes) {
    Address address = new Address();
    succeed(JCudaDriver.cuMemAlloc(address, bytes));
    return address;
  }

  Address put(float... values) {
    Address address = allocate((long) Float.BYTES * values.length);
    succeed(
        JCudaDriver.cuMemcpyHtoD(address, Pointer.to(values), (long) Float.BYTES * values.length));
    return address;
  }

  Address put(int... values) {
    Address address = allocate((long) Integer.BYTES * values.length);
    succeed(
        JCudaDriver.cuMemcpyHtoD(
            address, Pointer.to(values), (long) Integer.BYTES * values.length));
    return address;
  }

  float[] floats(Address from, int count) {
    float[] values = new float[count];
    succeed(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), from, (long) Float.BYTES * count));
    return values;
  }

  int[] ints(Address from, int count) {
    int[] values = new int[count];
    succeed(JCudaDriver.cuMemcpyDtoH(Pointer.to(values), from, (long) Integer.BYTES * count));
    return values;
  }

  /** Launches a kernel and waits for it; returns the first error code, or 0. */
  int run(String kernel, int blocks, int threads, Object... arguments) {
    int code = launch(kernel, blocks, threads, arguments);
    return code != 0 ? code : JCudaDriver.cuStreamSynchronize(stream);
  }

  /** Launches a kernel; returns the driver's code. */
  int launch(String kernel, int blocks, int threads, Object... arguments) {
    CUfunction function = new CUfunction();
    succeed(JCudaDriver.cuModuleGetFunction(function, module, kernel));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(2L * Long.BYTES * (arguments.length + 1), Long.BYTES);
      for (int i = 0; i < arguments.length; i++) {
        long slot = (long) Long.BYTES * (arguments.length + 1 + i);
        block.setAtIndex(ValueLayout.JAVA_LONG, i, block.address() + slot);
        switch (arguments[i]) {
          case Address address -> block.set(ValueLayout.JAVA_LONG, slot, address.value());
          case Long number -> block.set(ValueLayout.JAVA_LONG, slot, number);
          case Integer number -> block.set(ValueLayout.JAVA_INT, slot, number);
          case Float number -> block.set(ValueLayout.JAVA_FLOAT, slot, number);
          default -> throw new IllegalArgumentException(arguments[i].toString());
        }
      }
      return JCudaDriver.cuLaunchKernel(
          function, blocks, 1, 1, threads, 1, 1, 0, stream, Pointer.to(block.asByteBuffer()), null);
    }
  }

  @Override
  public void close() {
    succeed(JCudaDriver.cuCtxDestroy(context));
  }
}
