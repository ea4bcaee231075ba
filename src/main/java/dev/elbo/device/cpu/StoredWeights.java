package dev.elbo.device.cpu;

import dev.elbo.graph.Graph;
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
 * run, the passes after it read them. Where there are no such passes, as in predictions, nothing is
 * stored.
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
   * Memory for the weights of the forward products of a graph whose parameters others read too.
   *
   * @param inputs the buffers of a node's inputs
   * @throws dev.elbo.device.DeviceException when there is not enough
   */
  static StoredWeights of(Graph graph, Function<Node, List<CpuBuffer>> inputs) {
    StoredWeights all = new StoredWeights();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof VariationalLinear op && othersRead(graph, node)) {
        List<CpuBuffer> in = inputs.apply(node);
        all.memory.computeIfAbsent(
            new Draw(op.noise(), in.get(1), in.get(2)), StoredWeights::allocate);
      }
    }
    return all;
  }

  /** Whether another node has the same mu and log_sigma: a backward pass or an update. */
  private static boolean othersRead(Graph graph, Node forward) {
    List<Value> parameters = forward.inputs().subList(1, 3);
    return graph.nodes().stream()
        .anyMatch(node -> !node.equals(forward) && node.inputs().containsAll(parameters));
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
