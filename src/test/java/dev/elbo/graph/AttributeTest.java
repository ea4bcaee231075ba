package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.Divergence.KlLaplace;
import dev.elbo.graph.Divergence.KlScaleMixture;
import dev.elbo.graph.LogLikelihood.StudentT;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers that operations and optimizers refuse, in which words. */
class AttributeTest {
  private static final NoiseSite ONE = new NoiseSite(0, 1, false);

  static Stream<Arguments> badNumbers() {
    return Stream.of(
        number("noise site 65521 is not in 0..65520", () -> new NoiseSite(65521, 1, false)),
        number("noise site -1 is not in 0..65520", () -> new NoiseSite(-1, 1, false)),
        number("the number of samples must be positive, got 0", () -> new NoiseSite(0, 0, false)),
        number(
            "antithetic sampling needs an even number of samples, got 3",
            () -> new NoiseSite(0, 3, true)),
        number("the dropout probability must be in (0, 1), got 0.0", () -> new Dropout(ONE, 0)),
        number("the dropout probability must be in (0, 1), got 1.0", () -> new Dropout(ONE, 1)),
        number(
            "the epsilon of layer normalisation must be positive, got 0.0", () -> new LayerNorm(0)),
        number("attention needs at least one head, got 0", () -> new CausalAttention(0, 3)),
        number("a sequence needs at least one row, got 0", () -> new CausalAttention(2, 0)),
        number("the gradient norm limit must be positive, got 0.0", () -> new ClipFactor(0)),
        number(
            "the degrees of freedom must be positive and finite, got -1.0", () -> new StudentT(-1)),
        number("the prior scale must be positive, got 0.0", () -> new KlGaussian(0)),
        number("the prior scale must be positive, got Infinity", () -> new KlLaplace(1 / 0.0)),
        number("the mixture weight 1.0 is not in (0, 1)", () -> new KlScaleMixture(1, 1, 1, ONE)),
        number(
            "the prior scales must be positive, got 1.0 and -2.0",
            () -> new KlScaleMixture(0.5, 1, -2, ONE)),
        number("Adam's beta1 1.0 is not in [0, 1)", () -> new Adam(1, 0, 1)),
        number("Adam's beta2 -0.1 is not in [0, 1)", () -> new Adam(0, -0.1, 1)),
        number("Adam's epsilon must be positive, got 0.0", () -> new Adam(0, 0, 0)),
        number("the momentum 1.0 is not in [0, 1)", () -> new Sgd(1)),
        number("IVON's beta1 1.0 is not in [0, 1)", () -> new Ivon(1, 0, 1, 1, 1, 1)),
        number("IVON's beta2 1.0 is not in [0, 1)", () -> new Ivon(0, 1, 1, 1, 1, 1)),
        number(
            "IVON's effective sample size must be positive, got 0.0",
            () -> new Ivon(0, 0, 0, 1, 1, 1)),
        number("IVON's weight decay must be positive, got 0.0", () -> new Ivon(0, 0, 1, 0, 1, 1)),
        number("IVON's first Hessian must be positive, got 0.0", () -> new Ivon(0, 0, 1, 1, 0, 1)),
        number("IVON's clip radius must be positive, got 0.0", () -> new Ivon(0, 0, 1, 1, 1, 0)));
  }

  private static Arguments number(String message, ThrowingCallable call) {
    return arguments(message, call);
  }

  @ParameterizedTest
  @MethodSource("badNumbers")
  void attributesAreChecked(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
