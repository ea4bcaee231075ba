package dev.elbo.device.reference;

import static dev.elbo.device.reference.OneOp.scalar;
import static dev.elbo.device.reference.OneOp.vector;
import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.reference.OneOp.In;
import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.random.Noise;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Optimizers on numbers small enough to step by hand; state is stored as float32. */
class ReferenceUpdateTest {
  private static final In GUARD = scalar(-3);
  private static final In RATE = scalar(0.1);

  @Test
  void adam() {
    // First step from zero: m/(1 - b1) = g, sqrt(v/(1 - b2)) = |g|, a step of the learning rate.
    List<double[]> first =
        new OneOp(1, 0)
            .run(
                new AdamUpdate(new Adam(0.9, 0.99, 1e-8)),
                GUARD,
                RATE,
                vector(1, 1),
                vector(4, -0.5),
                vector(0, 0),
                vector(0, 0));
    assertThat(first.get(0)).containsExactly((float) 0.9, (float) 1.1);
    // m = 0.9·2 + 0.1·4 = 2.2, v = 0.99·3 + 0.01·16 = 3.13, corrected by 1 - 0.9² = 0.19 and
    // 1 - 0.99² = 0.0199.
    List<double[]> second =
        new OneOp(2, 0)
            .run(
                new AdamUpdate(new Adam(0.9, 0.99, 0.5)),
                GUARD,
                RATE,
                vector(1),
                vector(4),
                vector(2),
                vector(3));
    double step = 2.2 / 0.19 / (Math.sqrt(3.13 / 0.0199) + 0.5);
    assertThat(second.get(0)).containsExactly((float) (1 - 0.1 * step));
    assertThat(second.get(1)).containsExactly((float) 2.2);
    assertThat(second.get(2)).containsExactly((float) 3.13);
  }

  @Test
  void sgd() {
    // u = 0.5·2 + 4 = 5.
    List<double[]> after =
        new OneOp(1, 0)
            .run(new SgdUpdate(new Sgd(0.5)), GUARD, RATE, vector(1), vector(4), vector(2));
    assertThat(after.get(0)).containsExactly(0.5);
    assertThat(after.get(1)).containsExactly(5);
  }

  private static List<double[]> ivon(double clip) {
    return new OneOp(2, 0)
        .run(
            new IvonUpdate(new Ivon(0.5, 0.5, 4, 0.25, 1, clip)),
            GUARD,
            RATE,
            vector(1),
            vector(0),
            vector(2),
            vector(3),
            vector(1),
            vector(1));
  }

  @Test
  void ivonStep() {
    // sigma = 1: the Hessian's estimate is 3. g = (1 + 2)/2 = 1.5, corrected by 3/4 to 2.
    // h = (1 + 3)/2 + (1/4)(1 - 3)²/(2·1.25) = 2.4. mu -= 0.1·1.25·(2 + 0.25)/2.65.
    List<double[]> after = ivon(Double.POSITIVE_INFINITY);
    assertThat(after.get(0)).containsExactly((float) (1 - 0.125 * 2.25 / 2.65));
    assertThat(after.get(1)).containsExactly((float) (-0.5 * Math.log(10.6)));
    assertThat(after.get(2)).containsExactly(1.5);
    assertThat(after.get(3)).containsExactly((float) 2.4);
  }

  @Test
  void ivonClipsTheStepBeforeTheLearningRate() {
    assertThat(ivon(0.5).get(0)).containsExactly(1 - 0.125 * 0.5);
    assertThat(ivon(0.5).get(3)).containsExactly((float) 2.4);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aGuardThatIsNotFiniteKeepsAllState(double guard) {
    assertThat(
            new OneOp(1, 0)
                .run(
                    new AdamUpdate(Adam.DEFAULT),
                    scalar(guard),
                    RATE,
                    vector(1),
                    vector(Double.NaN),
                    vector(2),
                    vector(3)))
        .containsExactly(new double[] {1}, new double[] {2}, new double[] {3});
    // The fused update still gives the divergence: (mu² + sigma² - 1)/2 = 2 at mu = 2, sigma = 1.
    assertThat(fused(scalar(guard)))
        .containsExactly(
            new double[] {2},
            new double[] {2},
            new double[] {0},
            new double[] {7},
            new double[] {8});
  }

  private static List<double[]> fused(In guard) {
    return new OneOp(5, 0)
        .run(
            new FusedUpdate(
                new SampleBackward(new NoiseSite(6, 1, false), 1), new KlGaussian(1), new Sgd(0.5)),
            guard,
            RATE,
            scalar(0.25),
            OneOp.matrix(1, 3),
            vector(2),
            vector(0),
            vector(7),
            vector(8));
  }

  @Test
  void fusedUpdate() {
    // dmu = 3 + 0.25·2 = 3.5, velocity 7; dlog_sigma = 3·eps + 0.25·(1 - 1), velocity 4 + 3·eps.
    double eps = new Noise(OneOp.SEED, 6, 0, 5).linear(0);
    List<double[]> after = fused(GUARD);
    assertThat(after.get(0)).containsExactly(2);
    assertThat(after.get(1)).containsExactly((float) (2 - 0.1 * 7));
    assertThat(after.get(2)).containsExactly((float) (-0.1 * (4 + 3 * eps)));
    assertThat(after.get(3)).containsExactly(7);
    assertThat(after.get(4)).containsExactly((float) (4 + 3 * eps));
  }
}
