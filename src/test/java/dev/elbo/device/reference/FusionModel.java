package dev.elbo.device.reference;

import dev.elbo.device.Buffer;
import dev.elbo.device.OpCase;
import dev.elbo.device.Program;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Op;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Sample;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/** One Bayesian layer with its training step, for tests of fusion to build in variants. */
final class FusionModel {
  private static final int EXAMPLES = 5;
  private static final int INPUTS = 7;
  private static final int OUTPUTS = 3;
  private static final int SAMPLES = 2;
  private static final double KL_WEIGHT = 0.01;

  final Graph graph = new Graph();
  final Value x = graph.input("x", Shape.of(EXAMPLES, INPUTS));
  final Value y = graph.input("y", Shape.of(EXAMPLES, OUTPUTS));
  final Value rate = graph.input("learning_rate", Shape.SCALAR);
  final List<Value> weights = gaussian("weight", Shape.of(OUTPUTS, INPUTS));
  final List<Value> bias = gaussian("bias", Shape.of(OUTPUTS));

  /** The estimators of a layer. */
  enum Estimator {
    NAIVE,
    LOCAL,
    FLIPOUT,
    SAMPLED
  }

  static NoiseSite site(int number) {
    return new NoiseSite(number, SAMPLES, true);
  }

  private List<Value> gaussian(String name, Shape shape) {
    return List.of(
        graph.parameter(name + ".mu", shape), graph.parameter(name + ".log_sigma", shape));
  }

  /** A layer of the given weights on an input that all samples share. */
  Value layer(Estimator estimator, List<Value> gaussian) {
    Value mu = gaussian.get(0);
    Value logSigma = gaussian.get(1);
    return switch (estimator) {
      case NAIVE -> graph.add(new VariationalLinear(site(1), true), x, mu, logSigma);
      case LOCAL -> graph.add(new LocalLinear(site(1), true), x, mu, logSigma);
      case FLIPOUT -> graph.add(new FlipoutLinear(site(1), 3, 4, true), x, mu, logSigma);
      case SAMPLED -> {
        Value w = graph.add(new Sample(site(1), 1), mu, logSigma);
        yield graph.add(new Linear(SAMPLES, true), x, w);
      }
    };
  }

  Value withBias(Value outputs) {
    Value sampled = graph.add(new Sample(site(2), 1), bias.get(0), bias.get(1));
    return graph.add(new AddBias(), outputs, sampled);
  }

  /** The negative log-likelihood, a scalar named "nll". */
  Value nll(Value outputs) {
    Value logScale = graph.constant(-0.5, Shape.of(1, OUTPUTS));
    Value each = graph.add(new LogLikelihood.Gaussian(), outputs, logScale, y);
    Value nll = graph.add(new Scale(-1.0 / (SAMPLES * EXAMPLES)), graph.add(new Sum(), each));
    graph.output("nll", nll);
    return nll;
  }

  /** A divergence with parameters of its own where it learns them, named as an output. */
  Value kl(Divergence divergence, String name, List<Value> gaussian) {
    List<Value> inputs = new ArrayList<>(gaussian);
    if (divergence.priorParameters() == 1) {
      inputs.add(graph.parameter(name + ".log_scale", Shape.SCALAR));
    }
    Value kl = graph.addAll(divergence, inputs).getFirst();
    graph.output(name + ".kl", kl);
    return kl;
  }

  Value objective(Value nll, Value... kls) {
    Value sum = nll;
    for (Value kl : kls) {
      sum = graph.add(new Add(), sum, graph.add(new Scale(KL_WEIGHT), kl));
    }
    return sum;
  }

