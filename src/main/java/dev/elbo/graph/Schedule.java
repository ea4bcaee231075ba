package dev.elbo.graph;

import dev.elbo.graph.Fusion.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Rewrites a graph for running: only what outputs and updates need, and all inputs; fused updates
 * in place of what they stand for; each update after all readers of what it overwrites.
 */
public final class Schedule {
  private final Graph source;
  private final List<Unit> units = new ArrayList<>();
  private final Map<Integer, Integer> unitOfNode = new HashMap<>();

  private Schedule(Graph source, List<Match> matches) {
    this.source = source;
    for (Match match : matches) {
      Node gradient = match.nodes().getFirst();
      int unit = units.size();
      units.add(new Unit(gradient.id(), match.op(), match.inputs(), match.results()));
      match.nodes().forEach(node -> unitOfNode.put(node.id(), unit));
    }
    for (Node node : source.nodes()) {
      if (!unitOfNode.containsKey(node.id())) {
        Map<Value, Integer> results = new HashMap<>();
        node.outputs().forEach(v -> results.put(v, v.output()));
        unitOfNode.put(node.id(), units.size());
        units.add(new Unit(node.id(), node.op(), node.inputs(), results));
      }
    }
  }

  /** What becomes one node; the priority keeps the order of the source where it can. */
  private record Unit(int priority, Op op, List<Value> inputs, Map<Value, Integer> results) {}

  /** The graph with fused updates. */
  public static Graph fused(Graph graph) {
    return new Schedule(graph, Fusion.matches(graph)).rewrite();
  }

  /** The graph without fusion: the oracle of the fused one. */
  public static Graph composed(Graph graph) {
    return new Schedule(graph, List.of()).rewrite();
  }

  private Graph rewrite() {
    Set<Integer> needed = needed();
    Map<Integer, Set<Integer>> before = before(needed);
    Map<Integer, List<Integer>> after = new HashMap<>();
    before.forEach(
        (unit, all) ->
            all.forEach(b -> after.computeIfAbsent(b, k -> new ArrayList<>()).add(unit)));
    PriorityQueue<Integer> ready =
        new PriorityQueue<>((a, b) -> units.get(a).priority() - units.get(b).priority());
    needed.stream()
        .filter(unit -> Objects.requireNonNull(before.get(unit)).isEmpty())
        .forEach(ready::add);
    Graph result = new Graph();
    Map<Value, Value> mapped = new HashMap<>();
    int emitted = 0;
    while (!ready.isEmpty()) {
      int unit = ready.poll();
      emit(result, units.get(unit), mapped);
      emitted++;
      for (int next : after.getOrDefault(unit, List.of())) {
        Set<Integer> waitsFor = Objects.requireNonNull(before.get(next));
        waitsFor.remove(unit);
        if (waitsFor.isEmpty()) {
          ready.add(next);
        }
      }
    }
    Check.that(emitted == needed.size(), "updates depend on what they overwrite in a circle");
    source.outputs().forEach((name, value) -> result.output(name, mapped(mapped, value)));
    return result;
  }

  private static Value mapped(Map<Value, Value> mapped, Value value) {
    Value result = mapped.get(value);
    if (result == null) {
      throw new IllegalStateException("value " + value + " was fused away but is still read");
    }
    return result;
  }

  private static void emit(Graph result, Unit unit, Map<Value, Value> mapped) {
    List<Value> inputs = unit.inputs().stream().map(v -> mapped(mapped, v)).toList();
    List<Value> outputs =
        switch (unit.op()) {
          case Leaf.Input leaf -> List.of(result.input(leaf.label(), leaf.shape()));
          case Leaf.Parameter leaf -> List.of(result.parameter(leaf.label(), leaf.shape()));
          default -> result.addAll(unit.op(), inputs);
        };
    unit.results().forEach((old, position) -> mapped.put(old, outputs.get(position)));
  }

  private int unit(Value value) {
    return unitOfNode.getOrDefault(value.node(), -1);
  }

  private Set<Integer> needed() {
    List<Integer> open = new ArrayList<>();
    source.outputs().values().forEach(v -> open.add(unit(v)));
    for (int i = 0; i < units.size(); i++) {
      // Inputs stay even where nothing reads them: whoever runs the graph writes them all.
      if (units.get(i).op() instanceof Update || units.get(i).op() instanceof Leaf.Input) {
        open.add(i);
      }
    }
    Set<Integer> needed = new HashSet<>();
    while (!open.isEmpty()) {
      int unit = open.removeLast();
      if (needed.add(unit)) {
        units.get(unit).inputs().forEach(v -> open.add(unit(v)));
      }
    }
    return needed;
  }

  /** For each unit those that have to run before: its inputs', and for updates all readers. */
  private Map<Integer, Set<Integer>> before(Set<Integer> needed) {
    Map<Value, Integer> writers = new HashMap<>();
    Map<Integer, Set<Integer>> before = new HashMap<>();
    for (int unit : needed) {
      Unit u = units.get(unit);
      Set<Integer> inputs = new HashSet<>();
      u.inputs().forEach(v -> inputs.add(unit(v)));
      before.put(unit, inputs);
      for (int position : u.op().writes(u.inputs().size())) {
        Value target = u.inputs().get(position);
        Check.that(
            source.node(target).op() instanceof Leaf.Parameter,
            "%s overwrites %s, which is no parameter",
            u.op().name(),
            source.label(target));
        Check.that(writers.put(target, unit) == null, "%s is updated twice", source.label(target));
      }
    }
    for (int unit : needed) {
      for (Value input : units.get(unit).inputs()) {
        Integer writer = writers.get(input);
        if (writer != null && writer != unit) {
          Objects.requireNonNull(before.get(writer)).add(unit);
        }
      }
    }
    return before;
  }
}
