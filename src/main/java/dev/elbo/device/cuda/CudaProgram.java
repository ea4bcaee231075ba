package dev.elbo.device.cuda;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Group;
import dev.elbo.graph.Groups;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Node;
import dev.elbo.graph.Update;
import dev.elbo.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A graph bound to the card's memory: the launches of its nodes, one after the other. A run only
 * enqueues; the host waits when it reads an output.
 */
final class CudaProgram implements Program {
  /**
   * Larger outputs are read from the card's memory directly: they would take much pinned memory.
   */
  private static final long LARGE_OUTPUT = 4 << 20;

  private final Context context;
  private final Scope scope;
  private final ProgramMemory memory;
  private final Map<String, Buffer> inputs;
  private final Map<String, Buffer> outputs = new HashMap<>();
  private final Outputs computed;
  private final List<KeptWeights> kept = new ArrayList<>();
  private final List<FollowingScales> scales = new ArrayList<>();
  private final List<CudaBuffer> others;
  private final Sequence sequence;
  private final List<CudaBuffer> written;
  private final boolean updates;
  private final boolean waiting;

  /**
   * Binds a graph.
   *
   * @param scope owns all that the program takes, also when this fails
   */
  CudaProgram(
      Context context,
      Scope scope,
      Kernels kernels,
      Optional<CublasProducts> cublas,
      CudaOptions options,
      Graph graph,
      Map<String, Buffer> parameters,
      long seed) {
    this.context = context;
    this.scope = scope;
    List<Group> groups = Groups.of(graph, new CudaEpilogues(options.products()));
    memory = new ProgramMemory(context, scope, graph, groups, parameters, seed);
    inputs = memory.inputBuffers();
    computed = placeOutputs(graph);
    // The rates of one card for all: they decide on speed alone, and others have not been measured.
    WeightPlan plan = WeightPlan.of(graph, options.weights(), options.precision(), CardRates.H200);
    waiting = options.replay() == CudaOptions.Replay.CHECKED;
    Map<Node, Address> weights = new HashMap<>();
    for (WeightPlan.Kept each : plan.kept()) {
      if (each.scalesFollow()) {
        scales.add(new FollowingScales(context, each.update(), memory, kernels, waiting));
      }
      KeptWeights place = new KeptWeights(each, memory, options.precision(), kernels);
      kept.add(place);
      weights.put(each.update(), place.address());
      each.readers().forEach(reader -> weights.put(reader, place.address()));
    }
    List<Launch> launches = new ArrayList<>();
    for (Group group : groups) {
      Address weight = weights.getOrDefault(group.main(), new Address());
      boolean following = plan.of(group.main()).map(WeightPlan.Kept::scalesFollow).orElse(false);
      launches.addAll(
          Launches.of(binding(group, weight, following, options.precision(), kernels, cublas)));
    }
    sequence = new Sequence(context, scope, options.replay(), launches);
    updates = graph.nodes().stream().anyMatch(node -> node.op() instanceof Update);
    written =
        graph.nodes().stream()
            .flatMap(n -> n.op().writes(n.inputs().size()).stream().map(n::input))
            .map(memory::buffer)
            .toList();
    List<CudaBuffer> own = scales.stream().flatMap(each -> each.buffers().stream()).toList();
    others = memory.parameters().stream().filter(buffer -> !own.contains(buffer)).toList();
  }

  private Binding binding(
      Group group,
      Address weight,
      boolean scalesFollow,
      Precision precision,
      Kernels kernels,
      Optional<CublasProducts> cublas) {
    Node node = group.main();
    return new Binding(
        node,
        memory.buffers(node.inputs()),
        memory.results(group),
        memory.inputs().run(),
        precision,
        kernels,
        cublas,
        weight,
        scalesFollow,
        Epilogue.of(group, memory),
        bytes -> memory.workspace(node, bytes));
  }

  private Outputs placeOutputs(Graph graph) {
    Map<String, CudaBuffer> small = new LinkedHashMap<>();
    for (Map.Entry<String, Value> output : graph.outputs().entrySet()) {
      CudaBuffer buffer = memory.buffer(output.getValue());
      // A leaf can change without a run, and is read where it is.
      boolean leaf = graph.node(output.getValue()).op() instanceof Leaf;
      if (leaf || buffer.bytes() > LARGE_OUTPUT) {
        outputs.put(output.getKey(), buffer);
      } else {
        small.put(output.getKey(), buffer);
      }
    }
    Outputs result = new Outputs(context, scope, small);
    outputs.putAll(result.buffers());
    return result;
  }

  @Override
  public Buffer input(String name) {
    return named(inputs.get(name), "input", name);
  }

  @Override
  public Buffer output(String name) {
    return named(outputs.get(name), "output", name);
  }

  private static Buffer named(@Nullable Buffer buffer, String kind, String name) {
    if (buffer == null) {
      throw new IllegalArgumentException("the graph has no " + kind + " '" + name + "'");
    }
    return buffer;
  }

  @Override
  public void run(int step, int firstSample) {
    if (updates && step < 1) {
      throw new IllegalArgumentException("the steps of updates count from 1, got " + step);
    }
    context.enter();
    computed.changed();
    others.forEach(CudaBuffer::settle);
    boolean follow = scalesFollow();
    memory.inputs().send(step, firstSample, follow);
    kept.forEach(weights -> weights.prepare(step, firstSample, context.stream(), waiting));
    sequence.enqueue();
    written.forEach(CudaBuffer::changed);
    kept.forEach(weights -> weights.left(step + 1, firstSample));
    scales.forEach(each -> each.left(follow));
  }

  /** Whether all scales that may follow do; if not, the step reads and writes them all. */
  private boolean scalesFollow() {
    boolean all = true;
    for (FollowingScales each : scales) {
      all &= each.follows(); // all are asked: each looks at its own
    }
    if (!all) {
      scales.forEach(FollowingScales::settle);
    }
    return all;
  }

  @Override
  public long memory() {
    return blocks().stream().mapToLong(CudaMemory::bytes).sum();
  }

  /** All that the program has in the card's memory beside the parameters. */
  List<CudaMemory> blocks() {
    return memory.blocks();
  }

  @Override
  public void close() {
    context.close(scope);
  }
}
