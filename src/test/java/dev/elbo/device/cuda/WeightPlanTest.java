package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Node;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which sampled weights are kept from step to step. */
class WeightPlanTest {
  private static List<Node> nodes(Graph graph, Class<?> operation) {
    return graph.nodes().stream().filter(n -> operation.isInstance(n.op())).toList();
  }

  @Test
  void theUpdateOfALayerServesItsProducts() {
    Graph graph = SampledNetwork.fused(2);
    WeightPlan plan = WeightPlan.of(graph, Weights.AHEAD);
    List<Node> updates = nodes(graph, FusedUpdate.class);
    assertThat(plan.kept()).hasSize(2);
    assertThat(plan.kept().stream().map(WeightPlan.Kept::update)).hasSameElementsAs(updates);
    // The second layer has an input gradient, the first does not need one.
    List<Node> forward = nodes(graph, VariationalLinear.class);
    List<Node> backward = nodes(graph, VariationalLinearBackwardInput.class);
    assertThat(kept(plan, 1).readers()).containsExactly(forward.get(0));
    assertThat(kept(plan, 2).readers()).containsExactly(forward.get(1), backward.getFirst());
    assertThat(kept(plan, 1).elements()).isEqualTo(2 * 5 * 7);
    assertThat(kept(plan, 2).elements()).isEqualTo(2 * 3 * 5);
  }

  private static WeightPlan.Kept kept(WeightPlan plan, int site) {
    return plan.kept().stream().filter(k -> k.noise().site() == site).findFirst().orElseThrow();
  }

  @Test
  void fewSamplesAreKeptManyAreDrawn() {
    assertThat(WeightPlan.of(SampledNetwork.fused(1), Weights.AUTO).kept()).hasSize(2);
    assertThat(WeightPlan.of(SampledNetwork.fused(2), Weights.AUTO).kept()).hasSize(2);
    assertThat(WeightPlan.of(SampledNetwork.fused(3), Weights.AUTO).kept()).isEmpty();
  }

  @Test
  void inTileKeepsNothing() {
    assertThat(WeightPlan.of(SampledNetwork.fused(1), Weights.IN_TILE).kept()).isEmpty();
  }

  @Test
  void withoutAnUpdateNothingIsKept() {
    assertThat(WeightPlan.of(SampledNetwork.forward(1), Weights.AHEAD).kept()).isEmpty();
  }
}
