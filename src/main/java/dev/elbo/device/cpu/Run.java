package dev.elbo.device.cpu;

/** What changes from run to run of a program; written before the kernels run. */
final class Run {
  final long seed;
  int step;
  int firstSample;

  Run(long seed) {
    this.seed = seed;
  }
}
