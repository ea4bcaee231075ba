/** The fast CPU device: Vector API on {@code float[]}. */
@NullMarked
package dev.elbo.device.cpu;

import org.jspecify.annotations.NullMarked;
