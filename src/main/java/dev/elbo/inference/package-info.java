/** The ELBO, optimizers, training and prediction. */
@NullMarked
package dev.elbo.inference;

import org.jspecify.annotations.NullMarked;
