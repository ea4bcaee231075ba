package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Program;

/** The outputs of one run: a batch of examples under one sample of the weights, in model units. */
final class SampledOutputs {
  private final Program program;
  private final float[] x;
  private final float[] y;
  private final float[] location;
  private final float[] logScale;
  private final float[] logLikelihood;

  SampledOutputs(Program program, boolean scaled) {
    this.program = program;
    x = new float[program.input(Predictor.X).shape().elements()];
    y = new float[program.input(Predictor.Y).shape().elements()];
    location = array(program, Predictor.LOCATION);
    logScale = scaled ? array(program, Predictor.LOG_SCALE) : new float[0];
    logLikelihood = array(program, Predictor.LOG_LIKELIHOOD);
  }

  private static float[] array(Program program, String output) {
    return new float[program.output(output).shape().elements()];
  }

  /** Writes a batch; where it is short, rows of an earlier one follow and are not looked at. */
  void load(Examples examples, int first, int count) {
    int features = examples.features();
    System.arraycopy(examples.inputs(), first * features, x, 0, count * features);
    if (examples.targets().length > 0) {
      System.arraycopy(examples.targets(), first, y, 0, count);
    }
    program.input(Predictor.X).write(x);
    program.input(Predictor.Y).write(y);
  }

  /** Takes the results of a run. */
  void read() {
    program.output(Predictor.LOCATION).read(location);
    program.output(Predictor.LOG_LIKELIHOOD).read(logLikelihood);
    if (logScale.length > 0) {
      program.output(Predictor.LOG_SCALE).read(logScale);
    }
  }

  /** An element of the location. */
  float location(int i) {
    return location[i];
  }

  /** The log scale of a row: its own, or the one that all rows share. */
  float logScale(int row) {
    return logScale.length == 1 ? logScale[0] : logScale[row];
  }

  /** log p(y | x, W) of a row. */
  float logLikelihood(int row) {
    return logLikelihood[row];
  }
}
