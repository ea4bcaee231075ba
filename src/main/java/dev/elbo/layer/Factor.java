package dev.elbo.layer;

import dev.elbo.graph.Value;

/**
 * A factor of the posterior: the mean-field Gaussian of one tensor of weights.
 *
 * @param mu the means
 * @param logSigma the logarithms of the standard deviations
 * @param divergence KL(q || p) of this factor, a scalar in nats
 */
public record Factor(Parameter mu, Parameter logSigma, Value divergence) {}
