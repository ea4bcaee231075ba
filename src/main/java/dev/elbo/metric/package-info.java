/** Metrics as pure functions of predictions and outcomes. */
@NullMarked
package dev.elbo.metric;

import org.jspecify.annotations.NullMarked;
