package dev.elbo.inference;

import dev.elbo.data.Schema;

/**
 * A training run at a point in time: all that is needed to go on with it or to predict.
 *
 * @param model what is trained
 * @param schema what the columns of its data mean
 * @param training how it is trained
 * @param examples N, the examples it is trained on
 * @param state parameters, optimizer state and progress
 * @param origin where the data came from, as whoever started the run notes it
 */
public record Run(
    Model model, Schema schema, Training training, int examples, State state, String origin) {}
