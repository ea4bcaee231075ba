package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import dev.elbo.device.cuda.Ledger.Kind;
import java.util.Map;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUevent;
import jcuda.driver.CUevent_flags;
import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;

/**
 * The context of a card and the one stream on which all its work is enqueued: what is enqueued
 * later sees what was enqueued before.
 */
final class Context implements AutoCloseable {
  private final CUcontext context = new CUcontext();
  private final CUstream stream = new CUstream();
  private final Ledger ledger = new Ledger();
  private final Scope scope = new Scope(ledger);
  private boolean open = true;

  /**
   * Opens a card.
   *
   * @throws DeviceException when the driver refuses; nothing is held then
   */
  Context(int ordinal) {
    String what = "opening CUDA device " + ordinal;
    Driver.check(JCudaDriver.cuInit(0), what);
    CUdevice device = new CUdevice();
    Driver.check(JCudaDriver.cuDeviceGet(device, ordinal), what);
    Driver.check(JCudaDriver.cuCtxCreate(context, 0, device), what);
    scope.own(Kind.CONTEXT, "the context", () -> JCudaDriver.cuCtxDestroy(context));
    try {
      Driver.check(JCudaDriver.cuStreamCreate(stream, 0), "creating a stream");
      scope.own(Kind.STREAM, "a stream", () -> JCudaDriver.cuStreamDestroy(stream));
    } catch (DeviceException e) {
      scope.abandon(e);
      throw e;
    }
  }

  /** Where what the device allocates is owned. */
  Scope scope() {
    return scope;
  }

  CUstream stream() {
    return stream;
  }

  /** What is held of the driver's at this moment. */
  Map<Kind, Integer> held() {
    return ledger.held();
  }

  boolean isOpen() {
    return open;
  }

  /**
   * Makes the driver calls of this thread go to this card: a thread may have used another since.
   *
   * @throws IllegalStateException when the device is closed
   */
  void enter() {
    if (!open) {
      throw new IllegalStateException("the CUDA device is closed");
    }
    Driver.check(JCudaDriver.cuCtxSetCurrent(context), "choosing the CUDA device");
  }

  /**
   * Waits until all that was enqueued is done.
   *
   * @throws DeviceException when something of it failed, on the card and so without its name
   */
  void await() {
    Driver.check(
        JCudaDriver.cuStreamSynchronize(stream),
        "a kernel on the CUDA device (CudaOptions.Replay.CHECKED tells which)");
  }

  /** An event without a time, to wait for a place in the stream. */
  CUevent event(Scope owner) {
    CUevent event = new CUevent();
    Driver.check(
        JCudaDriver.cuEventCreate(event, CUevent_flags.CU_EVENT_DISABLE_TIMING),
        "creating an event");
    owner.own(Kind.EVENT, "an event", () -> JCudaDriver.cuEventDestroy(event));
    return event;
  }

  /** Gives back what a scope of this context owns; nothing is left of it when that is closed. */
  void close(Scope part) {
    if (open) {
      // Neither failure may keep what is owned from being given back; what went wrong in a step is
      // told to those who read its results.
      JCudaDriver.cuCtxSetCurrent(context);
      JCudaDriver.cuStreamSynchronize(stream);
      part.close();
    }
  }

  @Override
  public void close() {
    try {
      close(scope);
    } finally {
      open = false;
    }
  }
}
