package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import jcuda.driver.JCudaDriver;

/** The results of driver calls. */
final class Driver {
  private Driver() {}

  /**
   * Does nothing when a driver call succeeded.
   *
   * @throws DeviceException saying what failed and what the driver calls it
   */
  static void check(int code, String what) {
    if (code != 0) {
      throw new DeviceException(what + " failed: " + describe(code));
    }
  }

  /** The driver's name and text for an error code. */
  static String describe(int code) {
    String[] name = {"CUDA_ERROR_" + code};
    String[] text = {"unknown error"};
    JCudaDriver.cuGetErrorName(code, name);
    JCudaDriver.cuGetErrorString(code, text);
    return name[0] + ", " + text[0];
  }
}
