package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;
import org.jspecify.annotations.Nullable;

/** The kernels of this build, loaded into the context when they are first asked for. */
final class Kernels {
  private static final String TABLE = "kernels.txt";

  private final Scope scope;
  private final Map<String, Signature> signatures = signatures();
  private final Map<String, CUmodule> modules = new HashMap<>();
  private final Map<String, Kernel> kernels = new HashMap<>();

  /** Kernels whose modules a scope owns. */
  Kernels(Scope scope) {
    this.scope = scope;
  }

  /** A kernel that can be launched. */
  record Kernel(Signature signature, CUfunction function) {}

  /** The table that the build made of the sources. */
  static Map<String, Signature> signatures() {
    return new String(resource(TABLE), StandardCharsets.UTF_8)
        .lines()
        .map(line -> Arrays.asList(line.split(" ")))
        .map(
            words ->
                new Signature(
                    words.get(0),
                    words.get(1),
                    words.stream()
                        .skip(2)
                        .map(type -> Signature.Type.valueOf(type.toUpperCase(Locale.ROOT)))
                        .toList()))
        .collect(Collectors.toMap(Signature::name, signature -> signature));
  }

  /**
   * A kernel by its name.
   *
   * @throws DeviceException when this build does not have it
   */
  Kernel get(String name) {
    Signature signature = signatures.get(name);
    if (signature == null) {
      throw new DeviceException("this build has no kernel '" + name + "'");
    }
    return kernels.computeIfAbsent(name, n -> load(signature));
  }

  private Kernel load(Signature signature) {
    CUmodule module = modules.computeIfAbsent(signature.unit(), this::module);
    CUfunction function = new CUfunction();
    Driver.check(
        JCudaDriver.cuModuleGetFunction(function, module, signature.name()),
        "finding the kernel " + signature.name());
    return new Kernel(signature, function);
  }

  private CUmodule module(String unit) {
    CUmodule module = new CUmodule();
    Driver.check(
        JCudaDriver.cuModuleLoadData(module, resource(unit + ".fatbin")),
        "loading the kernels of " + unit);
    scope.own(
        Ledger.Kind.MODULE, "the kernels of " + unit, () -> JCudaDriver.cuModuleUnload(module));
    return module;
  }

  private static byte[] resource(String name) {
    try (@Nullable InputStream in = Kernels.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new DeviceException(
            "this build has no GPU code (" + name + " is missing): build it where nvcc is");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
