package dev.elbo.bench.peers;

import dev.elbo.bench.StepCase;
import dev.elbo.bench.StepGraph;
import dev.elbo.layer.Estimator;
import dev.elbo.random.Noise;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * What all contenders train: a perceptron with mean-field Gaussian weights and a Normal(0, 1)
 * prior, on one batch.
 *
 * @param step the network, its batch and samples
 * @param estimator how noise enters
 * @param noiseStep the step whose noise contenders are compared by
 * @param graph of Elbo's step
 */
record Problem(StepCase step, Estimator estimator, int noiseStep, StepGraph graph) {
  private static final int SITES = 4;

  /** Reads a case as {@link StepCase#parse} does, with ":local" and the like at its end. */
  static Problem parse(String text) {
    int last = text.lastIndexOf(':');
    StepCase step = StepCase.parse(text.substring(0, last));
    Estimator estimator = Estimator.valueOf(text.substring(last + 1).toUpperCase(Locale.ROOT));
    return new Problem(step, estimator, Noise.FIRST_TRAINING_STEP, StepGraph.of(step, estimator));
  }

  /** The same network, to predict by. */
  static Problem prediction(StepCase step) {
    return new Problem(step, Estimator.NAIVE, Noise.PREDICTION, StepGraph.of(step));
  }

  /** mu and log_sigma of the weights [N, K], then of the biases [N], layer after layer. */
  List<float[]> initial() {
    return List.copyOf(graph.initial().values());
  }

  int inputs(int layer) {
    return step.units().get(layer);
  }

  int outputs(int layer) {
    return step.units().get(layer + 1);
  }

  boolean classes() {
    return step.units().getLast() > 1;
  }

  /** eps of the weights of a sample, transposed: [K, N]. */
  float[] weightNoise(int layer, int sample) {
    Noise noise = new Noise(StepGraph.SEED, SITES * layer, sample, noiseStep);
    int n = outputs(layer);
    return values(inputs(layer) * n, i -> noise.matrix(i % n, i / n));
  }

  /** eps of the biases of a sample, so many copies: [copies, N]. */
  float[] biasNoise(int layer, int sample, int copies) {
    Noise noise = new Noise(StepGraph.SEED, SITES * layer + 1, sample, noiseStep);
    return values(copies * outputs(layer), noise::linear);
  }

  /** eps of the outputs of a sample under local reparameterisation: [B, N]. */
  float[] outputNoise(int layer, int sample) {
    Noise noise = new Noise(StepGraph.SEED, SITES * layer, sample, noiseStep);
    return values(step.batch() * outputs(layer), noise::linear);
  }

  /** eps of the outputs of a sample that all examples share, as predictions draw them: [N]. */
  float[] columnNoise(int layer, int sample) {
    Noise noise = new Noise(StepGraph.SEED, SITES * layer, sample, noiseStep);
    return values(outputs(layer), noise::linear);
  }

  /** Flipout's signs of the inputs of a sample: [B, K]. */
  float[] inputSigns(int layer, int sample) {
    Noise noise = new Noise(StepGraph.SEED, SITES * layer + 2, sample, noiseStep);
    return values(step.batch() * inputs(layer), noise::sign);
  }

  /** Flipout's signs of the outputs of a sample: [B, N]. */
  float[] outputSigns(int layer, int sample) {
    Noise noise = new Noise(StepGraph.SEED, SITES * layer + 3, sample, noiseStep);
    return values(step.batch() * outputs(layer), noise::sign);
  }

  private static float[] values(int count, IntToDoubleFunction value) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) value.applyAsDouble(i);
    }
    return values;
  }

  /** [rows, columns] as [columns, rows]. */
  static float[] transposed(float[] x, int rows, int columns) {
    return values(x.length, i -> x[i % rows * columns + i / rows]);
  }
}
