package dev.elbo.device.cpu;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.OpCase;
import dev.elbo.device.Program;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.Elementwise;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.Function;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Op;
import dev.elbo.graph.Reduction;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A network of two Bayesian layers with its training step, for tests to run on devices. */
final class TrainingStep {
  private static final int DATA = 60_000;
  private static final int CLASSES = 5;

  /** The estimators of a layer; the last is naive, with a scale mixture for a prior. */
  enum Estimator {
    NAIVE,
    LOCAL,
    FLIPOUT,
    SCALE_MIXTURE
  }

  final Graph graph = new Graph();
  private final int examples;
  private final int inputs;
  private final Map<String, Value> parameters = new LinkedHashMap<>();
  private final List<Value> divergences = new ArrayList<>();
  private int sites;

  /** The step of a network inputs-units-5 for a batch of examples, with Adam. */
  TrainingStep(Estimator estimator, int examples, int inputs, int units, int samples) {
    this.examples = examples;
    this.inputs = inputs;
    Value x = graph.input("x", Shape.of(examples, inputs));
    Value labels = graph.input("labels", Shape.of(examples, 1));
    Value hidden = layer(estimator, "hidden", x, units, samples, true);
    Value active = graph.add(new Elementwise.Unary(Function.RELU), hidden);
    Value logits = layer(estimator, "logits", active, CLASSES, samples, false);
    Value each = graph.add(new LogLikelihood.Categorical(), logits, labels);
    Value sum = graph.add(new Reduction.Sum(), each);
    Value nll = graph.add(new Elementwise.Scale(-1.0 / (samples * examples)), sum);
    Value kl = divergences.getFirst();
    for (Value more : divergences.subList(1, divergences.size())) {
      kl = graph.add(new Elementwise.Add(), kl, more);
    }
    Value weighted = graph.add(new Elementwise.Scale(1.0 / DATA), kl);
    graph.output("nll", nll);
    graph.output("kl", kl);
    update(nll, graph.add(new Elementwise.Add(), nll, weighted));
  }

  private Value layer(
      Estimator estimator, String name, Value x, int outputs, int samples, boolean shared) {
    Shape shape = Shape.of(outputs, x.shape().columns());
    Value mu = parameter(name + ".weight.mu", shape);
    Value logSigma = parameter(name + ".weight.log_sigma", shape);
    Value biasMu = parameter(name + ".bias.mu", Shape.of(outputs));
    Value biasLogSigma = parameter(name + ".bias.log_sigma", Shape.of(outputs));
    NoiseSite noise = new NoiseSite(sites++, samples, false);
    Op op =
        switch (estimator) {
          case NAIVE, SCALE_MIXTURE -> new VariationalLinear(noise, shared);
          case LOCAL -> new LocalLinear(noise, shared);
          case FLIPOUT -> new FlipoutLinear(noise, sites++, sites++, shared);
        };
    Value y = graph.add(op, x, mu, logSigma);
    NoiseSite biasNoise = new NoiseSite(sites++, samples, false);
    Value bias = graph.add(new Sample(biasNoise, 1), biasMu, biasLogSigma);
    Divergence divergence =
        estimator == Estimator.SCALE_MIXTURE
            ? new Divergence.KlScaleMixture(0.5, 1, 0.05, noise)
            : new Divergence.KlGaussian(1);
    divergences.add(graph.add(divergence, mu, logSigma));
    divergences.add(graph.add(new Divergence.KlGaussian(1), biasMu, biasLogSigma));
    return graph.add(new Elementwise.AddBias(), y, bias);
  }

  private Value parameter(String name, Shape shape) {
    Value value = graph.parameter(name, shape);
    parameters.put(name, value);
    return value;
  }

  private void update(Value guard, Value objective) {
    Value rate = graph.input("rate", Shape.SCALAR);
    List<Value> values = List.copyOf(parameters.values());
    List<Value> gradients = Gradients.of(graph, objective, values);
    for (int i = 0; i < values.size(); i++) {
      Value value = values.get(i);
      Value m = graph.parameter(graph.label(value) + ".m", value.shape());
      Value v = graph.parameter(graph.label(value) + ".v", value.shape());
      graph.addAll(
          new Update.AdamUpdate(StepRule.Adam.DEFAULT),
          List.of(guard, rate, value, gradients.get(i), m, v));
    }
  }

  /** Buffers with the state before the first step. */
  static Map<String, Buffer> state(Graph graph, Device device) {
    Map<String, Buffer> state = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter(String label, Shape shape)) {
        Buffer buffer = device.allocate(shape);
        buffer.write(initial(label, shape));
        state.put(label, buffer);
      }
    }
    return state;
  }

  private static float[] initial(String label, Shape shape) {
    float[] values = new float[shape.elements()];
    Random random = new Random(label.hashCode());
    for (int i = 0; i < values.length; i++) {
      if (label.endsWith(".mu")) {
        values[i] = (float) (random.nextGaussian() / Math.sqrt(shape.columns()));
      } else if (label.endsWith(".log_sigma")) {
        values[i] = -4 + random.nextFloat();
      }
    }
    return values;
  }

  /** A program with its inputs written. */
  Program program(Graph scheduled, Device device, Map<String, Buffer> state) {
    Program program = device.compile(scheduled, state, OpCase.SEED);
    Random random = new Random(1);
    float[] x = new float[examples * inputs];
    float[] labels = new float[examples];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat();
    }
    for (int i = 0; i < examples; i++) {
      labels[i] = random.nextInt(CLASSES);
    }
    program.input("x").write(x);
    program.input("labels").write(labels);
    program.input("rate").write(new float[] {1e-3f});
    return program;
  }

  /** The outputs and the state after so many steps. */
  Map<String, double[]> run(Graph scheduled, Device device, int steps) {
    Map<String, Buffer> state = state(scheduled, device);
    Map<String, double[]> result = new LinkedHashMap<>();
    try (Program program = program(scheduled, device, state)) {
      for (int step = 1; step <= steps; step++) {
        program.run(step, 0);
      }
      for (String name : scheduled.outputs().keySet()) {
        result.put(name, OpCase.values(program.output(name)));
      }
    }
    state.forEach((name, buffer) -> result.put(name, OpCase.values(buffer)));
    return result;
  }

  /** The bytes of a program of the fused step. */
  long memory(Device device) {
    Graph scheduled = Schedule.fused(graph);
    try (Program program = program(scheduled, device, state(scheduled, device))) {
      return program.memory();
    }
  }
}
