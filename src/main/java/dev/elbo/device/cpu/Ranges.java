package dev.elbo.device.cpu;

/** A kernel that does the same to every range of its elements (or rows), a block a range. */
final class Ranges implements Kernel, Workers.Task {
  /** Does one range. */
  @FunctionalInterface
  interface Body {
    void run(int from, int count, Scratch scratch);
  }

  private final Workers workers;
  private final int total;
  private final int size;
  private final int blocks;
  private final Body body;

  private Ranges(Workers workers, int total, int size, Body body) {
    this.workers = workers;
    this.total = total;
    this.size = size;
    this.blocks = Tiles.parts(total, size);
    this.body = body;
  }

  /** Over single elements. */
  static Ranges elements(Workers workers, int total, Body body) {
    return new Ranges(workers, total, Tiles.ELEMENTS, body);
  }

  /** Over elements that take about as long as drawing a normal or a logarithm. */
  static Ranges draws(Workers workers, int total, Body body) {
    return new Ranges(workers, total, Tiles.LINEAR, body);
  }

  /** Over rows of so many columns. */
  static Ranges rows(Workers workers, int rows, int columns, Body body) {
    return new Ranges(workers, rows, Math.max(1, Tiles.ELEMENTS / columns), body);
  }

  /** Does one range of a sample's elements. */
  @FunctionalInterface
  interface SampleBody {
    void run(int sample, int from, int count, Scratch scratch);
  }

  /** Over the elements of each sample, with noise by linear index. */
  static Kernel samples(Workers workers, int samples, int elements, SampleBody body) {
    int bands = Tiles.parts(elements, Tiles.LINEAR);
    Workers.Task task =
        (block, scratch) -> {
          int from = block % bands * Tiles.LINEAR;
          int count = Math.min(Tiles.LINEAR, elements - from);
          body.run(block / bands, from, count, scratch);
        };
    return () -> workers.run(samples * bands, (long) samples * elements > Tiles.LINEAR, task);
  }

  @Override
  public void run() {
    workers.run(blocks, true, this);
  }

  @Override
  public void run(int block, Scratch scratch) {
    int from = block * size;
    body.run(from, Math.min(size, total - from), scratch);
  }
}