  /** A whole training step: the layer, its bias, both divergences, gradients and updates. */
  static FusionModel trained(
      Estimator estimator, Function<NoiseSite, Divergence> prior, StepRule rule) {
    FusionModel model = new FusionModel();
    Value nll = model.nll(model.withBias(model.layer(estimator, model.weights)));
    Value weightKl = model.kl(prior.apply(site(1)), "weight", model.weights);
    Value biasKl = model.kl(prior.apply(site(2)), "bias", model.bias);
    Value objective = rule instanceof Ivon ? nll : model.objective(nll, weightKl, biasKl);
    List<Value> all = new ArrayList<>(model.weights);
    all.addAll(model.bias);
    List<Value> scales =
        List.of(weightKl, biasKl).stream()
            .flatMap(kl -> model.graph.node(kl).inputs().stream().skip(2))
            .toList();
    all.addAll(scales);
    List<Value> gradients = Gradients.of(model.graph, objective, all);
    model.step(rule, nll, model.rate, all.subList(0, 2), gradients.subList(0, 2));
    model.step(rule, nll, model.rate, all.subList(2, 4), gradients.subList(2, 4));
    for (int i = 4; i < all.size() && !(rule instanceof Ivon); i++) {
      model.step(rule, nll, model.rate, all.get(i), gradients.get(i));
    }
    return model;
  }

  /** The optimizer's steps on mu and log_sigma. */
  void step(StepRule rule, Value guard, Value rate, List<Value> gaussian, List<Value> gradients) {
    if (rule instanceof Ivon ivon) {
      List<Value> inputs = new ArrayList<>(List.of(guard, rate));
      inputs.addAll(gaussian);
      inputs.addAll(gradients);
      inputs.add(state(gaussian.getFirst(), "g"));
      inputs.add(state(gaussian.getFirst(), "h"));
      graph.addAll(new IvonUpdate(ivon), inputs);
    } else {
      step(rule, guard, rate, gaussian.get(0), gradients.get(0));
      step(rule, guard, rate, gaussian.get(1), gradients.get(1));
    }
  }

  void step(StepRule rule, Value guard, Value rate, Value parameter, Value gradient) {
    List<Value> inputs = new ArrayList<>(List.of(guard, rate, parameter, gradient));
    switch (rule) {
      case Adam adam -> {
        inputs.add(state(parameter, "m"));
        inputs.add(state(parameter, "v"));
        graph.addAll(new AdamUpdate(adam), inputs);
      }
      case Sgd sgd -> {
        inputs.add(state(parameter, "velocity"));
        graph.addAll(new SgdUpdate(sgd), inputs);
      }
      case Ivon ivon -> throw new IllegalArgumentException("IVON steps on pairs");
    }
  }

  private Value state(Value parameter, String kind) {
    return graph.parameter(graph.label(parameter) + "." + kind, parameter.shape());
  }

  /** The operations of a graph, leaves excepted. */
  static List<Op> operations(Graph graph) {
    return graph.nodes().stream().map(Node::op).filter(op -> !(op instanceof Leaf)).toList();
  }

  /** Runs steps from a fixed start; all parameters, state and outputs after the last. */
  static Map<String, double[]> run(Graph graph, int steps) {
    ReferenceDevice device = new ReferenceDevice();
    Map<String, Buffer> parameters = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter leaf) {
        ReferenceBuffer buffer = device.allocate(leaf.shape());
        Arrays.setAll(buffer.values(), i -> initial(leaf.label(), i));
        parameters.put(leaf.label(), buffer);
      }
    }
    Map<String, double[]> result = new LinkedHashMap<>();
    try (Program program = device.compile(graph, parameters, OpCase.SEED)) {
      for (int step = 1; step <= steps; step++) {
        SplittableRandom random = new SplittableRandom(step);
        for (String name : List.of("x", "y")) {
          double[] values = ((ReferenceBuffer) program.input(name)).values();
          Arrays.setAll(values, i -> random.nextGaussian());
        }
        program.input("learning_rate").write(new float[] {0.01f});
        program.run(step, 0);
      }
      graph
          .outputs()
          .keySet()
          .forEach(name -> result.put(name, OpCase.values(program.output(name))));
    }
    parameters.forEach((name, buffer) -> result.put(name, OpCase.values(buffer)));
    return result;
  }

  static double initial(String label, int index) {
    if (label.endsWith(".mu")) {
      return (float) (0.3 * Math.sin(1 + index));
    }
    if (label.endsWith(".log_sigma")) {
      return -2;
    }
    return label.endsWith(".h") ? 0.5f : 0;
  }
}
