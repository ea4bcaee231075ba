/** The definition of every operation: plain loops in double precision. */
@NullMarked
package dev.elbo.device.reference;

import org.jspecify.annotations.NullMarked;
