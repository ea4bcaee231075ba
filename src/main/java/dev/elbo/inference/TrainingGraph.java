package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Rearrangement.GatherRows;
import dev.elbo.graph.Value;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Observations;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
 * <p>With latent variables or members of an ensemble see {@link DataTerm}. Inputs: rows (the
 * numbers of the batch's examples, member by member), learning_rate, kl_weight (beta / N) and with
 * IVON point_rate; outputs: nll, kl (of all weights, nats), and latent_kl (per example) where the
 * bound has it. The examples are parameters beside the state, so that they live on the device and a
 * step sends row numbers only.
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
  static final String LATENT_KL = "latent_kl";

  /** Inputs that are brought into model units at a time. */
  private static final int PIECE = 1 << 20;

  /** Builds the step of a training run on N examples, B rows at a time. */
  static TrainingGraph of(Network network, Training training, int examples, int batch) {
    if (network.members() > 1 && training.clipNorm().isPresent()) {
      throw new IllegalArgumentException(
          "an ensemble has no gradient norm limit: its members would share it");
    }
    Graph graph = new Graph();
    Value dataX = graph.parameter(DATA_X, network.inputShape(examples));
    Value rows = graph.input(ROWS, Shape.of(Math.multiplyExact(network.members(), batch)));
    Value x = graph.add(new GatherRows(), dataX, rows);
    Value y = x;
    if (!(network.observations() instanceof Observations.Unlabelled)) {
      Value dataY = graph.parameter(DATA_Y, network.targetShape(examples));
      y = graph.add(new GatherRows(), dataY, rows);
    }
    Objective objective = training.objective();
    NetworkBuilder builder =
        new NetworkBuilder(
            graph, batch, objective.sampling(), network.prior(), DataTerm.use(objective));
    Likelihood.Parameters outputs = network.build(builder, x);
    if (training.optimizer() instanceof Optimizer.Ivon && !builder.hasFactorsOnly()) {
      throw new IllegalArgumentException(
          "IVON learns mean-field Gaussians: no weights with correlations and no prior for points");
    }
    Value likelihood = network.likelihood().logLikelihood(graph, outputs, y);
    Value klWeight = graph.input(KL_WEIGHT, Shape.SCALAR);
    DataTerm data = DataTerm.of(builder, objective, likelihood, klWeight, examples);
    Value kl = builder.divergence();
    graph.output(NLL, data.nll());
    graph.output(KL, DataTerm.ofMember(builder, kl));
    data.latentKl().ifPresent(value -> graph.output(LATENT_KL, value));
    Updates updates =
        new Updates(graph, data.loss(), training, examples, builder, gradient(builder, data));
    Value weighted = graph.add(new Multiply(), kl, klWeight);
    updates.addTo(graph.add(new Add(), data.loss(), weighted));
    return new TrainingGraph(graph, updates.state());
  }

  /**
   * The parameters that are no state: the examples, in model units, on a device. They go there in
   * pieces, so that a large data set is not in memory once more.
   *
   * @param examples in the user's units
   * @throws IllegalArgumentException when they do not fit the model
   */
  static Map<String, Buffer> data(Device device, Model model, Examples examples) {
    Network network = model.network();
    model.requireInputs(examples);
    int size = examples.size();
    boolean labelled = !(network.observations() instanceof Observations.Unlabelled);
    if (labelled && examples.targets().length == 0) {
      throw new IllegalArgumentException("the model learns targets, the data has none");
    }
    Buffer x = device.allocate(network.inputShape(size));
    Optional<Buffer> y =
        labelled ? Optional.of(device.allocate(network.targetShape(size))) : Optional.empty();
    int rows = Math.max(1, PIECE / examples.features());
    for (int row = 0; row < size; row += rows) {
      int first = row;
      Examples piece = model.standardised(examples, first, Math.min(rows, size - first));
      x.write(first * examples.features(), piece.inputs());
      y.ifPresent(targets -> targets.write(first, piece.targets()));
    }
    return y.map(targets -> Map.of(DATA_X, x, DATA_Y, targets)).orElse(Map.of(DATA_X, x));
  }

  private static LossGradient gradient(NetworkBuilder builder, DataTerm data) {
    return builder.latentUse() == LatentUse.CUT_RATIO
        ? new DoublyReparameterised(
            builder.latents(), data.logWeights().orElseThrow(), builder.sampling().samples())
        : LossGradient.REPARAMETERISED;
  }
}
