package dev.elbo.inference;

import dev.elbo.data.Examples;

/**
 * The outputs of one run: a batch of examples under one sample of the weights, or under each member
 * of an ensemble, in model units.
 */
final class SampledOutputs {
  private final SampledProgram program;
  private final int members;
  private final float[] location;
  private final float[] logScale;
  private final float[] logLikelihood;
  private int member;

  SampledOutputs(SampledProgram program, int members, boolean scaled) {
    this.program = program;
    this.members = members;
    location = array(program, Predictor.LOCATION);
    logScale = scaled ? array(program, Predictor.LOG_SCALE) : new float[0];
    logLikelihood = array(program, Predictor.LOG_LIKELIHOOD);
  }

  private static float[] array(SampledProgram program, String output) {
    return new float[program.output(output).shape().elements()];
  }

  /** Writes a batch; where it is short, rows of an earlier one follow and are not looked at. */
  void load(Examples batch) {
    program.write(Predictor.X, batch.inputs());
    program.write(Predictor.Y, batch.targets());
  }

  /** Takes the results of a run. */
  void read() {
    program.output(Predictor.LOCATION).read(location);
    program.output(Predictor.LOG_LIKELIHOOD).read(logLikelihood);
    if (logScale.length > 0) {
      program.output(Predictor.LOG_SCALE).read(logScale);
    }
  }

  /** From here on the outputs are those of a member. */
  void choose(int number) {
    member = number;
  }

  /** An element of the location. */
  float location(int i) {
    return location[first(location) + i];
  }

  /** The log scale of a row: its own, or the one that all rows share, of a member or of all. */
  float logScale(int row) {
    if (logScale.length == 1) {
      return logScale[0];
    }
    return logScale[logScale.length == members ? member : first(logScale) + row];
  }

  /** log p(y | x, W) of a row. */
  float logLikelihood(int row) {
    return logLikelihood[first(logLikelihood) + row];
  }

  /** Where the numbers of the member begin. */
  private int first(float[] of) {
    return of.length / members * member;
  }
}
