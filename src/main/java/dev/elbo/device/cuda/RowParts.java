package dev.elbo.device.cuda;

/**
 * How rows are split where they are summed: a block of 256 threads has 32 columns of one part of
 * one group, and a second launch sums the parts. The split follows from the shape alone, and with
 * it the order of the sums.
 *
 * @param groups how many sums there are
 * @param rows rows of a group
 * @param columns columns of a row
 */
record RowParts(int groups, int rows, int columns) {
  private static final int MIN_ROWS = 256;
  private static final int MAX_PARTS = 256;

  int rowsOfPart() {
    return Math.max(MIN_ROWS, Math.ceilDiv(rows, MAX_PARTS));
  }

  /** Parts of a group. */
  int parts() {
    return Math.ceilDiv(rows, rowsOfPart());
  }

  /** The parts of each group, as the groups of a matrix [groups · parts, columns] to be summed. */
  RowParts ofParts() {
    return new RowParts(groups, parts(), columns);
  }

  /** Bytes of all parts. */
  long bytes() {
    return (long) Float.BYTES * groups * parts() * columns;
  }

  Grid grid() {
    long blocks = (long) groups * parts() * Math.ceilDiv(columns, 32);
    return new Grid(Math.toIntExact(blocks), 1, 1, 256);
  }
}
