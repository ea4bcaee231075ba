package dev.elbo.device.cuda;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The training step of two layers of sampled weights, for tests of programs: 3 outputs whose sum is
 * "trained". An even number of samples is drawn in antithetic pairs.
 */
final class SampledNetwork {
  private final Graph graph = new Graph();
  private final int samples;
  private final int examples;
  private final int inputs;
  private final int hidden;
  private final Map<String, Value> parameters = new LinkedHashMap<>();

  private SampledNetwork(int samples, int examples, int inputs, int hidden) {
    this.samples = samples;
    this.examples = examples;
    this.inputs = inputs;
    this.hidden = hidden;
  }

  /** The step by Adam, as it is run, of 4 examples, 7 inputs and 5 hidden units. */
  static Graph fused(int samples) {
    return fused(samples, 4, 7, 5);
  }

  /** The step by Adam, as it is run. */
  static Graph fused(int samples, int examples, int inputs, int hidden) {
    SampledNetwork network = new SampledNetwork(samples, examples, inputs, hidden);
    network.build();
    return Schedule.fused(network.graph);
  }

  /** The step by IVON of 4 examples, 7 inputs and 5 hidden units, as it is run. */
  static Graph ivon(int samples) {
    SampledNetwork network = new SampledNetwork(samples, 4, 7, 5);
    network.buildIvon();
    return Schedule.fused(network.graph);
  }

  /** The forward pass alone. */
  static Graph forward(int samples) {
    SampledNetwork network = new SampledNetwork(samples, 4, 7, 5);
    network.graph.output("sum", network.sum(new ArrayList<>()));
    return Schedule.composed(network.graph);
  }

  private void build() {
    List<Value> divergences = new ArrayList<>();
    Value sum = sum(divergences);
    Value kl = graph.add(new Add(), divergences.get(0), divergences.get(1));
    graph.output("sum", sum);
    graph.output("kl", kl);
    Value loss = graph.add(new Add(), sum, graph.add(new Scale(0.01), kl));
    Value rate = graph.input("rate", Shape.SCALAR);
    List<Value> all = List.copyOf(parameters.values());
    List<String> names = List.copyOf(parameters.keySet());
    List<Value> gradients = Gradients.of(graph, loss, all);
    for (int i = 0; i < all.size(); i++) {
      Value m = graph.parameter(names.get(i) + ".m", all.get(i).shape());
      Value v = graph.parameter(names.get(i) + ".v", all.get(i).shape());
      graph.addAll(
          new AdamUpdate(StepRule.Adam.DEFAULT),
          List.of(sum, rate, all.get(i), gradients.get(i), m, v));
    }
  }

  private void buildIvon() {
    List<Value> divergences = new ArrayList<>();
    Value sum = sum(divergences);
    graph.output("sum", sum);
    graph.output("kl", graph.add(new Add(), divergences.get(0), divergences.get(1)));
    Value rate = graph.input("rate", Shape.SCALAR);
    List<Value> all = List.copyOf(parameters.values());
    List<String> names = List.copyOf(parameters.keySet());
    List<Value> gradients = Gradients.of(graph, sum, all);
    for (int i = 0; i < all.size(); i += 2) {
      Value g = graph.parameter(names.get(i) + ".g", all.get(i).shape());
      Value h = graph.parameter(names.get(i) + ".h", all.get(i).shape());
      graph.addAll(
          new IvonUpdate(new StepRule.Ivon(0.9, 0.99, 80, 1 / 80.0, 0.5, 0.1)),
          List.of(
              sum, rate, all.get(i), all.get(i + 1), gradients.get(i), gradients.get(i + 1), g, h));
    }
  }

  private Value sum(List<Value> divergences) {
    Value x = graph.input("x", Shape.of(examples, inputs));
    Value h = layer(1, x, true, hidden, divergences);
    return graph.add(new Sum(), layer(2, h, false, 3, divergences));
  }

  private Value layer(int number, Value x, boolean shared, int units, List<Value> divergences) {
    Shape shape = Shape.of(units, x.shape().columns());
    Value mu = parameter("mu" + number, shape);
    Value logSigma = parameter("log_sigma" + number, shape);
    divergences.add(graph.add(new Divergence.KlGaussian(1), mu, logSigma));
    NoiseSite noise = new NoiseSite(number, samples, samples % 2 == 0);
    return graph.add(new VariationalLinear(noise, shared), x, mu, logSigma);
  }

  private Value parameter(String name, Shape shape) {
    Value value = graph.parameter(name, shape);
    parameters.put(name, value);
    return value;
  }
}
