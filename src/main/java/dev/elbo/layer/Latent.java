package dev.elbo.layer;

import dev.elbo.graph.Value;

/**
 * The latent variables of one stochastic layer in a graph.
 *
 * @param name the layer's name
 * @param z the draws [S·B, D], as they leave q
 * @param taken the same numbers, as all that follows takes them: z itself, or z behind a gradient
 *     stop under {@link LatentUse#CUT_RATIO}
 * @param term under DIVERGENCE KL(q || p) of each dimension [R, D] with R = B or S·B rows; under
 *     RATIO and CUT_RATIO log p(z) - log q(z | x) of each dimension [S·B, D], in nats
 */
public record Latent(String name, Value z, Value taken, Value term) {}
