package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/** A CUDA card: float32 state, matrix products in the precision asked for. */
public final class CudaDevice implements Device {
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final Kernels kernels;
  private final Precision precision;
  private final List<CudaMemory> memory = new ArrayList<>();

  /**
   * Opens a card.
   *
   * @param ordinal its number, from 0
   * @param precision the operands of matrix products
   * @throws dev.elbo.device.DeviceException when there is no such card, or it cannot be used
   */
  public CudaDevice(int ordinal, Precision precision) {
    this.precision = precision;
    Driver.check(JCudaDriver.cuInit(0), "starting the CUDA driver");
    CUdevice device = new CUdevice();
    Driver.check(JCudaDriver.cuDeviceGet(device, ordinal), "finding CUDA device " + ordinal);
    Driver.check(JCudaDriver.cuCtxCreate(context, 0, device), "opening CUDA device " + ordinal);
    Driver.check(JCudaDriver.cuStreamCreate(stream, 0), "creating a stream");
    kernels = new Kernels();
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Buffer allocate(Shape shape) {
    CudaMemory block = new CudaMemory((long) Float.BYTES * shape.elements(), "a tensor " + shape);
    memory.add(block);
    return new CudaBuffer(shape, block.address());
  }

  @Override
  public Program compile(Graph graph, Map<String, Buffer> parameters, long seed) {
    return new CudaProgram(graph, parameters, seed, precision, kernels, stream);
  }

  @Override
  public void close() {
    memory.forEach(CudaMemory::close);
    memory.clear();
    kernels.close();
    Driver.check(JCudaDriver.cuStreamDestroy(stream), "destroying a stream");
    Driver.check(JCudaDriver.cuCtxDestroy(context), "closing the CUDA device");
  }
}
