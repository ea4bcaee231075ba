package dev.elbo.layer;

import dev.elbo.graph.Rearrangement;
import dev.elbo.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Latent variables in L layers, z_L on top: p(z) = p(z_L) prod_l p(z_l | z_{l+1}) with p(z_L) =
 * Normal(0, 1). Inference is top-down: a deterministic path h_l = up_l(h_{l-1}) rises from the
 * input, z_L is drawn from q(z_L | h_L), then each z_l from q(z_l | h_l, z_{l+1}) (Sonderby et al.
 * 2016, section 2.2; Kingma et al. 2016, section 4). The output is a draw of z_1.
 *
 * <p>q and p share no parameters, so that each has its own gradient under {@link
 * LatentUse#CUT_RATIO}.
 *
 * @param levels from the one next to the data to the top
 */
public record Hierarchy(List<Level> levels) implements Layer {
  /**
   * One layer of latent variables.
   *
   * @param up from h_{l-1} to h_l
   * @param units D, the dimensions of z_l
   * @param posterior of the columns of h_l and z_{l+1}, before the linear map to q; not used on top
   * @param prior of z_{l+1}, before the linear map to p; not used on top
   */
  public record Level(Layer up, int units, Layer posterior, Layer prior) {
    public Level {
      Stochastic.checkUnits(units);
    }
  }

  public Hierarchy {
    levels = List.copyOf(levels);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("a hierarchy needs at least one layer of latents");
    }
  }

  @Override
  public Value build(NetworkBuilder builder, Value x) {
    List<Value> features = new ArrayList<>();
    Value h = x;
    for (int i = 0; i < levels.size(); i++) {
      h = builder.within("up." + i, levels.get(i).up(), h);
      features.add(h);
    }
    int top = levels.size() - 1;
    Value z = LatentDraw.of(builder, gaussian(builder, "q." + top, top, h)).draw("z." + top);
    for (int i = top - 1; i >= 0; i--) {
      z = below(builder, i, features.get(i), z);
    }
    return z;
  }

  /** z_l, given h_l and the layer above. */
  private Value below(NetworkBuilder builder, int level, Value h, Value above) {
    Level own = levels.get(level);
    Value both =
        builder
            .graph()
            .add(new Rearrangement.Concatenate(), builder.sampled(h), builder.sampled(above));
    Value inferred = builder.within("posterior." + level, own.posterior(), both);
    Value expected = builder.within("prior." + level, own.prior(), above);
    DiagonalGaussian q = gaussian(builder, "q." + level, level, inferred);
    DiagonalGaussian p = gaussian(builder, "p." + level, level, expected);
    return LatentDraw.of(builder, q, p).draw("z." + level);
  }

  private DiagonalGaussian gaussian(NetworkBuilder builder, String name, int level, Value h) {
    return DiagonalGaussian.of(builder, name, levels.get(level).units(), h);
  }
}
