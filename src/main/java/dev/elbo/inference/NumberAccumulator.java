package dev.elbo.inference;

import dev.elbo.distribution.Likelihood;
import dev.elbo.metric.GaussianMixtures;
import dev.elbo.metric.Mixtures;
import dev.elbo.metric.RegressionMoments;
import java.util.Optional;

/** Means, variances and intervals of predicted numbers, in the user's units. */
final class NumberAccumulator implements PredictionAccumulator {
  /** Intervals come from at most this many samples, so that memory does not grow with S. */
  private static final int MOST_COMPONENTS = 100;

  private final Likelihood likelihood;
  private final double offset;
  private final double unit;
  private final int components;
  private final DensityAccumulator densities;
  private final double[] mean;
  private final double[] modelVariance;
  private final double[] noiseVariance;
  private final double[] lower;
  private final double[] upper;
  private RegressionMoments moments = new RegressionMoments(1);
  private double[] componentMeans = {};
  private double[] componentScales = {};
  private int first;
  private int count;

  NumberAccumulator(Model model, int rows, int samples, DensityAccumulator densities) {
    likelihood = model.network().likelihood();
    offset = model.normalization().targetMean();
    unit = model.normalization().targetScale();
    components = Math.min(samples, MOST_COMPONENTS);
    this.densities = densities;
    mean = new double[rows];
    modelVariance = new double[rows];
    noiseVariance = new double[rows];
    lower = new double[rows];
    upper = new double[rows];
  }

  private boolean hasInterval() {
    return !(likelihood instanceof Likelihood.Bernoulli);
  }

  @Override
  public void begin(int firstRow, int rows) {
    first = firstRow;
    count = rows;
    moments = new RegressionMoments(rows);
    componentMeans = new double[hasInterval() ? rows * components : 0];
    componentScales = new double[componentMeans.length];
    densities.begin(firstRow, rows);
  }

  @Override
  public void add(SampledOutputs outputs) {
    double[] means = new double[count];
    double[] variances = new double[count];
    for (int r = 0; r < count; r++) {
      double location = outputs.location(r);
      double modelMean =
          switch (likelihood) {
            case Likelihood.Poisson p -> Math.exp(location);
            case Likelihood.Bernoulli b -> 1 / (1 + Math.exp(-location));
            default -> location;
          };
      means[r] = offset + unit * modelMean;
      variances[r] = unit * unit * variance(outputs, r, modelMean);
      if (componentMeans.length > 0 && moments.samples() < components) {
        componentMeans[r * components + moments.samples()] = means[r];
        componentScales[r * components + moments.samples()] = scale(outputs, r);
      }
    }
    moments.add(means, variances);
    densities.add(outputs);
  }

  private double scale(SampledOutputs outputs, int row) {
    return likelihood instanceof Likelihood.Poisson ? 1 : unit * Math.exp(outputs.logScale(row));
  }

  private double variance(SampledOutputs outputs, int row, double modelMean) {
    return switch (likelihood) {
      case Likelihood.Poisson p -> modelMean;
      case Likelihood.Bernoulli b -> modelMean * (1 - modelMean);
      case Likelihood.StudentT t -> {
        double nu = t.degreesOfFreedom();
        yield nu > 2
            ? Math.exp(2 * outputs.logScale(row)) * nu / (nu - 2)
            : Double.POSITIVE_INFINITY;
      }
      default -> Math.exp(2 * outputs.logScale(row));
    };
  }

  @Override
  public void end() {
    System.arraycopy(moments.mean(), 0, mean, first, count);
    System.arraycopy(moments.meanVariance(), 0, modelVariance, first, count);
    System.arraycopy(moments.noiseVariance(), 0, noiseVariance, first, count);
    if (componentMeans.length > 0) {
      System.arraycopy(quantile(0.025), 0, lower, first, count);
      System.arraycopy(quantile(0.975), 0, upper, first, count);
    }
    densities.end();
  }

  private double[] quantile(double level) {
    return switch (likelihood) {
      case Likelihood.StudentT t ->
          mixtures(new Mixtures.Family.StudentT(t.degreesOfFreedom())).quantile(level);
      case Likelihood.Poisson p -> mixtures(new Mixtures.Family.Poisson()).quantile(level);
      default -> new GaussianMixtures(componentMeans, componentScales, components).quantile(level);
    };
  }

  private Mixtures mixtures(Mixtures.Family family) {
    return new Mixtures(componentMeans, componentScales, components, family);
  }

  @Override
  public Predictions result() {
    Optional<Predictions.Interval> interval =
        hasInterval() ? Optional.of(new Predictions.Interval(lower, upper)) : Optional.empty();
    return new Predictions.Numbers(
        mean, modelVariance, noiseVariance, interval, densities.result());
  }
}
