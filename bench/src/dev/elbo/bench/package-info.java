/** Benchmarks; not part of the library. */
@NullMarked
package dev.elbo.bench;

import org.jspecify.annotations.NullMarked;
