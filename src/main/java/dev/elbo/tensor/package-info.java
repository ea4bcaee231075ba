/** Shapes and host tensors. */
@NullMarked
package dev.elbo.tensor;

import org.jspecify.annotations.NullMarked;
