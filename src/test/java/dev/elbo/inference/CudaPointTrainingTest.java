package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Device;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.device.reference.ReferenceDevice;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Dropout, last layers and ensembles train on the CUDA device as on the reference, twice the same.
 */
@Tag("cuda")
class CudaPointTrainingTest {
  private static final int EPOCHS = 2;

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  static Stream<PointRuns.Case> cases() {
    return PointRuns.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theLossesAreThoseOfTheReferenceAndRepeatToTheBit(PointRuns.Case run) {
    try (Device cuda = new CudaDevice(0, Precision.F32);
        Device reference = new ReferenceDevice();
        Trainer actual = run.trainer(cuda, EPOCHS);
        Trainer again = run.trainer(cuda, EPOCHS);
        Trainer expected = run.trainer(reference, EPOCHS)) {
      for (int step = 1; step <= expected.steps(); step++) {
        double loss = actual.oneStep();
        assertThat(loss / expected.oneStep()).as("step %d", step).isCloseTo(1, within(1e-4));
        assertThat(again.oneStep()).isEqualTo(loss);
      }
    }
  }
}
