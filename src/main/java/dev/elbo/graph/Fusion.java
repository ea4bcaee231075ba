package dev.elbo.graph;

import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds, for each mean-field Gaussian, the nodes that {@link FusedUpdate} replaces: its weight
 * gradient, its divergence with gradient, the additions of both, and the optimizer's steps.
 *
 * <p>Nothing is fused where a gradient has another reader, as with clipping or weights that are
 * used twice: that path stays composed.
 */
final class Fusion {
  private final Graph graph;
  private final Map<Value, List<Node>> readers = new HashMap<>();

  private Fusion(Graph graph) {
    this.graph = graph;
    for (Node node : graph.nodes()) {
      for (Value input : node.inputs()) {
        readers.computeIfAbsent(input, v -> new ArrayList<>()).add(node);
      }
    }
  }

  /** A fused operation and what it stands for: which of its results replaces which value. */
  record Match(List<Node> nodes, FusedUpdate op, List<Value> inputs, Map<Value, Integer> results) {}

  /** The fusions that a graph allows, each node in one at most. */
  static List<Match> matches(Graph graph) {
    Fusion fusion = new Fusion(graph);
    List<Match> matches = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof WeightGradient) {
        fusion.match(node).filter(fusion::canRunAtOnce).ifPresent(matches::add);
      }
    }
    return matches;
  }

  private Optional<Match> match(Node gradient) {
    int inputs = gradient.inputs().size();
    Value mu = gradient.input(inputs - 2);
    Value logSigma = gradient.input(inputs - 1);
    Optional<Node> divergence = divergence(mu, logSigma);
    if (divergence.isEmpty()) {
      return Optional.empty();
    }
    Optional<Node> ivon =
        only(gradient.output(0))
            .filter(n -> n.op() instanceof IvonUpdate)
            .filter(n -> only(gradient.output(1)).equals(Optional.of(n)))
            .filter(n -> n.inputs().subList(2, 4).equals(List.of(mu, logSigma)))
            .filter(n -> n.inputs().subList(4, 6).equals(gradient.outputs()));
    return ivon.isPresent()
        ? Optional.of(fuseIvon(gradient, divergence.get(), ivon.get()))
        : fuseSteps(gradient, divergence.get(), mu, logSigma);
  }

  private Match fuseIvon(Node gradient, Node divergence, Node step) {
    List<Value> inputs = new ArrayList<>(head(step));
    inputs.add(step.input(Update.LEARNING_RATE)); // any scalar: IVON has no divergence's gradient
    inputs.addAll(gradient.inputs());
    inputs.addAll(divergence.inputs().subList(2, divergence.inputs().size()));
    inputs.addAll(step.inputs().subList(6, 8));
    FusedUpdate op =
        new FusedUpdate(
            (WeightGradient) gradient.op(),
            (Divergence) divergence.op(),
            ((IvonUpdate) step.op()).rule());
    return new Match(
        List.of(gradient, divergence, step), op, inputs, Map.of(divergence.output(0), 0));
  }

  private Optional<Match> fuseSteps(Node gradient, Node divergence, Value mu, Value logSigma) {
    Optional<Node> addMu = only(gradient.output(0)).filter(Fusion::isAdd);
    Optional<Node> addLogSigma = only(gradient.output(1)).filter(Fusion::isAdd);
    if (addMu.isEmpty() || addLogSigma.isEmpty()) {
      return Optional.empty();
    }
    Optional<Node> backward = backward(addMu.get(), gradient, 0, divergence);
    Optional<Node> stepMu = step(addMu.get(), mu);
    Optional<Node> stepLogSigma = step(addLogSigma.get(), logSigma);
    boolean fits =
        backward.isPresent()
            && backward.equals(backward(addLogSigma.get(), gradient, 1, divergence))
            && stepMu.isPresent()
            && stepLogSigma.isPresent()
            && stepMu.get().op().equals(stepLogSigma.get().op())
            && head(stepMu.get()).equals(head(stepLogSigma.get()));
    if (!fits) {
      return Optional.empty();
    }
    List<Node> nodes =
        List.of(
            gradient,
            divergence,
            backward.get(),
            addMu.get(),
            addLogSigma.get(),
            stepMu.get(),
            stepLogSigma.get());
    return Optional.of(fuse(nodes));
  }

  private Match fuse(List<Node> nodes) {
    Node gradient = nodes.get(0);
    Node divergence = nodes.get(1);
    Node backward = nodes.get(2);
    Node stepMu = nodes.get(5);
    Node stepLogSigma = nodes.get(6);
    List<Value> inputs = new ArrayList<>(head(stepMu));
    inputs.add(backward.input(0));
    inputs.addAll(gradient.inputs());
    inputs.addAll(divergence.inputs().subList(2, divergence.inputs().size()));
    inputs.addAll(stepMu.inputs().subList(4, stepMu.inputs().size()));
    inputs.addAll(stepLogSigma.inputs().subList(4, stepLogSigma.inputs().size()));
    Map<Value, Integer> results = new HashMap<>();
    results.put(divergence.output(0), 0);
    for (int i = 2; i < backward.outputs().size(); i++) {
      results.put(backward.output(i), i - 1);
    }
    StepRule rule =
        switch (stepMu.op()) {
          case AdamUpdate adam -> adam.rule();
          case SgdUpdate sgd -> sgd.rule();
          default -> throw new IllegalStateException(stepMu + " is no step to fuse");
        };
    FusedUpdate op =
        new FusedUpdate((WeightGradient) gradient.op(), (Divergence) divergence.op(), rule);
    return new Match(nodes, op, inputs, results);
  }

  /** The guard and the learning rate; two steps are one only where they share both. */
  private static List<Value> head(Node step) {
    return List.of(step.input(Update.GUARD), step.input(Update.LEARNING_RATE));
  }

  /**
   * Whether nothing waits for the fused operation's results that it waits for itself: a guard on
   * the whole objective, say, needs the divergence before the step.
   */
  private boolean canRunAtOnce(Match match) {
    Set<Value> later = new HashSet<>(match.results().keySet());
    for (Node node : graph.nodes()) {
      if (!match.nodes().contains(node) && node.inputs().stream().anyMatch(later::contains)) {
        later.addAll(node.outputs());
      }
    }
    // What is overwritten must have been read: by no one who waits for a result.
    boolean readTooLate =
        match.op().writes(match.inputs().size()).stream()
            .flatMap(i -> readers(match.inputs().get(i)).stream())
            .filter(reader -> !match.nodes().contains(reader))
            .anyMatch(reader -> reader.inputs().stream().anyMatch(later::contains));
    return !readTooLate && match.inputs().stream().noneMatch(later::contains);
  }

  private Optional<Node> divergence(Value mu, Value logSigma) {
    return readers(mu).stream()
        .filter(n -> n.op() instanceof Divergence)
        .filter(n -> n.input(0).equals(mu) && n.input(1).equals(logSigma))
        .min(Comparator.comparingInt(Node::id));
  }

  /** The divergence's gradient, when the node adds it to a result of the weight gradient. */
  private Optional<Node> backward(Node add, Node gradient, int result, Node divergence) {
    Value other = add.input(0).equals(gradient.output(result)) ? add.input(1) : add.input(0);
    Node node = graph.node(other);
    boolean fits =
        node.op() instanceof DivergenceBackward b
            && b.divergence().equals(divergence.op())
            && node.inputs().subList(1, node.inputs().size()).equals(divergence.inputs())
            && other.output() == result
            && only(other).isPresent();
    return fits ? Optional.of(node) : Optional.empty();
  }

  private static boolean isAdd(Node node) {
    return node.op() instanceof Elementwise.Add;
  }

  /** The optimizer's step on a parameter, when it is the only reader of the gradient's sum. */
  private Optional<Node> step(Node sum, Value parameter) {
    return only(sum.output(0))
        .filter(n -> n.op() instanceof AdamUpdate || n.op() instanceof SgdUpdate)
        .filter(n -> n.input(2).equals(parameter));
  }

  private List<Node> readers(Value value) {
    return readers.getOrDefault(value, List.of());
  }

  /** The reader of a value that has just one and is not a named output. */
  private Optional<Node> only(Value value) {
    List<Node> all = readers(value);
    boolean single = all.size() == 1 && !graph.outputs().containsValue(value);
    return single ? Optional.of(all.getFirst()) : Optional.empty();
  }
}
