package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cpu.VectorApi;
import dev.elbo.device.cuda.CudaDevices;
import dev.elbo.device.cuda.Precision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which device is taken, and what is told where there is none. */
class DeviceChoiceTest {
  private static final String MISSING = CudaDevices.probe().missing(9999).orElseThrow();

  @Test
  void namesAreTakenAtTheirWord() {
    for (String name : new String[] {"cpu", "reference"}) {
      DeviceChoice choice = DeviceChoice.of(name, Precision.F32);
      assertThat(choice.about()).isEqualTo("device: " + name);
      try (Device device = choice.open(1, CpuDevice.Weights.STORED)) {
        assertThat(device.name()).isEqualTo(name);
      }
    }
  }

  @Test
  void autoTellsItsReason() {
    DeviceChoice choice = DeviceChoice.auto(Precision.F32);
    Optional<String> missing = CudaDevices.probe().missing(0);
    assertThat(choice.name()).isEqualTo(missing.isPresent() ? "cpu" : "cuda:0");
    assertThat(choice.about())
        .startsWith("device: " + choice.name() + ", chosen by auto: ")
        .endsWith(missing.orElseGet(() -> CudaDevices.probe().cards().getFirst().toString()));
  }

  @Test
  void autoFallsBackToScalarCode() {
    CudaDevices none = new CudaDevices(0, List.of(), Optional.of("no card"));
    VectorApi mixed = new VectorApi(true, "mixed mode, sharing");
    assertThat(DeviceChoice.auto(Precision.F32, none, mixed).about())
        .isEqualTo("device: cpu, chosen by auto: no card");
    VectorApi absent = new VectorApi(false, "mixed mode, sharing");
    assertThat(DeviceChoice.auto(Precision.F32, none, absent).about())
        .isEqualTo(
            "device: reference, chosen by auto: no card; the CPU device needs the Vector API: start"
                + " Java with --add-modules jdk.incubator.vector");
    VectorApi client = new VectorApi(true, "mixed mode, emulated-client, sharing");
    assertThat(DeviceChoice.auto(Precision.F32, none, client).about())
        .isEqualTo(
            "device: reference, chosen by auto: no card; Java compiles no vectors when it runs in"
                + " mixed mode, emulated-client, sharing");
  }

  @Test
  void aCardThatIsMissingIsNotReplaced() {
    assertThatThrownBy(() -> DeviceChoice.of("cuda:9999", Precision.F32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--device cuda:9999: " + MISSING);
  }

  @Test
  void aRunGoesOnWhereItWasStarted() {
    assertThat(DeviceChoice.again("reference", Precision.F32).name()).isEqualTo("reference");
    assertThatThrownBy(() -> DeviceChoice.again("cuda:9999", Precision.BF16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the run was started on cuda:9999: " + MISSING);
  }

  @Test
  void otherNamesAreRefused() {
    assertThatThrownBy(() -> DeviceChoice.of("cuda:x", Precision.F32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--device must be auto, cpu, reference or cuda[:n], got 'cuda:x'");
  }

  @Test
  void bfloat16IsForCardsOnly() {
    assertThatThrownBy(() -> DeviceChoice.of("reference", Precision.BF16))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("--precision bf16 is for cuda devices only, the device is reference");
  }
}
