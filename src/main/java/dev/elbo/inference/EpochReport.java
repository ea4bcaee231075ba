package dev.elbo.inference;

import java.util.Optional;

/**
 * One epoch of training, in nats and the user's units.
 *
 * @param epoch which, from 1
 * @param nll mean over the epoch's steps of -log p(y | x, W), per example
 * @param latentKl mean over the epoch's steps of KL(q(z | x) || p(z)), per example; empty without
 *     latent variables, and under an importance-weighted bound, whose nll is the whole bound
 * @param kl KL(q || p) before the last step, of all weights
 * @param klWeight beta of the last step
 * @param elbo -(nll + beta (KL / N + latentKl)), per example
 * @param learningRate of the last step
 * @param validation the score of early stopping
 */
public record EpochReport(
    int epoch,
    double nll,
    Optional<Double> latentKl,
    double kl,
    double klWeight,
    double elbo,
    double learningRate,
    Optional<Double> validation) {}
