package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Schedule;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Sampling;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** log p(D) = ELBO + KL(q || posterior): the whole trainer against a model that is known. */
class EvidenceTest {
  private static final LinearGaussian CORRELATED = LinearGaussian.simulated(60, 3, 0.8, 7);

  @ParameterizedTest
  @EnumSource(Estimator.class)
  void trainingFindsTheBestMeanFieldGaussian(Estimator estimator) {
    double[] best = new double[CORRELATED.weights()];
    for (int i = 0; i < best.length; i++) {
      best[i] = CORRELATED.meanFieldVariance(i);
    }
    // KL(best mean-field || posterior) = (sum log A_ii - log det A) / 2: what mean-field cannot
    // reach.
    double gap = CORRELATED.klToPosterior(CORRELATED.mean, best);
    assertThat(gap).isGreaterThan(0.5);
    try (Device device = new CpuDevice(1);
        Trainer trainer = trained(device, CORRELATED, estimator)) {
      double[] mu = LinearModels.mu(trainer.buffers());
      double[] variance = LinearModels.variance(trainer.buffers());
      for (int i = 0; i < mu.length; i++) {
        assertThat(mu[i]).isCloseTo(CORRELATED.mean[i], within(0.02 * Math.sqrt(best[i])));
        assertThat(variance[i] / best[i]).isCloseTo(1, within(0.02));
      }
      // At the optimum the ELBO is flat: deviations within these bounds cost under 0.005 nats.
      double elbo = elbo(CORRELATED, trainer.buffers());
      assertThat(CORRELATED.logEvidence() - elbo).isCloseTo(gap, within(0.005));
    }
  }

  @Test
  void meanFieldIsExactWhereWeightsAreIndependent() {
    // One feature that sums to zero is orthogonal to the bias: the posterior is a product.
    LinearGaussian one = LinearGaussian.simulated(40, 1, 0, 3);
    double mean = 0;
    for (double[] row : one.x) {
      mean += row[0] / one.x.length;
    }
    double[][] centred = new double[one.x.length][];
    for (int n = 0; n < centred.length; n++) {
      centred[n] = new double[] {(float) (one.x[n][0] - mean), 1};
    }
    LinearGaussian problem = new LinearGaussian(centred, one.y, one.noise, one.prior);
    double[] variance = {problem.meanFieldVariance(0), problem.meanFieldVariance(1)};
    assertThat(problem.klToPosterior(problem.mean, variance)).isCloseTo(0, within(1e-9));
    try (Device device = new CpuDevice(1);
        Trainer trainer = trained(device, problem, Estimator.NAIVE)) {
      double elbo = elbo(problem, trainer.buffers());
      assertThat(elbo).isCloseTo(problem.logEvidence(), within(0.005));
    }
  }

