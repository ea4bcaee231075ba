/** Ready models. */
@NullMarked
package dev.elbo.model;

import org.jspecify.annotations.NullMarked;
