package dev.elbo.device.cuda;

import dev.elbo.graph.Group;

/**
 * What a matrix product does with its result before it writes it; each address is null where there
 * is nothing to do.
 *
 * @param bias added to the result
 * @param biasRows how many rows the bias has: one, one a sample, or one a row of the result
 * @param activated where the result goes a second time, zero where it is negative
 * @param mask makes the result zero where this is not positive
 */
record Epilogue(Address bias, int biasRows, Address activated, Address mask) {
  /** The result as it is. */
  static final Epilogue NONE = new Epilogue(new Address(), 1, new Address(), new Address());

  /** That of a group, with its values where they are in memory. */
  static Epilogue of(Group group, ProgramMemory memory) {
    return new Epilogue(
        group.bias().map(v -> memory.buffer(v).address()).orElseGet(Address::new),
        group.bias().map(v -> v.shape().rows()).orElse(1),
        group.activated().map(v -> memory.buffer(v).address()).orElseGet(Address::new),
        group.mask().map(v -> memory.buffer(v).address()).orElseGet(Address::new));
  }

  /**
   * How far the biases of two samples are apart, in rows of the bias, with so many examples each.
   */
  int biasOfSample(int samples, int examples) {
    return biasRows == 1 ? 0 : biasRows == samples ? 1 : examples;
  }

  /** How far the biases of two examples are apart. */
  int biasOfRow(int samples) {
    return biasRows == 1 || biasRows == samples ? 0 : 1;
  }
}
