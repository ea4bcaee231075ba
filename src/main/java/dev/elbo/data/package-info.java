/** Data sets, their files, and the order in which examples are visited. */
@NullMarked
package dev.elbo.data;

import org.jspecify.annotations.NullMarked;
