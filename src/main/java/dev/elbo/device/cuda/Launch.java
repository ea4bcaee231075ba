package dev.elbo.device.cuda;

import jcuda.driver.CUstream;

/** Work for the card, ready to be enqueued again and again: a kernel, or a library's. */
interface Launch {
  /**
   * Puts the work at the end of a stream.
   *
   * @param waiting whether to wait for its end, so that what goes wrong in it is told with its name
   */
  void enqueue(CUstream stream, boolean waiting);
}
