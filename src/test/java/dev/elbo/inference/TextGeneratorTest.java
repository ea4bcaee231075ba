package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;
import dev.elbo.layer.VariationalLinear;
import dev.elbo.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A network whose logits are linear in the character's index: what follows is known. */
class TextGeneratorTest {
  private static final int WINDOW = 4;

  private static Model model() {
    Layer body = new Layer.Sequential(List.of(new VariationalLinear(3, new GaussianPosterior(-1))));
    Network network =
        new Network(
            1,
            body,
            new Likelihood.Categorical(3),
            new Prior.Gaussian(1),
            new Observations.Sequences(WINDOW));
    return new Model(network, LinearModels.identity(1));
  }

  /** Logits 40·w·x: 0 is followed by any, 1 by 1 + 1 and so on where sigma is 0. */
  private static Map<String, Buffer> parameters(CpuDevice device, float logSigma) {
    return Map.of(
        "0.weight.mu", filled(device, Shape.of(3, 1), -40, 0, 30),
        "0.weight.log_sigma", filled(device, Shape.of(3, 1), logSigma, logSigma, logSigma),
        "0.bias.mu", filled(device, Shape.of(3), 0, 20, -25),
        "0.bias.log_sigma", filled(device, Shape.of(3), logSigma, logSigma, logSigma));
  }

  private static Buffer filled(CpuDevice device, Shape shape, float... values) {
    Buffer buffer = device.allocate(shape);
    buffer.write(values);
    return buffer;
  }

  private static int[] generate(float logSigma, int samples, long seed, double temperature) {
    try (CpuDevice device = new CpuDevice(1);
        TextGenerator generator =
            new TextGenerator(device, model(), parameters(device, logSigma), samples, seed)) {
      return generator.generate(new float[] {0}, 9, temperature);
    }
  }

  @Test
  void theMostLikelyFollowsWhereNothingElseCan() {
    // From 0: logits (0, 20, -25), so 1; from 1: (-40, 20, 5), so 1 again.
    assertThat(generate(-1000, 1, 1, 1)).containsOnly(1);
  }

  @Test
  void equalSeedsGiveEqualTexts() {
    assertThat(generate(2, 3, 5, 20)).isEqualTo(generate(2, 3, 5, 20));
    assertThat(generate(2, 3, 5, 20)).isNotEqualTo(generate(2, 3, 6, 20));
  }

  @Test
  void aHighTemperatureMakesAllCharactersAlikely() {
    long different =
        LongStream.range(0, 5)
            .flatMap(seed -> Arrays.stream(generate(-1000, 1, seed, 1e6)).asLongStream())
            .distinct()
            .count();
    assertThat(different).isEqualTo(3);
  }

  @Test
  void theMeanNetworkHasNoSpread() {
    Examples examples = new Examples(1, new float[] {0, 1}, new float[] {1, 1});
    try (CpuDevice device = new CpuDevice(1);
        MeanNetwork mean = new MeanNetwork(device, model(), parameters(device, 2))) {
      Predictor one = new Predictor(device, model(), mean.parameters(), 1, 1);
      Predictor other = new Predictor(device, model(), mean.parameters(), 1, 2);
      double nll = one.evaluate(examples).nll();
      // log softmax at 1 is -log(1 + e^-20 + e^-45) and -log(1 + e^-60 + e^-15)
      assertThat(nll).isCloseTo((Math.exp(-20) + Math.exp(-15)) / 2, within(1e-8));
      assertThat(other.evaluate(examples).nll()).isEqualTo(nll);
    }
  }

  @Test
  void whatCannotBeContinuedIsRefused() {
    try (CpuDevice device = new CpuDevice(1);
        TextGenerator generator =
            new TextGenerator(device, model(), parameters(device, -1), 1, 1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generator.generate(new float[0], 1, 1))
          .withMessage("a prompt needs at least one character");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generator.generate(new float[] {0}, 1, 0))
          .withMessage("the temperature must be positive, got 0.0");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new TextGenerator(device, model(), Map.of(), 0, 1))
          .withMessage("the number of samples must be positive, got 0");
    }
  }
}
