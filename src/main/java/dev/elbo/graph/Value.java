package dev.elbo.graph;

import dev.elbo.tensor.Shape;

/**
 * A result of a node.
 *
 * @param node the id of the node that computes it
 * @param output which of the node's results it is
 * @param shape its sizes
 */
public record Value(int node, int output, Shape shape) {}
