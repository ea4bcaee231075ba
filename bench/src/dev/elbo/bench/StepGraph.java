package dev.elbo.bench;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Function;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Factor;
import dev.elbo.layer.Initial;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Parameter;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import dev.elbo.tensor.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * The graph of a step as {@code Trainer} builds it, without the trainer's reading back of the loss,
 * so that programs can be replayed one after the other.
 *
 * @param graph inputs x, y, learning_rate, kl_weight; outputs nll, kl, summed over the networks
 * @param initial the first values of mu and log_sigma; Adam's moments start at 0
 */
public record StepGraph(StepCase step, Graph graph, Map<String, float[]> initial) {
  /** The seed of the noise. */
  public static final long SEED = 7;

  /** The learning rate. */
  public static final double RATE = 1e-4;

  /** N, the examples that the divergence is shared by. */
  public static final int EXAMPLES = 60_000;

  /** The known noise of the targets of a network with one output. */
  public static final double NOISE_SCALE = 0.5;

  /** Builds the step of a case with naive samples. */
  public static StepGraph of(StepCase step) {
    return of(step, Estimator.NAIVE);
  }

  /** Builds the step of a case: classes, or one number whose noise is known. */
  public static StepGraph of(StepCase step, Estimator estimator) {
    Graph graph = new Graph();
    Map<String, float[]> initial = new LinkedHashMap<>();
    Network network = network(step);
    Value x = graph.input("x", network.inputShape(step.members() * step.batch()));
    Value y = graph.input("y", network.targetShape(step.members() * step.batch()));
    Sampling sampling = new Sampling(estimator, step.samples(), step.antithetic());
    NetworkBuilder builder =
        new NetworkBuilder(graph, step.batch(), sampling, network.prior(), LatentUse.DIVERGENCE);
    Value likelihood = network.likelihood().logLikelihood(graph, network.build(builder, x), y);
    Value sum = graph.add(new Sum(), likelihood);
    Value nll = graph.add(new Scale(-(double) step.members() / likelihood.shape().rows()), sum);
    Value kl =
        builder.factors().stream()
            .map(Factor::divergence)
            .reduce((a, b) -> graph.add(new Add(), a, b))
            .orElseThrow();
    graph.output("nll", nll);
    graph.output("kl", kl);
    Value klWeight = graph.input("kl_weight", Shape.SCALAR);
    Value loss = graph.add(new Add(), nll, graph.add(new Multiply(), kl, klWeight));
    update(graph, initial, builder, nll, loss);
    return new StepGraph(step, graph, initial);
  }

  /** The network of a case, or all of them. */
  public static Network network(StepCase step) {
    List<Integer> units = step.units();
    Network one =
        Mlp.variational(
            units.getFirst(),
            units.subList(1, units.size() - 1),
            Function.RELU,
            units.getLast() == 1
                ? new Likelihood.GaussianKnown(1, NOISE_SCALE)
                : new Likelihood.Categorical(units.getLast()),
            new Prior.Gaussian(1),
            GaussianPosterior.DEFAULT);
    return step.members() == 1 ? one : one.ensemble(step.members());
  }

  private static void update(
      Graph graph, Map<String, float[]> initial, NetworkBuilder builder, Value guard, Value loss) {
    Value rate = graph.input("learning_rate", Shape.SCALAR);
    List<Parameter> all =
        builder.factors().stream().flatMap(f -> Stream.of(f.mu(), f.logSigma())).toList();
    List<Value> gradients = Gradients.of(graph, loss, all.stream().map(Parameter::value).toList());
    for (int i = 0; i < all.size(); i++) {
      Parameter parameter = all.get(i);
      Shape shape = parameter.value().shape();
      Value m = graph.parameter(parameter.name() + ".adam_m", shape);
      Value v = graph.parameter(parameter.name() + ".adam_v", shape);
      graph.addAll(
          new AdamUpdate(StepRule.Adam.DEFAULT),
          List.of(guard, rate, parameter.value(), gradients.get(i), m, v));
      initial.put(parameter.name(), values(parameter.initial(), shape));
    }
  }

  /** A quicker source than the trainer's, for 67 million weights; speed does not depend on it. */
  private static float[] values(Initial initial, Shape shape) {
    float[] values = new float[shape.elements()];
    switch (initial) {
      case Initial.Constant constant -> Arrays.fill(values, (float) constant.value());
      case Initial.Normal normal -> {
        SplittableRandom random = new SplittableRandom(normal.site());
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (normal.scale() * random.nextGaussian());
        }
      }
      case Initial.Members all -> {
        return values(all.one(), shape);
      }
    }
    return values;
  }

  /** Buffers with the first values. */
  public Map<String, Buffer> state(Device device) {
    Map<String, Buffer> state = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Parameter(String label, Shape shape)) {
        Buffer buffer = device.allocate(shape);
        float[] values = initial.get(label);
        if (values != null) {
          buffer.write(values);
        }
        state.put(label, buffer);
      }
    }
    return state;
  }

  /** A program of this step, fused or not, with its inputs written. */
  public Program program(Device device, Graph scheduled, Map<String, Buffer> state) {
    Program program = device.compile(scheduled, state, SEED);
    writeInputs(program);
    return program;
  }

  private void writeInputs(Program program) {
    program.input("x").write(x());
    program.input("y").write(y());
    program.input("learning_rate").write(new float[] {(float) RATE});
    program.input("kl_weight").write(new float[] {1f / EXAMPLES});
  }

  /** The inputs [batch, features] of each network, uniform in 0..1. */
  public float[] x() {
    SplittableRandom random = new SplittableRandom(SEED);
    float[] x = new float[step.members() * step.batch() * step.units().getFirst()];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextDouble();
    }
    return x;
  }

  /** The targets [batch] of each network: classes, or numbers. */
  public float[] y() {
    SplittableRandom random = new SplittableRandom(-SEED);
    float[] y = new float[step.members() * step.batch()];
    int classes = step.units().getLast();
    for (int i = 0; i < y.length; i++) {
      y[i] = classes == 1 ? (float) random.nextGaussian() : random.nextInt(classes);
    }
    return y;
  }
}
