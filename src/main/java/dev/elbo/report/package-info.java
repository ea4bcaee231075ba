/** Tables and files of results. */
@NullMarked
package dev.elbo.report;

import org.jspecify.annotations.NullMarked;
