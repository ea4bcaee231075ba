/** Priors, posteriors and likelihoods. */
@NullMarked
package dev.elbo.distribution;

import org.jspecify.annotations.NullMarked;
