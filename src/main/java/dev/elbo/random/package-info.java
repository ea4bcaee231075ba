/** Counter-based random numbers: every draw is a pure function of its address. */
@NullMarked
package dev.elbo.random;

import org.jspecify.annotations.NullMarked;
