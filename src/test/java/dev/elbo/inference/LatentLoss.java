package dev.elbo.inference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceBuffer;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Factor;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Parameter;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The data term of a model with latent variables and its gradient, on the reference and in double
 * precision: the parameters are arrays that tests read and write.
 */
final class LatentLoss implements AutoCloseable {
  /** The sum of log w over latents and likelihood, a row for each sample and example. */
  private static final String LOG_WEIGHTS = "log_weights";

  private final Program program;
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();
  private final Map<String, double[]> parameters = new LinkedHashMap<>();

  /**
   * Builds the loss, of examples that are all there are.
   *
   * @param x the examples, row by row
   */
  LatentLoss(Network network, Objective objective, double[] x) {
    Graph graph = new Graph();
    int batch = x.length / network.inputs();
    NetworkBuilder builder =
        new NetworkBuilder(
            graph, batch, objective.sampling(), network.prior(), DataTerm.use(objective));
    Value input = graph.input("x", network.inputShape(batch));
    Value likelihood =
        network.likelihood().logLikelihood(graph, network.build(builder, input), input);
    Value klWeight = graph.constant(objective.klWeight(), Shape.SCALAR);
    DataTerm data = DataTerm.of(builder, objective, likelihood, klWeight, 1);
    graph.output("loss", data.loss());
    graph.output("nll", data.nll());
    data.latentKl().ifPresent(kl -> graph.output("latent_kl", kl));
    data.logWeights().ifPresent(weights -> graph.output(LOG_WEIGHTS, weights));
    List<Parameter> all = parameters(builder);
    List<Value> gradients = gradient(builder, data).of(graph, data.loss(), all);
    ReferenceDevice device = new ReferenceDevice();
    for (int i = 0; i < all.size(); i++) {
      Parameter parameter = all.get(i);
      graph.output("d " + parameter.name(), gradients.get(i));
      ReferenceBuffer buffer = device.allocate(parameter.value().shape());
      buffer.write(parameter.initial().tensor(buffer.shape(), 1).values());
      buffers.put(parameter.name(), buffer);
      parameters.put(parameter.name(), buffer.values());
    }
    program = device.compile(Schedule.composed(graph), buffers, 29);
    System.arraycopy(x, 0, ((ReferenceBuffer) program.input("x")).values(), 0, x.length);
  }

  private static List<Parameter> parameters(NetworkBuilder builder) {
    Stream<Parameter> factors =
        builder.factors().stream().flatMap((Factor f) -> Stream.of(f.mu(), f.logSigma()));
    return new ArrayList<>(Stream.concat(factors, builder.points().stream()).toList());
  }

  private static LossGradient gradient(NetworkBuilder builder, DataTerm data) {
    return builder.latentUse() == LatentUse.CUT_RATIO
        ? new DoublyReparameterised(
            builder.latents(), data.logWeights().orElseThrow(), builder.sampling().samples())
        : LossGradient.REPARAMETERISED;
  }

  /** The parameters themselves, not copies, by name. */
  Map<String, double[]> parameters() {
    return parameters;
  }

  /** Draws the noise of a step and computes everything. */
  void run(int step) {
    program.run(step, 0);
  }

  /** A result of the last run: a copy. */
  double[] output(String name) {
    return ((ReferenceBuffer) program.output(name)).values().clone();
  }

  /** The loss of the last run. */
  double loss() {
    return output("loss")[0];
  }

  /** log p(x, z) - log q(z | x) of the last run, sample by sample. */
  double[] logWeights() {
    return output(LOG_WEIGHTS);
  }

  /** The gradient of the last run with respect to a parameter. */
  double[] gradient(String parameter) {
    return output("d " + parameter);
  }

  @Override
  public void close() {
    program.close();
  }
}
