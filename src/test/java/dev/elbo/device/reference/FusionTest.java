package dev.elbo.device.reference;

import static dev.elbo.device.reference.FusionModel.operations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.reference.FusionModel.Estimator;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.Divergence.KlLaplace;
import dev.elbo.graph.Divergence.KlLearnedGaussian;
import dev.elbo.graph.Divergence.KlScaleMixture;
import dev.elbo.graph.DivergenceBackward;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Op;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Value;
import dev.elbo.graph.WeightGradient;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The fused update against the composition that it stands for, and where fusion must not happen.
 */
class FusionTest {
  private static final List<StepRule> RULES =
      List.of(
          Adam.DEFAULT,
          new Sgd(0.9),
          new Ivon(0.9, 0.95, 100, 0.01, 0.5, Double.POSITIVE_INFINITY));

  private static final Map<String, Function<NoiseSite, Divergence>> PRIORS =
      Map.of(
          "gaussian", site -> new KlGaussian(0.7),
          "learned", site -> new KlLearnedGaussian(),
          "laplace", site -> new KlLaplace(0.5),
          "mixture", site -> new KlScaleMixture(0.25, 1, 0.1, site));

  static Stream<Arguments> variants() {
    List<Arguments> all = new ArrayList<>();
    for (Estimator estimator : Estimator.values()) {
      for (String prior : PRIORS.keySet()) {
        for (StepRule rule : RULES) {
          all.add(Arguments.of(estimator, prior, rule));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void equalsTheCompositionToTheBit(Estimator estimator, String prior, StepRule rule) {
    FusionModel model = FusionModel.trained(estimator, PRIORS.get(prior), rule);
    Graph fused = Schedule.fused(model.graph);
    Graph composed = Schedule.composed(model.graph);

    assertThat(operations(fused)).filteredOn(op -> op instanceof FusedUpdate).hasSize(2);
    assertThat(operations(fused))
        .noneMatch(op -> op instanceof WeightGradient || op instanceof DivergenceBackward);
    assertThat(operations(composed)).noneMatch(op -> op instanceof FusedUpdate);
    for (int steps : List.of(1, 50)) {
      Map<String, double[]> expected = FusionModel.run(composed, steps);
      Map<String, double[]> actual = FusionModel.run(fused, steps);
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      // Exactly: both run the same loops, and a + b = b + a.
      expected.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
      assertThat(expected.get("weight.mu")[0]).isNotEqualTo(FusionModel.initial("weight.mu", 0));
    }
  }

  @Test
  void theLearnedPriorScaleGetsItsGradient() {
    FusionModel model =
        FusionModel.trained(Estimator.NAIVE, site -> new KlLearnedGaussian(), new Sgd(0));
    Map<String, double[]> after = FusionModel.run(Schedule.fused(model.graph), 1);
    // At log scale 0 the gradient is the sum of 1 - sigma² - mu², times the KL weight 0.01; the
    // step is 0.01 times that, with log_sigma -2 and mu as FusionModel sets them.
    double gradient = 0;
    for (int i = 0; i < 21; i++) {
      double mu = FusionModel.initial("weight.mu", i);
      gradient += 1 - Math.exp(-4) - mu * mu;
    }
    double expected = -0.01 * 0.01 * gradient;
    // The learning rate and the stored value are float32.
    assertThat(after.get("weight.log_scale")[0])
        .isCloseTo(expected, within(1e-6 * Math.abs(expected)));
  }

  /** The naive layer without bias, up to its gradients. */
  private static final class Setting {
    final FusionModel model = new FusionModel();
    final Value nll = model.nll(model.layer(Estimator.NAIVE, model.weights));
    final Value kl = model.kl(new KlGaussian(1), "weight", model.weights);
    final Value objective = model.objective(nll, kl);
    final List<Value> gradients = Gradients.of(model.graph, objective, model.weights);

    void step(Value guard, List<Value> of) {
      model.step(Adam.DEFAULT, guard, model.rate, model.weights, of);
    }

    List<Op> fused() {
      return operations(Schedule.fused(model.graph));
    }

    void isComposed() {
      assertThat(fused()).noneMatch(op -> op instanceof FusedUpdate);
      assertThat(fused()).filteredOn(op -> op instanceof Update).hasSize(2);
      assertThat(FusionModel.run(Schedule.fused(model.graph), 2).get("weight.mu"))
          .isEqualTo(FusionModel.run(Schedule.composed(model.graph), 2).get("weight.mu"));
    }
  }

  @Test
  void thePlainStepFuses() {
    Setting s = new Setting();
    s.step(s.nll, s.gradients);
    assertThat(s.fused()).filteredOn(op -> op instanceof FusedUpdate).hasSize(1);
  }

  @Test
  void clippedGradientsStayComposed() {
    Setting s = new Setting();
    Graph graph = s.model.graph;
    Value factor = graph.addAll(new ClipFactor(0.1), s.gradients).getFirst();
    s.step(s.nll, s.gradients.stream().map(g -> graph.add(new Multiply(), g, factor)).toList());
    s.isComposed();
  }

  @Test
  void aGradientNamedAsOutputStaysComposed() {
    Setting s = new Setting();
    s.model.graph.output("gradient", s.gradients.getFirst());
    s.step(s.nll, s.gradients);
    s.isComposed();
  }

  @Test
  void aGuardOnTheWholeObjectiveStaysComposed() {
    Setting s = new Setting();
    s.step(s.objective, s.gradients);
    s.isComposed();
  }

  @Test
  void anotherLearningRateForSigmaStaysComposed() {
    Setting s = new Setting();
    FusionModel model = s.model;
    Value slower = model.graph.constant(0.001, Shape.SCALAR);
    model.step(Adam.DEFAULT, s.nll, model.rate, model.weights.get(0), s.gradients.get(0));
    model.step(Adam.DEFAULT, s.nll, slower, model.weights.get(1), s.gradients.get(1));
    s.isComposed();
  }

  @Test
  void weightsUsedTwiceStayComposed() {
    FusionModel model = new FusionModel();
    Value twice =
        model.graph.add(
            new Add(),
            model.layer(Estimator.NAIVE, model.weights),
            model.layer(Estimator.LOCAL, model.weights));
    Value nll = model.nll(twice);
    Value objective = model.objective(nll, model.kl(new KlGaussian(1), "weight", model.weights));
    List<Value> gradients = Gradients.of(model.graph, objective, model.weights);
    model.step(Adam.DEFAULT, nll, model.rate, model.weights, gradients);
    Graph fused = Schedule.fused(model.graph);
    assertThat(operations(fused)).noneMatch(op -> op instanceof FusedUpdate);
    assertThat(operations(fused)).filteredOn(op -> op instanceof WeightGradient).hasSize(2);
  }

  @Test
  void aDivergenceThatIsOnlyReportedStaysComposed() {
    Setting s = new Setting();
    s.step(s.nll, Gradients.of(s.model.graph, s.nll, s.model.weights));
    s.isComposed();
  }

  @Test
  void ivonOnSwappedGradientsStaysComposed() {
    FusionModel model = new FusionModel();
    Value nll = model.nll(model.layer(Estimator.NAIVE, model.weights));
    model.kl(new KlGaussian(1), "weight", model.weights);
    List<Value> gradients = Gradients.of(model.graph, nll, model.weights);
    model.step(RULES.getLast(), nll, model.rate, model.weights, gradients.reversed());
    assertThat(operations(Schedule.fused(model.graph))).noneMatch(op -> op instanceof FusedUpdate);
  }
}