  @Test
  void theIdentityHoldsAtAnyQ() {
    try (Device device = new ReferenceDevice();
        Trainer trainer = trainer(device, CORRELATED, Estimator.NAIVE, 1, 2)) {
      for (double shift : new double[] {0, 0.3, -1.1}) {
        set(trainer.buffers(), shift);
        double[] mu = LinearModels.mu(trainer.buffers());
        double[] variance = LinearModels.variance(trainer.buffers());
        double sum = elbo(CORRELATED, trainer.buffers()) + CORRELATED.klToPosterior(mu, variance);
        double logEvidence = CORRELATED.logEvidence();
        assertThat(sum).isCloseTo(logEvidence, within(1e-6 * Math.abs(logEvidence)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Estimator.class)
  void theEstimatedElboAgreesWithTheClosedForm(Estimator estimator) {
    int runs = 100;
    int samples = 1000;
    try (Device device = new CpuDevice(2);
        Trainer trainer = trainer(device, CORRELATED, estimator, samples, 1)) {
      set(trainer.buffers(), 0.2);
      double[] mu = LinearModels.mu(trainer.buffers());
      double[] variance = LinearModels.variance(trainer.buffers());
      double expected = -CORRELATED.expectedLogLikelihood(mu, variance) / CORRELATED.y.length;
      double sum = 0;
      double squares = 0;
      for (int run = 0; run < runs; run++) {
        double nll = nll(device, trainer.buffers(), estimator, samples, run + 1);
        sum += nll;
        squares += nll * nll;
      }
      double mean = sum / runs;
      double error = Math.sqrt((squares / runs - mean * mean) / (runs - 1));
      assertThat(mean).isCloseTo(expected, within(4 * error));
    }
  }

  /**
   * The ELBO in nats of the whole data set: data term in closed form, divergence of the library.
   */
  private static double elbo(LinearGaussian problem, Map<String, Buffer> buffers) {
    double[] mu = LinearModels.mu(buffers);
    double[] variance = LinearModels.variance(buffers);
    try (Device reference = new ReferenceDevice()) {
      Map<String, Buffer> copies = new LinkedHashMap<>();
      buffers.forEach((name, buffer) -> copies.put(name, copy(reference, buffer)));
      try (Program program = program(reference, problem, copies, Estimator.NAIVE, 1)) {
        program.run(1, 0);
        float[] kl = new float[1];
        program.output(TrainingGraph.KL).read(kl);
        return problem.expectedLogLikelihood(mu, variance) - kl[0];
      }
    }
  }

  private static double nll(
      Device device, Map<String, Buffer> buffers, Estimator estimator, int samples, int step) {
    try (Program program = program(device, CORRELATED, buffers, estimator, samples)) {
      program.run(step, 0);
      float[] nll = new float[1];
      program.output(TrainingGraph.NLL).read(nll);
      return nll[0];
    }
  }

  private static Buffer copy(Device device, Buffer buffer) {
    float[] values = new float[buffer.shape().elements()];
    buffer.read(values);
    Buffer copy = device.allocate(buffer.shape());
    copy.write(values);
    return copy;
  }

  /** A training step; its learning rate stays 0, so that running it changes no parameter. */
  private static Program program(
      Device device,
      LinearGaussian problem,
      Map<String, Buffer> buffers,
      Estimator estimator,
      int samples) {
    int n = problem.y.length;
    Training training = training(estimator, samples, 1);
    Model model = LinearModels.model(problem);
    TrainingGraph step = TrainingGraph.of(model.network(), training, n, n);
    Map<String, Buffer> parameters = new HashMap<>(buffers);
    parameters.putAll(TrainingGraph.data(device, model, LinearModels.examples(problem)));
    Program program = device.compile(Schedule.fused(step.graph()), parameters, 5);
    program.input(TrainingGraph.ROWS).write(SmallRuns.rows(n));
    return program;
  }

  private static void set(Map<String, Buffer> buffers, double shift) {
    buffers.forEach(
        (name, buffer) -> {
          float[] values = new float[buffer.shape().elements()];
          for (int i = 0; i < values.length; i++) {
            double value = name.endsWith("log_sigma") ? -2 + 0.3 * i : shift + 0.4 * i;
            values[i] = (float) value;
          }
          if (name.endsWith("mu") || name.endsWith("log_sigma")) {
            buffer.write(values);
          }
        });
  }

  private static Training training(Estimator estimator, int samples, int epochs) {
    Training plain = Training.of(epochs, 1000, 0.005, 11);
    return plain.with(Objective.of(new Sampling(estimator, samples, false), 1, 0));
  }

  private static Trainer trainer(
      Device device, LinearGaussian problem, Estimator estimator, int samples, int epochs) {
    return new Trainer(
        device,
        LinearModels.model(problem),
        training(estimator, samples, epochs),
        LinearModels.examples(problem),
        Optional.empty());
  }

  private static Trainer trained(Device device, LinearGaussian problem, Estimator estimator) {
    Trainer trainer = trainer(device, problem, estimator, 128, 4000);
    while (!trainer.finished()) {
      trainer.oneStep();
    }
    return trainer;
  }
}
