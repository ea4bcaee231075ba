package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The evaluator on models whose log p(x) is known, with more examples than a batch takes. */
class LatentEvaluatorTest {
  private static final int COPIES = 60;
  private static final int INPUTS = 3;

  static Stream<LinearLatents> models() {
    return Stream.of(LinearLatents.oneLayer(), LinearLatents.twoLayers());
  }

  private static Examples examples() {
    float[] x = new float[COPIES * LinearLatents.X.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) LinearLatents.X[i % LinearLatents.X.length];
    }
    return new Examples(INPUTS, x, new float[0]);
  }

  /** With means and log_sigmas of q that are greater than the exact posterior's by so much. */
  private static LatentEvaluator evaluator(Device device, LinearLatents model, double off) {
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    model
        .parameters()
        .forEach(
            (name, exact) -> {
              boolean moved = LinearLatents.isOfQ(name) && name.endsWith("bias");
              float[] values = new float[exact.length];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (exact[i] + (moved ? off : 0));
              }
              Buffer buffer = device.allocate(shape(name, exact.length));
              buffer.write(values);
              buffers.put(name, buffer);
            });
    Model units = new Model(model.network(), LinearModels.identity(INPUTS));
    return new LatentEvaluator(device, units, buffers, 3);
  }

  private static Shape shape(String name, int elements) {
    if (name.endsWith("bias")) {
      return Shape.of(elements);
    }
    int columns =
        switch (name) {
          case "0.q.weight", "0.q.1.weight" -> INPUTS;
          case "0.q.0.weight" -> INPUTS + 1;
          case "0.p.0.weight" -> 1;
          default -> elements / INPUTS;
        };
    return Shape.of(elements / columns, columns);
  }

  /** p(x, z) / q(z | x) is p(x) whatever z is: one draw is enough. */
  @ParameterizedTest
  @MethodSource("models")
  void underTheExactPosteriorOneDrawIsExact(LinearLatents model) {
    try (Device device = new CpuDevice(1)) {
      double[] actual = evaluator(device, model, 0).logLikelihood(examples(), 1, done -> {});
      assertThat(actual).hasSize(COPIES * model.logEvidence().length);
      for (int n = 0; n < actual.length; n++) {
        double expected = model.logEvidence()[n % model.logEvidence().length];
        assertThat(actual[n]).as("example %d", n).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theEstimateRisesFromTheElboToTheEvidence(LinearLatents model) {
    try (Device device = new CpuDevice(1)) {
      Evaluation evaluation = evaluator(device, model, 0.3).evaluate(examples(), 400);
      double elbo = evaluation.metrics().get("elbo");
      double logLikelihood = evaluation.metrics().get("log_likelihood");
      assertThat(elbo).isEqualTo(-(evaluation.expectedNll() + evaluation.latentKl().orElseThrow()));
      assertThat(evaluation.nll()).isEqualTo(-logLikelihood);
      double evidence = model.meanLogEvidence();
      assertThat(elbo).isLessThan(evidence - 0.3);
      assertThat(logLikelihood).isCloseTo(evidence, within(0.01));
    }
  }
}
