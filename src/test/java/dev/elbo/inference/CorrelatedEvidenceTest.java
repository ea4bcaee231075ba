package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.CudaOptions;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.distribution.Covariance;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.layer.CorrelatedLinear;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;
import dev.elbo.layer.Sampling;
import dev.elbo.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Posteriors with correlations, where the exact one is known. */
class CorrelatedEvidenceTest {
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(60, 3, 0.8, 7);

  static List<Covariance> all() {
    return List.of(new Covariance.Full(), new Covariance.LowRank(2), new Covariance.Kronecker());
  }

  private static Model model(Covariance covariance, Prior prior) {
    Layer body =
        new Layer.Sequential(
            List.of(new CorrelatedLinear(1, covariance, new GaussianPosterior(-2))));
    Network network =
        new Network(
            PROBLEM.weights() - 1,
            body,
            new Likelihood.GaussianKnown(1, PROBLEM.noise),
            prior,
            new Observations.Labelled());
    return new Model(network, LinearModels.identity(network.inputs()));
  }

  private static Training training(int steps, int samples) {
    Training plain = Training.of(steps, 1000, 0.01, 11);
    return plain.with(Objective.of(new Sampling(Estimator.NAIVE, samples, true), 1, 0));
  }

  private static Trainer trainer(Device device, Covariance covariance, int steps, int samples) {
    Model model = model(covariance, new Prior.Gaussian(PROBLEM.prior));
    return new Trainer(
        device, model, training(steps, samples), LinearModels.examples(PROBLEM), Optional.empty());
  }

  /** log p(D) - ELBO of what training ends with. */
  private static double gap(Covariance covariance) {
    try (Device device = new CpuDevice(2);
        Trainer trainer = trainer(device, covariance, 4000, 64)) {
      while (!trainer.finished()) {
        trainer.oneStep();
      }
      DenseGaussian q = DenseGaussian.of(covariance, trainer.buffers(), 1, PROBLEM.weights() - 1);
      return q.kl(PROBLEM.mean, PROBLEM.precision);
    }
  }

  @Test
  void aFullCovarianceReachesTheEvidence() {
    assertThat(gap(new Covariance.Full())).isBetween(0.0, 1e-3);
  }

  @Test
  void aLayerOfOneUnitIsExactWithAKroneckerCovarianceToo() {
    assertThat(gap(new Covariance.Kronecker())).isBetween(0.0, 1e-3);
  }

  @Test
  void aLowRankComesBetweenMeanFieldAndAll() {
    double[] best = new double[PROBLEM.weights()];
    for (int i = 0; i < best.length; i++) {
      best[i] = PROBLEM.meanFieldVariance(i);
    }
    double meanField = PROBLEM.klToPosterior(PROBLEM.mean, best);
    double one = gap(new Covariance.LowRank(1));
    assertThat(one).isBetween(1e-3, meanField);
    assertThat(gap(new Covariance.LowRank(2))).isLessThan(one);
  }

