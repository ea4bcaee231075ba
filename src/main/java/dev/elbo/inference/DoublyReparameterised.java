package dev.elbo.inference;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Node;
import dev.elbo.graph.Rearrangement.RepeatColumns;
import dev.elbo.graph.Rearrangement.StopGradient;
import dev.elbo.graph.Reduction.LogMeanExpBackward;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Value;
import dev.elbo.layer.Latent;
import dev.elbo.layer.Parameter;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The doubly reparameterised gradient of the importance-weighted bound (Tucker et al. 2019,
 * equation 8). With the normalised weights v_s = w_s / sum_t w_t the parameters of the model get
 * sum_s v_s d log w_s, those of q get sum_s v_s² (d log w_s / dz_s) dz_s, without the derivative of
 * log q with respect to its own parameters.
 *
 * <p>All that follows a draw takes it through a gradient stop. So the loss has a derivative with
 * respect to each draw alone, which is multiplied by v and then goes on into q: from the draw that
 * was made last to the first, as each may depend on those before.
 *
 * @param latents in the order of drawing
 * @param logWeights log w [S·B, 1]
 * @param samples S
 */
record DoublyReparameterised(List<Latent> latents, Value logWeights, int samples)
    implements LossGradient {

  @Override
  public List<Value> of(Graph graph, Value loss, List<Parameter> parameters) {
    Set<Integer> upstream = upstream(graph);
    List<Value> inference = new ArrayList<>();
    List<Value> model = new ArrayList<>();
    for (Parameter parameter : parameters) {
      boolean ofQ = upstream.contains(parameter.value().node());
      (ofQ ? inference : model).add(parameter.value());
    }
    Map<Value, Value> gradients = new HashMap<>();
    List<Value> draws = latents.stream().map(Latent::taken).toList();
    List<Value> first = new ArrayList<>(model);
    first.addAll(draws);
    put(gradients, first, Gradients.of(graph, loss, first));
    Value weights = normalised(graph);
    draws.forEach(draw -> gradients.computeIfPresent(draw, (z, d) -> times(graph, d, weights)));
    for (int i = latents.size() - 1; i >= 0; i--) {
      intoQ(graph, i, inference, gradients);
    }
    return parameters.stream().map(p -> Objects.requireNonNull(gradients.get(p.value()))).toList();
  }

  /** Passes the gradient of a draw on to the parameters of q and to the draws before it. */
  private void intoQ(Graph graph, int draw, List<Value> inference, Map<Value, Value> gradients) {
    Latent latent = latents.get(draw);
    Value ofTaken = Objects.requireNonNull(gradients.get(latent.taken()));
    Value gradient = graph.add(new StopGradient(), ofTaken);
    Value path = graph.add(new Sum(), graph.add(new Multiply(), latent.z(), gradient));
    List<Value> of = new ArrayList<>(inference);
    latents.subList(0, draw).forEach(before -> of.add(before.taken()));
    List<Value> more = Gradients.of(graph, path, of);
    for (int i = 0; i < of.size(); i++) {
      gradients.merge(of.get(i), more.get(i), (a, b) -> graph.add(new Add(), a, b));
    }
  }

  private static void put(Map<Value, Value> gradients, List<Value> of, List<Value> values) {
    for (int i = 0; i < of.size(); i++) {
      gradients.put(of.get(i), values.get(i));
    }
  }

  private Value normalised(Graph graph) {
    Shape examples = Shape.of(logWeights.shape().rows() / samples, 1);
    Value ones = graph.constant(1, examples);
    return graph.add(new LogMeanExpBackward(samples), logWeights, ones);
  }

  private static Value times(Graph graph, Value gradient, Value weights) {
    int columns = gradient.shape().columns();
    Value wide = graph.add(new RepeatColumns(columns), weights);
    return graph.add(new Multiply(), gradient, wide);
  }

  /** The nodes that some draw depends on: the parameters of q among them. */
  private Set<Integer> upstream(Graph graph) {
    Set<Integer> nodes = new HashSet<>();
    latents.forEach(latent -> nodes.add(latent.z().node()));
    List<Node> all = graph.nodes();
    for (int id = all.size() - 1; id >= 0; id--) {
      if (nodes.contains(id)) {
        all.get(id).inputs().forEach(input -> nodes.add(input.node()));
      }
    }
    return nodes;
  }
}
