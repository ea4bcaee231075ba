/** The fast CPU: vectorised, multi-threaded, allocation-free. */
@NullMarked
package dev.elbo.device.cpu;

import org.jspecify.annotations.NullMarked;
