package dev.elbo.layer;

import dev.elbo.graph.Value;

/**
 * A parameter that a network asked for.
 *
 * @param name its name in the checkpoint
 * @param value its place in the graph
 * @param initial how it starts
 */
public record Parameter(String name, Value value, Initial initial) {}
