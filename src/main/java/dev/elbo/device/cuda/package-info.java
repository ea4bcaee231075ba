/** NVIDIA GPUs through the CUDA driver; the only importer of JCuda. */
@NullMarked
package dev.elbo.device.cuda;

import org.jspecify.annotations.NullMarked;
