package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The numbers of a training run: what they mean and which are refused. */
class SettingsTest {
  @Test
  void schedulesFollowTheirFormulas() {
    RateSchedule cosine = new RateSchedule.Cosine(0.2);
    assertThat(cosine.factor(0.1)).isEqualTo(0.5);
    assertThat(cosine.factor(0.2)).isEqualTo(1);
    assertThat(cosine.factor(0.6)).isCloseTo(0.5, within(1e-12));
    assertThat(cosine.factor(1)).isCloseTo(0, within(1e-12));
    RateSchedule linear = new RateSchedule.Linear(0.5, 0.1);
    assertThat(linear.factor(0.5)).isEqualTo(1);
    assertThat(linear.factor(0.75)).isCloseTo(0.55, within(1e-12));
    assertThat(linear.factor(1)).isCloseTo(0.1, within(1e-12));
    assertThat(new RateSchedule.Constant().factor(0.7)).isEqualTo(1);
  }

  @Test
  void theKlWeightRises() {
    Objective objective = Objective.of(new Sampling(Estimator.NAIVE, 1, false), 0.8, 5);
    assertThat(objective.klWeight(2.5)).isCloseTo(0.4, within(1e-12));
    assertThat(objective.klWeight(7)).isEqualTo(0.8);
    assertThat(Objective.DEFAULT.klWeight(0)).isEqualTo(1);
  }

  @Test
  void defaultsAreThoseOfThePapers() {
    assertThat(Optimizer.Adam.of(0.1)).isEqualTo(new Optimizer.Adam(0.1, 0.9, 0.999, 1e-8));
    Optimizer.Ivon ivon = Optimizer.Ivon.of(0.1, 0.5);
    assertThat(ivon.beta1()).isEqualTo(0.9);
    assertThat(ivon.beta2()).isEqualTo(0.99999);
    Training training = Training.of(3, 64, 0.1, 1);
    assertThat(training.objective()).isEqualTo(Objective.DEFAULT);
  }

  @Test
  void badNumbersAreRefused() {
    Sampling one = new Sampling(Estimator.NAIVE, 1, false);
    refused(
        () -> new Sampling(Estimator.NAIVE, 0, false),
        "the number of samples must be positive, got 0");
    refused(
        () -> new Sampling(Estimator.NAIVE, 3, true),
        "antithetic pairs need an even number of samples, got 3");
    refused(() -> Objective.of(one, -1, 0), "the KL weight must be 0 or more, got -1.0");
    refused(() -> Objective.of(one, 1, -2), "the KL warm-up must be 0 or more epochs, got -2.0");
    refused(() -> Optimizer.Adam.of(-1), "the learning rate must be positive and finite, got -1.0");
    refused(
        () -> new Optimizer.Sgd(0, 0), "the learning rate must be positive and finite, got 0.0");
    refused(() -> new RateSchedule.Cosine(1), "the warm-up must be in [0, 1), got 1.0");
    refused(() -> new RateSchedule.Linear(-1, 0), "the start of decay must be in [0, 1), got -1.0");
    refused(() -> new RateSchedule.Linear(0, 2), "the last factor must be in [0, 1), got 2.0");
    refused(() -> Training.of(0, 1, 1, 1), "the number of epochs must be positive, got 0");
    refused(() -> Training.of(1, 0, 1, 1), "the batch size must be positive, got 0");
    refused(
        () -> new EarlyStopping(EarlyStopping.Score.NLL, 0),
        "the patience must be positive, got 0");
    Optimizer ivon = Optimizer.Ivon.of(0.1, 1);
    refused(
        () -> TrainerTest.training(1, Objective.DEFAULT, ivon, Optional.of(1.0), Optional.empty()),
        "IVON's Hessian estimate needs unclipped gradients: use its clip radius");
    refused(
        () ->
            TrainerTest.training(
                1, Objective.of(one, 1, 2), ivon, Optional.empty(), Optional.empty()),
        "IVON's posterior has no KL warm-up");
    refused(
        () ->
            TrainerTest.training(
                1, Objective.DEFAULT, Optimizer.Adam.of(1), Optional.of(0.0), Optional.empty()),
        "the gradient norm limit must be positive, got 0.0");
  }

  private static void refused(Runnable make, String message) {
    assertThatThrownBy(make::run).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }
}
