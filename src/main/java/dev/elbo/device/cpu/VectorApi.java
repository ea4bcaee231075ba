package dev.elbo.device.cpu;

import java.util.Optional;

/**
 * What there is of the Vector API in this Java. It is asked without it, whose classes are missing
 * where the module is.
 *
 * @param module whether Java was started with the module that holds it
 * @param mode how this Java runs programs, as in the system property {@code java.vm.info}
 */
public record VectorApi(boolean module, String mode) {
  private static final String MODULE = "jdk.incubator.vector";

  /** Looks. */
  public static VectorApi probe() {
    boolean module = ModuleLayer.boot().findModule(MODULE).isPresent();
    return new VectorApi(module, System.getProperty("java.vm.info", ""));
  }

  /**
   * Why the device cannot run, in a line.
   *
   * @return empty where it can
   */
  public Optional<String> missing() {
    return module
        ? Optional.empty()
        : Optional.of(
            "the CPU device needs the Vector API: start Java with --add-modules " + MODULE);
  }

  /**
   * Why the device cannot run, or would be slower than scalar code: only HotSpot's second compiler
   * turns vectors into instructions; elsewhere each of them is an object.
   *
   * @return empty where the device is fast
   */
  public Optional<String> problem() {
    boolean objects = mode.contains("interpreted") || mode.contains("emulated-client");
    return missing()
        .or(
            () ->
                objects
                    ? Optional.of("Java compiles no vectors when it runs in " + mode)
                    : Optional.empty());
  }
}
