package dev.elbo.device.cpu;

import dev.elbo.graph.ColumnSample;

/**
 * Draws that all rows share: the noise of all columns first, then tiles as those of a forward
 * product, whose operand they often are.
 */
final class ColumnSampleKernel {
  private ColumnSampleKernel() {}

  static Kernel of(ColumnSample op, Binding b) {
    int samples = op.noise().samples();
    Panels.Packed mean = b.operands().transposed(b, 0, samples, true);
    Panels.Packed std = b.operands().transposed(b, 1, samples, true);
    ForwardResult result = ForwardResult.of(b, b.out(0), samples);
    CpuBuffer noise = b.temporary(samples, result.outputs());
    return Kernel.sequence(
        mean.kernel(),
        std.kernel(),
        draw(new Draws(op.noise(), b.run()), noise, samples, result.outputs(), b.workers()),
        tiles(mean.panels(), std.panels(), noise, result, samples, b.workers()));
  }

  /** sign·eps of every sample and column. */
  private static Kernel draw(
      Draws draws, CpuBuffer noise, int samples, int columns, Workers workers) {
    return Ranges.samples(
        workers,
        samples,
        columns,
        (sample, from, count, scratch) -> {
          int eps = draws.linear(sample, from, count, scratch.noise);
          int to = noise.offset() + sample * columns + from;
          Lanes.affine(scratch.noise, eps, draws.sign(sample), 0, noise.array(), to, count);
        });
  }

  /** A block is a band of columns for a band of examples of a sample. */
  private static Kernel tiles(
      Panels mean,
      Panels std,
      CpuBuffer noise,
      ForwardResult result,
      int samples,
      Workers workers) {
    int examples = result.examples();
    int outputs = result.outputs();
    int bands = Tiles.parts(outputs, Tiles.FEW_FORWARD_OUTPUTS);
    int exampleBands = Tiles.parts(examples, Tiles.BATCH);
    Workers.Task task =
        (block, scratch) -> {
          int output = block % bands * Tiles.FEW_FORWARD_OUTPUTS;
          int example = block / bands % exampleBands * Tiles.BATCH;
          int sample = block / bands / exampleBands;
          int rows = Math.min(Tiles.FEW_FORWARD_OUTPUTS, outputs - output);
          int columns = Math.min(Tiles.BATCH, examples - example);
          for (int panel = 0; panel < columns; panel += Tiles.PANEL) {
            Lanes.perturbed(
                mean.array(),
                mean.at(0, output, example + panel),
                std.array(),
                std.at(0, output, example + panel),
                noise.array(),
                noise.offset() + sample * outputs + output,
                scratch.product,
                panel,
                rows);
          }
          result.put(scratch.product, rows, columns, sample, output, example, scratch);
        };
    boolean shared = (long) samples * examples * outputs >= Tiles.ELEMENTS;
    return () -> workers.run(samples * exampleBands * bands, shared, task);
  }
}
