package dev.elbo.device;

/** A graph made ready for a device; not safe for use by several threads at once. */
public interface Program extends AutoCloseable {
  /**
   * The buffer of a named input, to be written before a run; it keeps its values between runs.
   *
   * @throws IllegalArgumentException when the graph has no such input
   */
  Buffer input(String name);

  /**
   * The buffer of a named output, to be read after a run, before the next.
   *
   * @throws IllegalArgumentException when the graph has no such output
   */
  Buffer output(String name);

  /**
   * Runs all nodes once.
   *
   * @param step the step of the noise addresses and of Adam's and IVON's bias correction
   * @param firstSample the number of the first of the S samples, so that further samples of the
   *     same step can be drawn run by run
   */
  void run(int step, int firstSample);

  /** Bytes that the program holds beside the parameters. */
  long memory();

  @Override
  void close();
}
