/** The model file: safetensors, JSON, atomic writes. */
@NullMarked
package dev.elbo.checkpoint;

import org.jspecify.annotations.NullMarked;
