package dev.elbo.bench.peers;

import java.util.List;
import java.util.function.Supplier;

/** A library that does some work. */
interface Contender extends AutoCloseable {
  /**
   * What is compared between contenders: the gradients of a training step's loss at the first
   * values with the problem's noise, in the order and layout of {@link Problem#initial}; a
   * prediction's probabilities with that noise; a product; of normals nothing. Called once, before
   * any step.
   */
  List<float[]> results();

  /** The work once, with fresh noise; returns when it is done. */
  void step();

  @Override
  void close();

  /** A contender whose work leaves nothing to be closed. */
  record Simple(Supplier<List<float[]>> once, Runnable again) implements Contender {
    @Override
    public List<float[]> results() {
      return once.get();
    }

    @Override
    public void step() {
      again.run();
    }

    @Override
    public void close() {}
  }

  /** A contender by its name. */
  static Contender of(String name, Work work, int threads) {
    return switch (name) {
      case "elbo" -> ElboWorks.of(work, threads);
      case "libtorch", "libtorch-mkl" -> LibtorchWorks.of(work, threads);
      case "djl" -> DjlWorks.of(work);
      default -> throw new IllegalArgumentException("no contender " + name);
    };
  }
}
