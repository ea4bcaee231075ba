package dev.elbo.distribution;

import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;

/** Where distributions get parameters of their own that are learned as points. */
@FunctionalInterface
public interface ParameterSource {
  /** A new learned parameter whose elements start at a number. */
  Value point(String name, Shape shape, double initial);
}
