/** The training step of Elbo beside that of other libraries of the JVM, on the CPU. */
@org.jspecify.annotations.NullMarked
package dev.elbo.bench.peers;