  /** Parameters of a layer at random; variances stay positive whatever they are. */
  private static void scatter(Map<String, Buffer> buffers) {
    SplittableRandom random = new SplittableRandom(3);
    buffers.forEach(
        (name, buffer) -> {
          if (!name.contains("adam")) {
            float[] values = new float[buffer.shape().elements()];
            for (int i = 0; i < values.length; i++) {
              values[i] = (float) (0.5 * random.nextGaussian());
            }
            buffer.write(values);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void theDivergenceIsThatOfTheDenseGaussian(Covariance covariance) {
    int units = 3;
    int inputs = 4;
    Network network =
        new Network(
            inputs,
            new Layer.Sequential(
                List.of(new CorrelatedLinear(units, covariance, GaussianPosterior.DEFAULT))),
            new Likelihood.Categorical(units),
            new Prior.Gaussian(0.7),
            new Observations.Labelled());
    Model model = new Model(network, LinearModels.identity(inputs));
    Examples examples =
        new Examples(inputs, new float[] {1, 2, 3, 4, 0, 1, 0, 1}, new float[] {0, 2});
    try (Device device = new ReferenceDevice();
        Trainer trainer = new Trainer(device, model, training(1, 2), examples, Optional.empty())) {
      scatter(trainer.buffers());
      double kl = PosteriorDivergence.of(device, model, trainer.buffers(), 1, 1);
      DenseGaussian q = DenseGaussian.of(covariance, trainer.buffers(), units, inputs);
      // The parameters and the result are rounded to float32 on their way.
      assertThat(kl).isCloseTo(q.klToPrior(0.7), within(1e-5 * Math.abs(kl)));
    }
  }

  /** The draws have the mean and covariance that the divergence is of. */
  @ParameterizedTest
  @MethodSource("all")
  void drawsHaveTheMomentsOfTheDenseGaussian(Covariance covariance) {
    int features = PROBLEM.weights() - 1;
    Model model = model(covariance, new Prior.Gaussian(1));
    float[] probe = {0.5f, -1, 2};
    try (Device device = new CpuDevice(1);
        Trainer trainer = trainer(device, covariance, 1, 2)) {
      scatter(trainer.buffers());
      DenseGaussian q = DenseGaussian.of(covariance, trainer.buffers(), 1, features);
      int samples = 20_000;
      Predictions.Numbers predicted =
          (Predictions.Numbers)
              new Predictor(device, model, trainer.buffers(), samples, 5)
                  .predict(new Examples(features, probe, new float[0]));
      double mean = q.mean()[features];
      double variance = 0;
      double[] row = {probe[0], probe[1], probe[2], 1};
      for (int i = 0; i <= features; i++) {
        mean += i < features ? row[i] * q.mean()[i] : 0;
        for (int j = 0; j <= features; j++) {
          variance += row[i] * q.covariance()[i][j] * row[j];
        }
      }
      // Four standard errors of a mean and of a variance of Gaussian draws.
      assertThat(predicted.mean()[0]).isCloseTo(mean, within(4 * Math.sqrt(variance / samples)));
      assertThat(predicted.modelVariance()[0])
          .isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / samples)));
    }
  }

  private static Map<String, Tensor> after(Device device, Covariance covariance, int steps) {
    try (device;
        Trainer trainer = trainer(device, covariance, 20, 2)) {
      for (int i = 0; i < steps; i++) {
        trainer.oneStep();
      }
      return trainer.state().tensors();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aResumedRunAndOneWithTwoThreadsEndInTheSameBits(Covariance covariance) {
    Map<String, Tensor> expected = after(new CpuDevice(1), covariance, 20);
    assertSame(after(new CpuDevice(2), covariance, 20), expected);
    try (Device device = new CpuDevice(1);
        Trainer first = trainer(device, covariance, 20, 2);
        Trainer second = trainer(device, covariance, 20, 2)) {
      for (int i = 0; i < 7; i++) {
        first.oneStep();
      }
      second.restore(first.state());
      while (!second.finished()) {
        second.oneStep();
      }
      assertSame(second.state().tensors(), expected);
    }
  }

  private static void assertSame(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    expected.forEach(
        (name, tensor) ->
            assertThat(actual.get(name).values()).as(name).isEqualTo(tensor.values()));
  }

  /** Adam moves a weight by about the learning rate whatever the gradient's size: 20 · 0.01. */
  private static void assertClose(Map<String, Tensor> actual, Map<String, Tensor> expected) {
    expected.forEach(
        (name, tensor) -> {
          for (int i = 0; i < tensor.values().length; i++) {
            double value = tensor.values()[i];
            assertThat((double) actual.get(name).values()[i])
                .as(name)
                .isCloseTo(value, within(1e-4 * (Math.abs(value) + 0.1)));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("all")
  void theCpuTrainsAsTheReference(Covariance covariance) {
    Map<String, Tensor> expected = after(new ReferenceDevice(), covariance, 20);
    assertClose(after(new CpuDevice(2), covariance, 20), expected);
  }

  @Tag("cuda")
  @ParameterizedTest
  @MethodSource("all")
  void aCardTrainsAsTheReference(Covariance covariance) {
    EmulatedDriver.load();
    Map<String, Tensor> expected = after(new ReferenceDevice(), covariance, 20);
    CudaDevice cuda = new CudaDevice(0, CudaOptions.of(Precision.F32));
    assertClose(after(cuda, covariance, 20), expected);
  }

  @Test
  void whatHasNoCorrelationsIsRefused() {
    Covariance full = new Covariance.Full();
    Training local =
        training(1, 2).with(Objective.of(new Sampling(Estimator.LOCAL, 2, false), 1, 0));
    refused(
        model(full, new Prior.Gaussian(1)),
        local,
        "weights with correlations have the naive estimator only, not local");
    refused(
        model(full, new Prior.Laplace(1)),
        training(1, 2),
        "weights with correlations need a Gaussian prior of fixed scale");
    Training ivon =
        new Training(
            1,
            10,
            1,
            Objective.DEFAULT,
            new Optimizer.Ivon(0.1, 0.9, 0.999, 0.5, 100, 0.001),
            new RateSchedule.Constant(),
            Optional.empty(),
            Optional.empty());
    refused(
        model(full, new Prior.Gaussian(1)),
        ivon,
        "IVON learns mean-field Gaussians: no weights with correlations and no prior for points");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Covariance.LowRank(0))
        .withMessage("the rank must be positive, got 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CorrelatedLinear(0, full, GaussianPosterior.DEFAULT))
        .withMessage("a layer needs at least one unit, got 0");
  }

  @Test
  void moreWeightsThanAFullCovarianceCanHaveAreRefused() {
    Covariance full = new Covariance.Full();
    Network network =
        new Network(
            42,
            new Layer.Sequential(
                List.of(new CorrelatedLinear(100, full, GaussianPosterior.DEFAULT))),
            new Likelihood.Categorical(100),
            new Prior.Gaussian(1),
            new Observations.Labelled());
    Model model = new Model(network, LinearModels.identity(42));
    Examples examples = new Examples(42, new float[42], new float[] {7});
    try (Device device = new CpuDevice(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Trainer(device, model, training(1, 2), examples, Optional.empty()))
          .withMessage(
              "a full covariance of 4300 weights is more than 4096: use a low rank or a Kronecker"
                  + " one");
    }
  }

  private static void refused(Model model, Training training, String message) {
    try (Device device = new CpuDevice(1)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  new Trainer(
                      device, model, training, LinearModels.examples(PROBLEM), Optional.empty()))
          .withMessage(message);
    }
  }
}
