package dev.elbo.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each computed value lives in one arena: values whose lifetimes do not overlap share room.
 * Leaves have buffers of their own and are not in the plan.
 *
 * @param offsets the first element of each computed value
 * @param size elements of the arena
 */
public record MemoryPlan(Map<Value, Integer> offsets, int size) {
  /** Offsets are multiples of this many elements: 64 bytes, a cache line and a vector. */
  public static final int ALIGNMENT = 16;

  private static final int UNREAD = -1;

  /**
   * Plans a graph whose nodes run one by one: a value lives from the node that computes it to the
   * last that reads it, named outputs to the end. First fit, lowest offset.
   *
   * @throws IllegalArgumentException when more than 2^31 elements are needed at once
   */
  public static MemoryPlan of(Graph graph) {
    return of(graph, graph.nodes().stream().map(List::of).toList());
  }

  /**
   * Plans a graph whose nodes run in groups, the nodes of a group as one. What only its own group
   * reads is in no memory and not in the plan, unless it is a named output.
   *
   * @param groups all nodes of the graph, groups in the order in which they run
   * @throws IllegalArgumentException when more than 2^31 elements are needed at once
   */
  public static MemoryPlan of(Graph graph, List<List<Node>> groups) {
    Map<Value, Integer> lastUse = lastUses(graph, groups);
    Map<Value, Integer> offsets = new HashMap<>();
    List<Block> live = new ArrayList<>();
    long size = 0;
    for (int at = 0; at < groups.size(); at++) {
      int now = at;
      live.removeIf(block -> block.lastUse < now);
      for (Node node : groups.get(at)) {
        for (Value value : node.op() instanceof Leaf ? List.<Value>of() : node.outputs()) {
          int last = lastUse.getOrDefault(value, UNREAD);
          if (last != at) {
            Block block = place(value, Math.max(last, at), live);
            offsets.put(value, Math.toIntExact(block.offset));
            size = Math.max(size, block.end());
          }
        }
      }
    }
    Check.that(size <= Integer.MAX_VALUE, "the graph needs %d elements at once", size);
    return new MemoryPlan(Map.copyOf(offsets), (int) size);
  }

  /** The group that reads a value last; none where no group does. */
  private static Map<Value, Integer> lastUses(Graph graph, List<List<Node>> groups) {
    Map<Value, Integer> last = new HashMap<>();
    for (int at = 0; at < groups.size(); at++) {
      for (Node node : groups.get(at)) {
        for (Value input : node.inputs()) {
          last.put(input, at);
        }
      }
    }
    graph.outputs().values().forEach(v -> last.put(v, Integer.MAX_VALUE));
    return last;
  }

  private static Block place(Value value, int lastUse, List<Block> live) {
    long length = (value.shape().elements() + ALIGNMENT - 1L) / ALIGNMENT * ALIGNMENT;
    long offset = 0;
    int position = 0;
    while (position < live.size() && live.get(position).offset < offset + length) {
      offset = live.get(position).end();
      position++;
    }
    Check.that(
        offset + length <= Integer.MAX_VALUE,
        "the graph needs %d elements at once",
        offset + length);
    Block block = new Block(offset, length, lastUse);
    live.add(position, block);
    return block;
  }

  /** Room that is taken; the list of them is in order of offset. */
  private record Block(long offset, long length, int lastUse) {
    long end() {
      return offset + length;
    }
  }
}
