/** Elbo beside other libraries of the JVM, on the CPU. */
@org.jspecify.annotations.NullMarked
package dev.elbo.bench.peers;
