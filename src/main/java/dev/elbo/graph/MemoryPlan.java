package dev.elbo.graph;

import java.util.ArrayList;
import java.util.Arrays;
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

  /**
   * Plans a graph: a value lives from the node that computes it to the last that reads it, named
   * outputs to the end. First fit, lowest offset.
   *
   * @throws IllegalArgumentException when more than 2^31 elements are needed at once
   */
  public static MemoryPlan of(Graph graph) {
    int[][] lastUse = lastUses(graph);
    Map<Value, Integer> offsets = new HashMap<>();
    List<Block> live = new ArrayList<>();
    long size = 0;
    for (Node node : graph.nodes()) {
      if (!(node.op() instanceof Leaf)) {
        live.removeIf(block -> block.lastUse < node.id());
        for (Value value : node.outputs()) {
          Block block = place(value, lastUse[value.node()][value.output()], live);
          offsets.put(value, Math.toIntExact(block.offset));
          size = Math.max(size, block.end());
        }
      }
    }
    Check.that(size <= Integer.MAX_VALUE, "the graph needs %d elements at once", size);
    return new MemoryPlan(Map.copyOf(offsets), (int) size);
  }

  private static int[][] lastUses(Graph graph) {
    int[][] last = new int[graph.nodes().size()][];
    for (Node node : graph.nodes()) {
      last[node.id()] = new int[node.outputs().size()];
      Arrays.fill(last[node.id()], node.id());
      node.inputs().forEach(v -> last[v.node()][v.output()] = node.id());
    }
    graph.outputs().values().forEach(v -> last[v.node()][v.output()] = Integer.MAX_VALUE);
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
