package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.cuda.CudaDevices.Card;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of cards that cannot be used. */
class CudaDevicesTest {
  private static final CudaBuild BUILD = new CudaBuild(13000, List.of("sm_80", "compute_80"));
  private static final Card HOPPER = new Card("NVIDIA H200", 90, 150_000L << 20);
  private static final Card TURING = new Card("Tesla T4", 75, 15_000L << 20);

  private static CudaDevices devices(int driver, Card... cards) {
    return new CudaDevices(driver, List.of(cards), Optional.empty());
  }

  @Test
  void aCardThatCanBeUsedMissesNothing() {
    assertThat(devices(13010, HOPPER).missing(0, BUILD)).isEmpty();
    assertThat(devices(14000, TURING, HOPPER).missing(1, BUILD)).isEmpty();
  }

  @Test
  void withoutKernelsThatIsWhatIsMissing() {
    assertThat(devices(13000, HOPPER).missing(0, new CudaBuild(0, List.of())))
        .contains("this build has no GPU code: run mvn package where nvcc is");
  }

  @Test
  void withoutADriverThatIsWhatIsMissing() {
    CudaDevices none = new CudaDevices(0, List.of(), Optional.of("no NVIDIA driver"));
    assertThat(none.missing(0, BUILD)).contains("no NVIDIA driver");
    assertThat(none.missing(0, new CudaBuild(0, List.of()))).contains("no NVIDIA driver");
  }

  @Test
  void cardsAreCountedFromZero() {
    assertThat(devices(13000, HOPPER).missing(1, BUILD))
        .contains("there is no such card: this machine has 1, counted from 0");
  }

  @Test
  void anOldCardIsNamed() {
    assertThat(devices(13000, TURING).missing(0, BUILD))
        .contains("Tesla T4, compute capability 7.5, 15000 MiB is too old: the kernels need 8.0");
  }

  @Test
  void anOldDriverIsNamed() {
    assertThat(devices(12080, HOPPER).missing(0, BUILD))
        .contains("the driver is too old: it serves CUDA 12.8, the kernels were made by 13.0");
  }

  @Test
  void theBuildNotesItsTargets() {
    CudaBuild build = CudaBuild.get();
    assertThat(build.toolkit() > 0).isEqualTo(!build.targets().isEmpty());
    if (!build.targets().isEmpty()) {
      assertThat(build.toolkit()).isGreaterThanOrEqualTo(12000);
      assertThat(build.targets()).contains("sm_80", "compute_80", "sm_90");
    }
  }

  @Test
  void librariesAreLookedFor() {
    assertThat(CudaDevices.hasLibrary("libc.so.6")).isTrue();
    assertThat(CudaDevices.hasLibrary("libnothing.so.99")).isFalse();
  }
}
