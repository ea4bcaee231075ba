/** The command line. */
@NullMarked
package dev.elbo.cli;

import org.jspecify.annotations.NullMarked;
