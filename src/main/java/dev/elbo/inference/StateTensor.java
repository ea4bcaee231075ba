package dev.elbo.inference;

import dev.elbo.layer.Initial;
import dev.elbo.tensor.Shape;

/** A tensor of the training state: a parameter, or what the optimizer keeps for one. */
record StateTensor(String name, Shape shape, Initial initial) {}
