package dev.elbo.inference;

/** Takes the outputs on all examples, batch by batch and sample by sample. */
interface OutputAccumulator {
  /** Begins a batch of rows. */
  void begin(int first, int count);

  /** Adds the outputs of one sample on the batch. */
  void add(SampledOutputs outputs);

  /** Ends the batch, all its samples added. */
  void end();
}
