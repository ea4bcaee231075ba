package dev.elbo.bench.peers;

import java.util.List;

/** A library that trains the network of a problem. */
interface Contender extends AutoCloseable {
  /**
   * The gradients of the loss at the first values with the problem's noise, in the order and layout
   * of {@link Problem#initial}. Called once, before any step.
   */
  List<float[]> gradients();

  /** One training step with fresh noise; returns when it is done. */
  void step();

  @Override
  void close();

  /** A contender by its name. */
  static Contender of(String name, Problem problem, int threads) {
    return switch (name) {
      case "elbo" -> new Elbo(problem, threads);
      case "libtorch" -> new Libtorch(problem, threads);
      case "djl" -> new Djl(problem);
      default -> throw new IllegalArgumentException("no contender " + name);
    };
  }
}
