package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Factor;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Sampling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every estimator's gradient is unbiased, and local and flipout vary less than naive. */
class EstimatorTest {
  private static final int RUNS = 20_000;
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(128, 5, 0.5, 17);

  /** Mean and variance of each element of a gradient over runs. */
  record Moments(double[] mean, double[] variance) {}

  static Stream<Arguments> samplings() {
    return Stream.of(Estimator.values())
        .flatMap(
            e ->
                Stream.of(
                    Arguments.of(new Sampling(e, 1, false)),
                    Arguments.of(new Sampling(e, 3, false)),
                    Arguments.of(new Sampling(e, 2, true))));
  }

  @ParameterizedTest
  @MethodSource("samplings")
  void gradientsAreUnbiased(Sampling sampling) {
    Map<String, double[]> parameters = parameters();
    double[] mu = parameters.get("mu");
    double[] variance =
        java.util.Arrays.stream(parameters.get("log_sigma")).map(s -> Math.exp(2 * s)).toArray();
    double[][] expected = PROBLEM.nllGradients(mu, variance);
    Map<String, Moments> measured = moments(sampling, RUNS);
    for (int part = 0; part < 2; part++) {
      Moments moments = measured.get(part == 0 ? "mu" : "log_sigma");
      for (int i = 0; i < mu.length; i++) {
        double error = Math.sqrt(moments.variance()[i] / RUNS);
        // float32 sums over 128 examples are off by about 1e-6 of their terms, which counts where
        // antithetic pairs leave no variance at all.
        double rounding = 2e-6 * (1 + Math.abs(expected[part][i]));
        double z = Math.abs(moments.mean()[i] - expected[part][i]) / (error + rounding);
        // 12 elements, 9 samplings: |z| > 4.5 has probability under 0.001 for all together.
        assertThat(z).as("%s %s element %d", sampling, part == 0 ? "mu" : "sigma", i).isLessThan(4.5);
      }
    }
  }

  @Test
  void localAndFlipoutVaryLessThanNaive() {
    double naive = total(new Sampling(Estimator.NAIVE, 1, false));
    assertThat(total(new Sampling(Estimator.LOCAL, 1, false))).isLessThan(0.5 * naive);
    assertThat(total(new Sampling(Estimator.FLIPOUT, 1, false))).isLessThan(0.5 * naive);
  }

  /** The summed variance of the gradients of the weights: flipout leaves biases as they are. */
  private static double total(Sampling sampling) {
    Map<String, Moments> moments = moments(sampling, 2000);
    double sum = 0;
    for (Moments part : moments.values()) {
      for (int i = 0; i < part.variance().length - 1; i++) {
        sum += part.variance()[i];
      }
    }
    return sum;
  }

  private static Map<String, double[]> parameters() {
    int d = PROBLEM.weights();
    double[] mu = new double[d];
    double[] logSigma = new double[d];
    for (int i = 0; i < d; i++) {
      mu[i] = (float) (0.3 * i - 0.5);
      logSigma[i] = (float) (-1.5 + 0.2 * i);
    }
    return Map.of("mu", mu, "log_sigma", logSigma);
  }

  private static Map<String, Moments> moments(Sampling sampling, int runs) {
    Graph graph = new Graph();
    Network network = LinearModels.model(PROBLEM).network();
    int rows = PROBLEM.y.length;
    Value x = graph.input("x", network.inputShape(rows));
    Value y = graph.input("y", network.targetShape(rows));
    NetworkBuilder builder = new NetworkBuilder(graph, rows, sampling, network.prior());
    Value likelihood =
        network.likelihood().logLikelihood(graph, network.build(builder, x), y);
    Value sum = graph.add(new Sum(), likelihood);
    Value nll = graph.add(new Scale(-1.0 / likelihood.shape().rows()), sum);
    Map<String, Value> parameters = new LinkedHashMap<>();
    for (Factor factor : builder.factors()) {
      parameters.put(factor.mu().name(), factor.mu().value());
      parameters.put(factor.logSigma().name(), factor.logSigma().value());
    }
    List<Value> gradients = Gradients.of(graph, nll, List.copyOf(parameters.values()));
    int i = 0;
    for (String name : parameters.keySet()) {
      graph.output("d " + name, gradients.get(i++));
    }
    try (Device device = new CpuDevice(1)) {
      return run(device, graph, parameters, runs);
    }
  }

  private static Map<String, Moments> run(
      Device device, Graph graph, Map<String, Value> parameters, int runs) {
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    parameters.forEach((name, value) -> buffers.put(name, device.allocate(value.shape())));
    parameters().forEach((part, values) -> write(buffers, part, values));
    try (Program program = device.compile(Schedule.composed(graph), buffers, 23)) {
      Examples examples = LinearModels.examples(PROBLEM);
      program.input("x").write(examples.inputs());
      program.input("y").write(examples.targets());
      Map<String, double[][]> sums = new LinkedHashMap<>();
      for (int step = 1; step <= runs; step++) {
        program.run(step, 0);
        for (String part : List.of("mu", "log_sigma")) {
          add(sums.computeIfAbsent(part, k -> new double[2][PROBLEM.weights()]), program, part);
        }
      }
      Map<String, Moments> moments = new LinkedHashMap<>();
      sums.forEach((part, s) -> moments.put(part, moments(s, runs)));
      return moments;
    }
  }

  private static void write(Map<String, Buffer> buffers, String part, double[] values) {
    float[] weight = new float[values.length - 1];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) values[i];
    }
    buffers.get("0.weight." + part).write(weight);
    buffers.get("0.bias." + part).write(new float[] {(float) values[weight.length]});
  }

  private static void add(double[][] sums, Program program, String part) {
    float[] weight = new float[sums[0].length - 1];
    float[] bias = new float[1];
    program.output("d 0.weight." + part).read(weight);
    program.output("d 0.bias." + part).read(bias);
    for (int i = 0; i < sums[0].length; i++) {
      double value = i < weight.length ? weight[i] : bias[0];
      sums[0][i] += value;
      sums[1][i] += value * value;
    }
  }

  private static Moments moments(double[][] sums, int runs) {
    double[] mean = new double[sums[0].length];
    double[] variance = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = sums[0][i] / runs;
      variance[i] = Math.max(0, sums[1][i] / runs - mean[i] * mean[i]);
    }
    return new Moments(mean, variance);
  }
}
