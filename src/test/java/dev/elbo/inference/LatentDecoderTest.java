package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import java.util.Arrays;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LatentDecoderTest {
  private static LatentDecoder decoder(Device device, Trainer trainer, SmallAutoencoders.Case of) {
    Model model = new Model(of.network(), LinearModels.identity(of.network().inputs()));
    return new LatentDecoder(device, model, trainer.buffers(), 3);
  }

  @ParameterizedTest
  @MethodSource("dev.elbo.inference.SmallAutoencoders#all")
  void theFirstDrawsAreTheSameForAnyCount(SmallAutoencoders.Case of) {
    try (Device device = new CpuDevice(1);
        Trainer trainer = of.trainer(device, 1)) {
      LatentDecoder decoder = decoder(device, trainer, of);
      Examples many = decoder.generate(70);
      Examples few = decoder.generate(40);
      assertThat(many.size()).isEqualTo(70);
      assertThat(Arrays.copyOf(many.inputs(), few.inputs().length)).isEqualTo(few.inputs());
      for (float mean : many.inputs()) {
        assertThat(mean).isBetween(0f, 1f);
      }
      // Draws differ from each other: each has a z of its own.
      assertThat(many.select(new int[] {0}).inputs())
          .isNotEqualTo(many.select(new int[] {1}).inputs())
          .isNotEqualTo(many.select(new int[] {32}).inputs());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.elbo.inference.SmallAutoencoders#all")
  void devicesReconstructTheSame(SmallAutoencoders.Case of) {
    Examples examples = SmallAutoencoders.examples();
    float[] fast;
    try (Device device = new CpuDevice(1);
        Trainer trainer = of.trainer(device, 1)) {
      fast = decoder(device, trainer, of).reconstruct(examples, 3).inputs();
    }
    try (Device device = new ReferenceDevice();
        Trainer trainer = of.trainer(device, 1)) {
      assertThat(decoder(device, trainer, of).reconstruct(examples, 3).inputs())
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(fast);
    }
  }

  @Test
  void rowsAreInTheUsersUnits() {
    SmallAutoencoders.Case of = SmallAutoencoders.all().findFirst().orElseThrow();
    int inputs = of.network().inputs();
    try (Device device = new CpuDevice(1);
        Trainer trainer = of.trainer(device, 1)) {
      Standardization bytes = Standardization.scale(inputs, 255);
      Model scaled = new Model(of.network(), new Normalization(bytes, Optional.empty()));
      float[] grey = new LatentDecoder(device, scaled, trainer.buffers(), 3).generate(2).inputs();
      float[] unit = decoder(device, trainer, of).generate(2).inputs();
      for (int i = 0; i < unit.length; i++) {
        assertThat(grey[i]).isCloseTo(255 * unit[i], Offset.offset(1e-3f));
      }
    }
  }

  @Test
  void refusesWhatCannotBe() {
    SmallAutoencoders.Case of = SmallAutoencoders.all().findFirst().orElseThrow();
    try (Device device = new CpuDevice(1);
        Trainer trainer = of.trainer(device, 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoder(device, trainer, of).generate(0))
          .withMessage("the number of draws must be in 1..65536, got 0");
      Examples bright = new Examples(9, new float[] {0, 0, 0, 0, 2, 0, 0, 0, 0}, new float[0]);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> decoder(device, trainer, of).reconstruct(bright, 1))
          .withMessage(
              "a Bernoulli decoder takes inputs from 0 to 1.0, but input 4 of example 0 is 2.0");
    }
  }
}
