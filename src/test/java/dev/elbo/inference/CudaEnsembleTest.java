package dev.elbo.inference;

import dev.elbo.device.Device;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.layer.Network;
import java.util.Collection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Members of an ensemble on the CUDA device: equal to the bit to single runs there. */
@Tag("cuda")
class CudaEnsembleTest {
  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  static Collection<Network> networks() {
    return SmallEnsembles.networks().values();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void membersAreEqualToSingleRuns(Network network) {
    for (Precision precision : Precision.values()) {
      try (Device device = new CudaDevice(0, precision)) {
        SmallEnsembles.requireMembersEqualToSingleRuns(device, network, Optimizer.Adam.of(0.01));
      }
    }
  }
}
