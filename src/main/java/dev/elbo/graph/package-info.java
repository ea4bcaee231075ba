/** The static graph of operations: shape and gradient rules, fusion, memory plan. */
@NullMarked
package dev.elbo.graph;

import org.jspecify.annotations.NullMarked;
