package dev.elbo.model;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Embedding;
import dev.elbo.layer.InitialScale;
import dev.elbo.layer.Layer;
import dev.elbo.layer.LayerNorm;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.layer.Observations;
import dev.elbo.layer.PositionalEncoding;
import dev.elbo.layer.SelfAttention;
import dev.elbo.layer.VariationalLinear;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Decoder-only transformers that predict the next token (Radford et al. 2019): embedding and
 * positions; in each block x + attention(norm(x)), then x + MLP(norm(x)) with a GELU layer of four
 * times the width; at the end a norm and a projection to logits.
 *
 * <p>Weights start at Normal(0, 1/K), those that end a residual branch at 1/sqrt(2·layers) of it.
 */
public final class Transformer {
  private static final double EPSILON = 1e-5;
  private static final int WIDENING = 4;

  private Transformer() {}

  /**
   * The sizes of a transformer.
   *
   * @param vocabulary V, the number of different tokens
   * @param context T, the tokens of a window
   * @param layers the blocks
   * @param width the columns between blocks
   * @param heads of each attention; a divisor of the width
   */
  public record Size(int vocabulary, int context, int layers, int width, int heads) {
    public Size {
      if (context < 1 || layers < 1 || width < 1 || heads < 1) {
        throw new IllegalArgumentException(
            "a transformer of context %d, %d layers, width %d and %d heads: each must be positive"
                .formatted(context, layers, width, heads));
      }
      if (width % heads != 0) {
        throw new IllegalArgumentException(
            "a width of %d cannot be shared by %d heads".formatted(width, heads));
      }
    }
  }

  /** All projections have mean-field Gaussian weights; embedding, places and norms are points. */
  public static Network variational(Size size, Prior prior, GaussianPosterior posterior) {
    return of(size, prior, units -> new VariationalLinear(units, posterior));
  }

  /** All weights are learned as points, by maximum likelihood. */
  public static Network deterministic(Size size) {
    return of(size, new Prior.Gaussian(1), Linear::new);
  }

  private static Network of(Size size, Prior prior, IntFunction<Layer> projection) {
    double start = Math.sqrt(0.5);
    double last = start / Math.sqrt(2.0 * size.layers);
    List<Layer> layers = new ArrayList<>();
    layers.add(new Embedding(size.vocabulary, size.width, Optional.empty()));
    layers.add(new PositionalEncoding(size.context));
    for (int i = 0; i < size.layers; i++) {
      Layer attention =
          new SelfAttention(
              size.heads,
              size.context,
              new InitialScale(start, projection.apply(3 * size.width)),
              new InitialScale(last, projection.apply(size.width)));
      Layer wide = new InitialScale(start, projection.apply(WIDENING * size.width));
      Layer narrow = new InitialScale(last, projection.apply(size.width));
      layers.add(residual(attention));
      layers.add(residual(wide, new Layer.Activation(Function.GELU), narrow));
    }
    layers.add(new LayerNorm(EPSILON));
    layers.add(new InitialScale(start, projection.apply(size.vocabulary)));
    return new Network(
        1,
        new Layer.Sequential(layers),
        new Likelihood.Categorical(size.vocabulary),
        prior,
        new Observations.Sequences(size.context));
  }

  /** x + body(norm(x)). */
  private static Layer residual(Layer... body) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new LayerNorm(EPSILON));
    layers.addAll(List.of(body));
    return new Layer.Residual(new Layer.Sequential(layers));
  }
}
