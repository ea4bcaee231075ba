/** What a device is: buffers, programs, errors. */
@NullMarked
package dev.elbo.device;

import org.jspecify.annotations.NullMarked;
