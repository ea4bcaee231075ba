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
    WeightPlan plan = plan(graph, Weights.AHEAD, Precision.F32);
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

  private static WeightPlan plan(Graph graph, Weights choice, Precision precision) {
    return WeightPlan.of(graph, choice, precision, CardRates.H200);
  }

  private static List<WeightPlan.Kept> large(int samples, int examples, Precision precision) {
    Graph graph = SampledNetwork.fused(samples, examples, 4096, 4096);
    return plan(graph, Weights.AUTO, precision).kept().stream()
        .filter(k -> k.mu().shape().rows() == 4096)
        .toList();
  }

  @Test
  void oneSampleIsKeptInHalfTheBytes() {
    assertThat(large(1, 128, Precision.BF16)).hasSize(1);
  }

  @Test
  void manySamplesOfFewExamplesAreDrawn() {
    // 16 samples of 2 bytes are written once and read once; mu and log_sigma are 8 bytes, read
    // once.
    assertThat(large(16, 64, Precision.BF16)).isEmpty();
  }

  @Test
  void whereProductsTakeLongerThanEitherNothingIsKept() {
    assertThat(large(16, 64, Precision.F32)).isEmpty();
  }

  @Test
  void whatIsDrawnAgainForManyExamplesIsKept() {
    assertThat(large(16, 8192, Precision.BF16)).hasSize(1);
  }

  @Test
  void inTileKeepsNothing() {
    Graph graph = SampledNetwork.fused(1);
    assertThat(plan(graph, Weights.IN_TILE, Precision.BF16).kept()).isEmpty();
  }

  @Test
  void withoutAnUpdateNothingIsKept() {
    Graph graph = SampledNetwork.forward(1);
    assertThat(plan(graph, Weights.AHEAD, Precision.F32).kept()).isEmpty();
  }
}
