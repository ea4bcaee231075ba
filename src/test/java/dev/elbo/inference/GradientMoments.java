package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Factor;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Sampling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Mean and variance, over draws of the noise, of the gradient of a batch's negative log-likelihood.
 *
 * @param mean of each element, by parameter
 * @param variance of each element, by parameter
 */
public record GradientMoments(Map<String, double[]> mean, Map<String, double[]> variance) {

  /**
   * Measures them.
   *
   * @param parameters the values of mu and log_sigma by name
   * @param batch the examples, all of them in each run
   * @param runs how many draws
   */
  public static GradientMoments of(
      Device device,
      Network network,
      Sampling sampling,
      Map<String, float[]> parameters,
      Examples batch,
      int runs) {
    Graph graph = new Graph();
    Map<String, Value> values = build(graph, network, sampling, batch.size());
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    values.forEach((name, value) -> buffers.put(name, device.allocate(value.shape())));
    parameters.forEach((name, value) -> buffers.get(name).write(value));
    try (Program program = device.compile(Schedule.composed(graph), buffers, 23)) {
      program.input("x").write(batch.inputs());
      program.input("y").write(batch.targets());
      return run(program, values, runs);
    }
  }

  private static Map<String, Value> build(
      Graph graph, Network network, Sampling sampling, int rows) {
    Value x = graph.input("x", network.inputShape(rows));
    Value y = graph.input("y", network.targetShape(rows));
    NetworkBuilder builder =
        new NetworkBuilder(graph, rows, sampling, network.prior(), LatentUse.DIVERGENCE);
    Value likelihood = network.likelihood().logLikelihood(graph, network.build(builder, x), y);
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
      graph.output(name, gradients.get(i++));
    }
    return parameters;
  }

  private static GradientMoments run(Program program, Map<String, Value> values, int runs) {
    Map<String, double[]> mean = new LinkedHashMap<>();
    Map<String, double[]> variance = new LinkedHashMap<>();
    values.forEach((name, value) -> mean.put(name, new double[value.shape().elements()]));
    values.forEach((name, value) -> variance.put(name, new double[value.shape().elements()]));
    for (int step = 1; step <= runs; step++) {
      program.run(step, 0);
      for (String name : values.keySet()) {
        float[] gradient = new float[mean.get(name).length];
        program.output(name).read(gradient);
        add(gradient, mean.get(name), variance.get(name), step);
      }
    }
    variance.values().forEach(v -> divide(v, runs));
    return new GradientMoments(mean, variance);
  }

  /** Welford's update: the second array gathers squared deviations. */
  private static void add(float[] gradient, double[] mean, double[] squares, int count) {
    for (int i = 0; i < gradient.length; i++) {
      double delta = gradient[i] - mean[i];
      mean[i] += delta / count;
      squares[i] += delta * (gradient[i] - mean[i]);
    }
  }

  private static void divide(double[] values, int by) {
    for (int i = 0; i < values.length; i++) {
      values[i] /= by;
    }
  }

  /** The sum over all elements of the parameters whose name ends so. */
  public double totalVariance(String suffix) {
    return variance.entrySet().stream()
        .filter(e -> e.getKey().endsWith(suffix))
        .flatMapToDouble(e -> java.util.Arrays.stream(e.getValue()))
        .sum();
  }
}
