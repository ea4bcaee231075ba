package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Rearrangement.GatherRows;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Value;
import dev.elbo.layer.Factor;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Parameter;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The graph of one training step and the state it works on.
 *
 * <p>With B examples of N and S samples, all per example in nats:
 *
 * <pre>
 * nll  = -1/(S·B) sum_s sum_b log p(y_b | x_b, W_s)
 * loss = nll + (beta / N) · KL(q || p)  =  -elbo / N
 * </pre>
 *
 * <p>Inputs: rows (the numbers of the batch's examples), learning_rate, kl_weight (beta / N) and
 * with IVON point_rate; outputs: nll, kl (of all weights, nats). The examples are parameters beside
 * the state, so that they live on the device and a step sends row numbers only.
 */
record TrainingGraph(Graph graph, List<StateTensor> state) {
  static final String DATA_X = "data.x";
  static final String DATA_Y = "data.y";
  static final String ROWS = "rows";
  static final String LEARNING_RATE = "learning_rate";
  static final String POINT_RATE = "point_rate";
  static final String KL_WEIGHT = "kl_weight";
  static final String NLL = "nll";
  static final String KL = "kl";

  /** Builds the step of a training run on N examples, B at a time. */
  static TrainingGraph of(Network network, Training training, int examples, int batch) {
    Graph graph = new Graph();
    Value dataX = graph.parameter(DATA_X, network.inputShape(examples));
    Value dataY = graph.parameter(DATA_Y, network.targetShape(examples));
    Value rows = graph.input(ROWS, Shape.of(batch));
    Value x = graph.add(new GatherRows(), dataX, rows);
    Value y = graph.add(new GatherRows(), dataY, rows);
    NetworkBuilder builder =
        new NetworkBuilder(graph, batch, training.objective().sampling(), network.prior());
    Likelihood.Parameters outputs = network.build(builder, x);
    Value likelihood = network.likelihood().logLikelihood(graph, outputs, y);
    Value sum = graph.add(new Sum(), likelihood);
    Value nll = graph.add(new Scale(-1.0 / likelihood.shape().rows()), sum);
    Value kl = divergence(builder);
    graph.output(NLL, nll);
    graph.output(KL, kl);
    Updates updates =
        new Updates(graph, nll, training, examples, builder.factors(), builder.points());
    updates.addTo(loss(graph, nll, kl));
    return new TrainingGraph(graph, updates.state());
  }

  /** The parameters that are no state: the examples, in model units, on a device. */
  static Map<String, Buffer> data(Device device, Network network, Examples examples) {
    Buffer x = device.allocate(network.inputShape(examples.size()));
    x.write(examples.inputs());
    Buffer y = device.allocate(network.targetShape(examples.size()));
    y.write(examples.targets());
    return Map.of(DATA_X, x, DATA_Y, y);
  }

  private static Value loss(Graph graph, Value nll, Value kl) {
    Value klWeight = graph.input(KL_WEIGHT, Shape.SCALAR);
    return graph.add(new Add(), nll, graph.add(new Multiply(), kl, klWeight));
  }

  private static Value divergence(NetworkBuilder builder) {
    return builder.factors().stream()
        .map(Factor::divergence)
        .reduce((a, b) -> builder.graph().add(new Add(), a, b))
        .orElseGet(() -> builder.graph().constant(0, Shape.SCALAR));
  }

  /** The gradients of a scalar with respect to parameters, each with its parameter. */
  static List<Map.Entry<Parameter, Value>> gradients(
      Graph graph, Value loss, List<Parameter> parameters) {
    List<Value> values =
        Gradients.of(graph, loss, parameters.stream().map(Parameter::value).toList());
    List<Map.Entry<Parameter, Value>> result = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      result.add(Map.entry(parameters.get(i), values.get(i)));
    }
    return result;
  }
}
