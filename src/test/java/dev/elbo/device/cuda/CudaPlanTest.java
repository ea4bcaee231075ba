package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.cuda.CudaOptions.Weights;
import dev.elbo.graph.Graph;
import org.junit.jupiter.api.Test;

/** What a card would do, against counts by hand. */
class CudaPlanTest {
  private static final double WEIGHTS = 4096.0 * 4096;

  private static CudaPlan plan(int samples, int examples, Precision precision, Weights weights) {
    Graph graph = SampledNetwork.fused(samples, examples, 4096, 4096);
    return CudaPlan.of(graph, CudaOptions.of(precision).with(weights), CardRates.H200);
  }

  private static CudaPlan.Step find(CudaPlan plan, String operation) {
    return plan.steps().stream()
        .filter(step -> step.operation().startsWith(operation))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anUpdateReadsAndWritesTheStateOnce() {
    CudaPlan.Step update = find(plan(1, 128, Precision.BF16, Weights.AHEAD), "FusedUpdate");
    // mu, log_sigma and two averages for each, read and written; W in bf16; x and dy of 128 rows.
    assertThat(update.bytes()).isCloseTo(WEIGHTS * (48 + 2) + 4.0 * 128 * 2 * 4096, within(100.0));
    assertThat(update.products()).isEqualTo(2 * 128 * WEIGHTS);
    assertThat(update.normals()).isEqualTo(2 * WEIGHTS);
    assertThat(update.bound()).isEqualTo("memory");
    assertThat(update.seconds()).isCloseTo(update.bytes() / 4.3e12, within(1e-12));
  }

  @Test
  void aProductReadsWeightsOnceAndDrawsThemForEverySixtyFourExamples() {
    CudaPlan.Step ahead = find(plan(2, 128, Precision.BF16, Weights.AHEAD), "VariationalLinear");
    double xAndY = 4.0 * (128 * 4096 + 2 * 128 * 4096);
    assertThat(ahead.weights()).isEqualTo("ahead");
    assertThat(ahead.bytes()).isEqualTo(xAndY + 2 * 2 * WEIGHTS);
    assertThat(ahead.normals()).isZero();
    CudaPlan.Step inTile = find(plan(2, 128, Precision.BF16, Weights.IN_TILE), "VariationalLinear");
    assertThat(inTile.weights()).isEqualTo("in tile");
    assertThat(inTile.bytes()).isEqualTo(xAndY + 8 * WEIGHTS);
    // Two samples that are a pair, for two times 64 examples.
    assertThat(inTile.normals()).isEqualTo(2 * WEIGHTS);
    int parts = 2; // of each sum: the tiles of both samples would not fill a card twice
    assertThat(inTile.blocks()).isEqualTo(parts * 2 * 64);
    CudaPlan.Step apart = find(plan(2, 128, Precision.F32, Weights.IN_TILE), "VariationalLinear");
    assertThat(apart.normals()).isEqualTo(2 * 2 * WEIGHTS);
    assertThat(apart.blocks()).isEqualTo(parts * 2 * 2 * 64);
  }

  @Test
  void theNoiseOfAPairIsDrawnOnceInTheUpdate() {
    CudaPlan.Step pair = find(plan(2, 128, Precision.BF16, Weights.IN_TILE), "FusedUpdate");
    assertThat(pair.normals()).isEqualTo(WEIGHTS);
    CudaPlan.Step ahead = find(plan(2, 128, Precision.BF16, Weights.AHEAD), "FusedUpdate");
    assertThat(ahead.normals()).isEqualTo(2 * WEIGHTS);
    CudaPlan.Step apart = find(plan(2, 128, Precision.F32, Weights.AHEAD), "FusedUpdate");
    assertThat(apart.normals()).isEqualTo(3 * WEIGHTS);
  }

  @Test
  void whatIsSharedByFewBlocksTakesTheTimeOfThose() {
    Graph graph = SampledNetwork.fused(1, 64, 64, 64);
    CudaPlan plan =
        CudaPlan.of(graph, CudaOptions.of(Precision.F32).with(Weights.IN_TILE), CardRates.H200);
    CudaPlan.Step product = find(plan, "VariationalLinear");
    assertThat(product.blocks()).isEqualTo(1);
    assertThat(product.seconds())
        .isCloseTo(132 * product.bytes() / CardRates.H200.copy(), within(1e-12));
  }

  @Test
  void manyExamplesAreBoundByProducts() {
    CudaPlan plan = plan(1, 8192, Precision.BF16, Weights.AHEAD);
    CudaPlan.Step product = find(plan, "VariationalLinear");
    assertThat(product.bound()).isEqualTo("products");
    assertThat(product.seconds()).isCloseTo(2 * 8192 * WEIGHTS / 790e12, within(1e-9));
    assertThat(plan.seconds())
        .isEqualTo(plan.steps().stream().mapToDouble(CudaPlan.Step::seconds).sum());
  }
}
