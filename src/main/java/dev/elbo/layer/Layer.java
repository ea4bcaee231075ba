package dev.elbo.layer;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Function;
import dev.elbo.graph.Rearrangement;
import dev.elbo.graph.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * A description of a part of a network: a value that can be written down, and a rule to build it.
 */
public sealed interface Layer
    permits VariationalLinear,
        Linear,
        Dropout,
        Ensemble,
        CorrelatedLinear,
        InitialScale,
        Embedding,
        PositionalEncoding,
        LayerNorm,
        SelfAttention,
        PointPrior,
        Stochastic,
        Hierarchy,
        Layer.Activation,
        Layer.Composite {

  /**
   * Adds the layer's nodes to the graph.
   *
   * @param x [B, K], or [S·B, K] after a layer that samples
   * @return [B, N] or [S·B, N]
   * @throws IllegalArgumentException when x does not fit the layer
   */
  Value build(NetworkBuilder builder, Value x);

  /** y = f(x), elementwise. */
  record Activation(Function function) implements Layer {
    @Override
    public Value build(NetworkBuilder builder, Value x) {
      return builder.graph().add(new Unary(function), x);
    }
  }

  /** Layers made of layers. */
  sealed interface Composite extends Layer {}

  /** One layer after the other. */
  record Sequential(List<Layer> layers) implements Composite {
    public Sequential {
      layers = List.copyOf(layers);
    }

    @Override
    public Value build(NetworkBuilder builder, Value x) {
      Value y = x;
      for (int i = 0; i < layers.size(); i++) {
        y = builder.within(String.valueOf(i), layers.get(i), y);
      }
      return y;
    }
  }

  /** y = x + body(x) (He et al. 2016); the body keeps the number of columns. */
  record Residual(Layer body) implements Composite {
    @Override
    public Value build(NetworkBuilder builder, Value x) {
      Value y = builder.within("body", body, x);
      boolean mixed = builder.shared(x) != builder.shared(y);
      return mixed
          ? builder.graph().add(new Add(), builder.sampled(y), builder.sampled(x))
          : builder.graph().add(new Add(), y, x);
    }
  }

  /** The outputs of all branches on the same x, side by side. */
  record Concatenate(List<Layer> branches) implements Composite {
    public Concatenate {
      branches = List.copyOf(branches);
    }

    @Override
    public Value build(NetworkBuilder builder, Value x) {
      List<Value> parts = new ArrayList<>();
      for (int i = 0; i < branches.size(); i++) {
        parts.add(builder.within(String.valueOf(i), branches.get(i), x));
      }
      if (!parts.stream().allMatch(builder::shared)) {
        parts.replaceAll(builder::sampled);
      }
      return builder.graph().addAll(new Rearrangement.Concatenate(), parts).getFirst();
    }
  }

  /** Passes x on: the other branch of a skip connection. */
  record Identity() implements Composite {
    @Override
    public Value build(NetworkBuilder builder, Value x) {
      return x;
    }
  }
}
