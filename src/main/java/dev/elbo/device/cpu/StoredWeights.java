package dev.elbo.device.cpu;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.DivergenceBackward;
import dev.elbo.graph.Group;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Memory for the sampled weights of a program: the forward product of a layer draws them once a
 * run, the passes after it read them. Where there are no such passes, as in predictions, weights
 * are stored for the product itself when it has several bands of examples, and else not.
 */
final class StoredWeights {
  private final Map<Draw, Matrix> memory = new HashMap<>();

  /** What is drawn; mu and log_sigma stand for themselves, not for what is in them. */
  private record Draw(NoiseSite noise, CpuBuffer mu, CpuBuffer logSigma) {}

  /** Memory for nothing: all weights are made in the tiles of the products. */
  static StoredWeights none() {
    return new StoredWeights();
  }

  /**
   * Memory for the weights of the forward products that read them several times or whose parameters
   * others read later, and none before but divergences, which draw for themselves.
   *
   * @param groups in the order in which they run
   * @param inputs the buffers of a node's inputs
   * @throws dev.elbo.device.DeviceException when there is not enough
   */
  static StoredWeights of(List<Group> groups, Function<Node, List<CpuBuffer>> inputs) {
    StoredWeights all = new StoredWeights();
    List<Node> nodes = groups.stream().map(Group::main).toList();
    for (int at = 0; at < nodes.size(); at++) {
      Node node = nodes.get(at);
      if (node.op() instanceof VariationalLinear op
          && (inBands(node, op) || read(node, nodes.subList(at + 1, nodes.size())))
          && !read(node, nodes.subList(0, at))) {
        List<CpuBuffer> in = inputs.apply(node);
        all.memory.computeIfAbsent(
            new Draw(op.noise(), in.get(1), in.get(2)), StoredWeights::allocate);
      }
    }
    return all;
  }

  /** Whether the product has so many examples that it reads its weights more than once. */
  private static boolean inBands(Node forward, VariationalLinear op) {
    return forward.output(0).shape().rows() / op.noise().samples() > Tiles.BATCH;
  }

  /** Whether one of the nodes, a backward pass or an update, has the same mu and log_sigma. */
  private static boolean read(Node forward, List<Node> nodes) {
    List<Value> parameters = forward.inputs().subList(1, 3);
    return nodes.stream()
        .filter(node -> !(node.op() instanceof Divergence))
        .filter(node -> !(node.op() instanceof DivergenceBackward))
        .anyMatch(node -> node.inputs().containsAll(parameters));
  }

  /** Rows are padded: they are written in whole vectors, and many are read side by side. */
  private static Matrix allocate(Draw draw) {
    Shape mu = draw.mu.shape();
    int stride = Tiles.stride(mu.columns());
    int sampleStride = Math.multiplyExact(mu.rows(), stride);
    float[] array =
        CpuBuffer.array(
            (long) draw.noise.samples() * sampleStride,
            "sampled weights of shape " + mu + ", which can be made in tiles instead");
    return new Matrix(array, CpuBuffer.FIRST, stride, sampleStride);
  }

  /** Where the weights of a draw are, N rows a sample; empty when they are not stored. */
  Optional<Matrix> of(NoiseSite noise, CpuBuffer mu, CpuBuffer logSigma) {
    return Optional.ofNullable(memory.get(new Draw(noise, mu, logSigma)));
  }

  /** Elements held. */
  long size() {
    return memory.values().stream().mapToLong(w -> w.array().length).sum();
  }
}
