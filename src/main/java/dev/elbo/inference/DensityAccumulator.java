package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.metric.RunningLogMeanExp;
import java.util.Optional;

/** The log-densities of outcomes: of the predictive, and on average over samples. */
final class DensityAccumulator implements OutputAccumulator {
  private final boolean known;
  private final double logUnit;
  private final double[] predictive;
  private final double[] expected;
  private RunningLogMeanExp mean = new RunningLogMeanExp(1);
  private double[] row = {};
  private int first;

  private DensityAccumulator(int rows, boolean known, double logUnit) {
    this.known = known;
    this.logUnit = logUnit;
    predictive = new double[rows];
    expected = new double[rows];
  }

  /** For a model's predictions of examples; a density in the user's units is per unit of those. */
  static DensityAccumulator of(Model model, Examples examples) {
    double logUnit = Math.log(model.normalization().targetScale());
    return new DensityAccumulator(examples.size(), examples.targets().length > 0, logUnit);
  }

  @Override
  public void begin(int firstRow, int count) {
    first = firstRow;
    row = new double[count];
    mean = new RunningLogMeanExp(count);
  }

  @Override
  public void add(SampledOutputs outputs) {
    for (int i = 0; i < row.length; i++) {
      row[i] = outputs.logLikelihood(i) - logUnit;
      expected[first + i] += row[i];
    }
    mean.add(row);
  }

  @Override
  public void end() {
    System.arraycopy(mean.result(), 0, predictive, first, row.length);
    for (int i = 0; i < row.length; i++) {
      expected[first + i] /= mean.samples();
    }
  }

  Optional<Predictions.Densities> result() {
    return known ? Optional.of(new Predictions.Densities(predictive, expected)) : Optional.empty();
  }
}
