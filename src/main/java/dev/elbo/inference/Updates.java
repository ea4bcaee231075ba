package dev.elbo.inference;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.graph.Value;
import dev.elbo.layer.Factor;
import dev.elbo.layer.Initial;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Parameter;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Adds gradients and optimizer steps to a training graph and lists the state they need. */
final class Updates {
  private final Graph graph;
  private final Value guard;
  private final Value rate;
  private final Training training;
  private final int examples;
  private final List<Factor> factors;
  private final List<Parameter> points;
  private final LossGradient gradient;
  private final List<StateTensor> state = new ArrayList<>();

  Updates(
      Graph graph,
      Value guard,
      Training training,
      int examples,
      NetworkBuilder network,
      LossGradient gradient) {
    this.graph = graph;
    this.guard = guard;
    this.rate = graph.input(TrainingGraph.LEARNING_RATE, Shape.SCALAR);
    this.training = training;
    this.examples = examples;
    this.factors = network.factors();
    this.points = network.points();
    this.gradient = gradient;
  }

  /** The tensors that live from step to step, in the order of the network. */
  List<StateTensor> state() {
    return state;
  }

  /** Adds the steps that decrease a loss. */
  void addTo(Value loss) {
    switch (training.optimizer()) {
      case Optimizer.Adam adam -> {
        StepRule.Adam rule = new StepRule.Adam(adam.beta1(), adam.beta2(), adam.epsilon());
        clipped(loss).forEach(g -> adam(rule, rate, g.getKey(), g.getValue()));
      }
      case Optimizer.Sgd sgd -> {
        StepRule.Sgd rule = new StepRule.Sgd(sgd.momentum());
        clipped(loss).forEach(g -> sgd(rule, g.getKey(), g.getValue()));
      }
      case Optimizer.Ivon ivon -> ivon(ivon);
    }
  }

  private List<Map.Entry<Parameter, Value>> clipped(Value loss) {
    List<Parameter> all =
        Stream.concat(
                factors.stream().flatMap(f -> Stream.of(f.mu(), f.logSigma())), points.stream())
            .toList();
    List<Map.Entry<Parameter, Value>> gradients = gradients(loss, all);
    if (training.clipNorm().isEmpty()) {
      return gradients;
    }
    List<Value> values = gradients.stream().map(Map.Entry::getValue).toList();
    Value factor = graph.addAll(new ClipFactor(training.clipNorm().get()), values).getFirst();
    return gradients.stream()
        .map(g -> Map.entry(g.getKey(), graph.add(new Multiply(), g.getValue(), factor)))
        .toList();
  }

  private List<Map.Entry<Parameter, Value>> gradients(Value loss, List<Parameter> parameters) {
    List<Value> values = gradient.of(graph, loss, parameters);
    List<Map.Entry<Parameter, Value>> entries = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      entries.add(Map.entry(parameters.get(i), values.get(i)));
    }
    return entries;
  }

  private void adam(StepRule.Adam rule, Value learningRate, Parameter parameter, Value gradient) {
    keep(parameter);
    Value m = zeros(parameter, "adam_m");
    Value v = zeros(parameter, "adam_v");
    graph.addAll(
        new AdamUpdate(rule), List.of(guard, learningRate, parameter.value(), gradient, m, v));
  }

  private void sgd(StepRule.Sgd rule, Parameter parameter, Value gradient) {
    keep(parameter);
    Value velocity = zeros(parameter, "sgd_velocity");
    graph.addAll(new SgdUpdate(rule), List.of(guard, rate, parameter.value(), gradient, velocity));
  }

  /** IVON's gradients are those of the data term: its prior acts through the weight decay. */
  private void ivon(Optimizer.Ivon ivon) {
    Value pointRate = graph.input(TrainingGraph.POINT_RATE, Shape.SCALAR);
    List<Parameter> all =
        Stream.concat(
                factors.stream().flatMap(f -> Stream.of(f.mu(), f.logSigma())), points.stream())
            .toList();
    List<Map.Entry<Parameter, Value>> gradients = gradients(guard, all);
    for (int i = 0; i < factors.size(); i++) {
      Value dMu = gradients.get(2 * i).getValue();
      Value dLogSigma = gradients.get(2 * i + 1).getValue();
      ivon(rule(ivon, factors.get(i)), factors.get(i), dMu, dLogSigma);
    }
    gradients.stream()
        .skip(2L * factors.size())
        .forEach(g -> adam(StepRule.Adam.DEFAULT, pointRate, g.getKey(), g.getValue()));
  }

  private void ivon(StepRule.Ivon rule, Factor factor, Value dMu, Value dLogSigma) {
    keep(factor.mu());
    Parameter logSigma = factor.logSigma();
    Initial start = new Initial.Constant(rule.logSigma(rule.hessianInit()));
    keep(new Parameter(logSigma.name(), logSigma.value(), start));
    Value g = zeros(factor.mu(), "ivon_g");
    Value h = keep(factor.mu(), "ivon_h", rule.hessianInit());
    graph.addAll(
        new IvonUpdate(rule),
        List.of(guard, rate, factor.mu().value(), logSigma.value(), dMu, dLogSigma, g, h));
  }

  private StepRule.Ivon rule(Optimizer.Ivon ivon, Factor factor) {
    if (!(graph.node(factor.divergence()).op() instanceof Divergence.KlGaussian gaussian)) {
      throw new IllegalArgumentException(
          "IVON needs a Gaussian prior of fixed scale, not "
              + graph.node(factor.divergence()).op().name());
    }
    double temperature = training.objective().klWeight();
    if (temperature == 0) {
      throw new IllegalArgumentException("IVON needs a KL weight above 0");
    }
    double ess = examples / temperature;
    double decay = 1 / (ess * gaussian.scale() * gaussian.scale());
    return new StepRule.Ivon(
        ivon.beta1(), ivon.beta2(), ess, decay, ivon.hessianInit(), ivon.clip());
  }

  private void keep(Parameter parameter) {
    state.add(new StateTensor(parameter.name(), parameter.value().shape(), parameter.initial()));
  }

  private Value zeros(Parameter of, String what) {
    return keep(of, what, 0);
  }

  private Value keep(Parameter of, String what, double initial) {
    String name = of.name() + "." + what;
    Shape shape = of.value().shape();
    state.add(new StateTensor(name, shape, new Initial.Constant(initial)));
    return graph.parameter(name, shape);
  }
}
