package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.StepRule;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import dev.elbo.tensor.Tensor;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IvonTest {
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(50, 3, 0.5, 3);

  @Test
  void ivonKeepsThePosteriorOfItsHessian() {
    Training training =
        new Training(
            3,
            16,
            9,
            Objective.DEFAULT,
            Optimizer.Ivon.of(0.1, 0.5),
            new RateSchedule.Cosine(0.1),
            Optional.empty(),
            Optional.empty());
    try (Device device = new ReferenceDevice();
        Trainer trainer = trainer(device, training)) {
      finish(trainer);
      StepRule.Ivon rule = new StepRule.Ivon(0.9, 0.99999, 50, 1 / 50.0, 0.5, 1e30);
      Map<String, Tensor> state = trainer.state().tensors();
      float[] h = state.get("0.weight.mu.ivon_h").values();
      float[] logSigma = state.get("0.weight.log_sigma").values();
      for (int i = 0; i < h.length; i++) {
        assertThat(h[i]).isNotEqualTo(0.5f);
        assertThat(logSigma[i]).isCloseTo((float) rule.logSigma(h[i]), within(1e-6f));
      }
    }
  }

  /** The Hessian of the data term of a linear-Gaussian model is known: sum x² / (N noise²). */
  @Test
  void ivonFindsTheMeanFieldPosteriorOfALinearModel() {
    Objective objective = Objective.of(new Sampling(Estimator.NAIVE, 32, true), 1, 0);
    Optimizer.Ivon ivon = new Optimizer.Ivon(0.05, 0.9, 0.99, 2, 1e30, 1e-3);
    Training training =
        new Training(
            3000,
            1000,
            5,
            objective,
            ivon,
            new RateSchedule.Cosine(0),
            Optional.empty(),
            Optional.empty());
    try (Device device = new CpuDevice(1);
        Trainer trainer = trainer(device, training)) {
      finish(trainer);
      double[] mu = LinearModels.mu(trainer.buffers());
      double[] variance = LinearModels.variance(trainer.buffers());
      for (int i = 0; i < mu.length; i++) {
        double best = PROBLEM.meanFieldVariance(i);
        assertThat(mu[i]).isCloseTo(PROBLEM.mean[i], within(0.05 * Math.sqrt(best)));
        // h averages about 100 steps of 32 draws of eps², whose relative error is
        // sqrt(2 / 3200) = 2.5 %; four times that.
        assertThat(variance[i] / best).isCloseTo(1, within(0.1));
      }
    }
  }

  private static Trainer trainer(Device device, Training training) {
    Model model = LinearModels.model(PROBLEM);
    return new Trainer(device, model, training, LinearModels.examples(PROBLEM), Optional.empty());
  }

  private static void finish(Trainer trainer) {
    while (!trainer.finished()) {
      trainer.epochOfSteps();
    }
  }
}
