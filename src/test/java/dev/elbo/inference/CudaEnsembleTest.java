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

/**
 * Members of an ensemble on the CUDA device: those of points are equal to the bit to single runs.
 */
@Tag("cuda")
class CudaEnsembleTest {
  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  static Collection<Network> networks() {
    return SmallEnsembles.networks().values();
  }

  static Collection<Network> drawn() {
    return SmallEnsembles.drawn().values();
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void drawnMembersDoNotKnowOfEachOther(Network network) {
    for (Precision precision : Precision.values()) {
      try (Device device = new CudaDevice(0, precision)) {
        SmallEnsembles.requireMembersOfSmallerEnsemble(device, network, Optimizer.Adam.of(0.01));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void theFirstDrawnMemberIsTheSingleRun(Network network) {
    try (Device device = new CudaDevice(0, Precision.F32)) {
      SmallEnsembles.requireFirstMemberLikeSingleRun(
          device, network, Optimizer.Adam.of(0.01), 1e-4);
    }
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
