/** Layers: descriptions that build graph nodes. */
@NullMarked
package dev.elbo.layer;

import org.jspecify.annotations.NullMarked;
