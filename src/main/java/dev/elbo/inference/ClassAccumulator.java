package dev.elbo.inference;

import dev.elbo.metric.ClassificationMoments;
import dev.elbo.metric.LogProbabilities;

/** Class probabilities: the mean over samples of softmax(logits), in log space. */
final class ClassAccumulator implements PredictionAccumulator {
  private final int classes;
  private final DensityAccumulator densities;
  private final double[] logProbabilities;
  private final double[] expectedEntropy;
  private ClassificationMoments moments;
  private int first;
  private int count;

  ClassAccumulator(int rows, int classes, DensityAccumulator densities) {
    this.classes = classes;
    this.densities = densities;
    logProbabilities = new double[Math.multiplyExact(rows, classes)];
    expectedEntropy = new double[rows];
    moments = new ClassificationMoments(1, classes);
  }

  @Override
  public void begin(int firstRow, int rows) {
    first = firstRow;
    count = rows;
    moments = new ClassificationMoments(rows, classes);
    densities.begin(firstRow, rows);
  }

  @Override
  public void add(SampledOutputs outputs) {
    double[] logits = new double[count * classes];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = outputs.location(i);
    }
    moments.addLogits(logits);
    densities.add(outputs);
  }

  @Override
  public void end() {
    double[] mean = moments.predictive().values();
    System.arraycopy(mean, 0, logProbabilities, first * classes, mean.length);
    System.arraycopy(moments.expectedEntropy(), 0, expectedEntropy, first, count);
    densities.end();
  }

  @Override
  public Predictions result() {
    return new Predictions.Classes(
        new LogProbabilities(logProbabilities, classes), expectedEntropy, densities.result());
  }
}
