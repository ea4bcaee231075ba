package dev.elbo.device.cpu;

import dev.elbo.device.SpecialFunctions;
import dev.elbo.graph.LogLikelihood;

/** The log density of one target given one output, for likelihoods that factor over columns. */
interface Density {
  /** log p(y | output, log_scale). */
  double value(double output, double logScale, double y);

  /** Its derivative in the output. */
  double outputSlope(double output, double logScale, double y);

  /** Its derivative in log_scale; 0 where there is none. */
  default double scaleSlope(double output, double logScale, double y) {
    return 0;
  }

  /** The density of a likelihood. */
  static Density of(LogLikelihood op) {
    return switch (op) {
      case LogLikelihood.Categorical categorical ->
          throw new IllegalArgumentException(op.name() + " does not factor over columns");
      case LogLikelihood.Bernoulli bernoulli ->
          throw new IllegalArgumentException(op.name() + " has a kernel of its own");
      case LogLikelihood.Gaussian gaussian -> new Gaussian();
      case LogLikelihood.StudentT(double degrees) -> StudentT.of(degrees);
      case LogLikelihood.Poisson poisson -> new Poisson();
    };
  }

  /** -z²/2 - log scale - log(2 pi)/2, z = (y - mean) / scale. */
  record Gaussian() implements Density {
    private static final double HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

    @Override
    public double value(double mean, double logScale, double y) {
      double z = (y - mean) * Math.exp(-logScale);
      return -0.5 * z * z - logScale - HALF_LOG_2_PI;
    }

    @Override
    public double outputSlope(double mean, double logScale, double y) {
      return (y - mean) * Math.exp(-2 * logScale);
    }

    @Override
    public double scaleSlope(double mean, double logScale, double y) {
      double z = (y - mean) * Math.exp(-logScale);
      return z * z - 1;
    }
  }

  /** constant - log scale - (nu+1)/2·log(1 + z²/nu). */
  record StudentT(double degrees, double constant) implements Density {
    static StudentT of(double degrees) {
      double constant =
          SpecialFunctions.logGamma((degrees + 1) / 2)
              - SpecialFunctions.logGamma(degrees / 2)
              - 0.5 * Math.log(degrees * Math.PI);
      return new StudentT(degrees, constant);
    }

    @Override
    public double value(double location, double logScale, double y) {
      double z = (y - location) * Math.exp(-logScale);
      return constant - logScale - (degrees + 1) / 2 * Math.log1p(z * z / degrees);
    }

    @Override
    public double outputSlope(double location, double logScale, double y) {
      double inverse = Math.exp(-logScale);
      double z = (y - location) * inverse;
      return (degrees + 1) / (degrees + z * z) * z * inverse;
    }

    @Override
    public double scaleSlope(double location, double logScale, double y) {
      double z = (y - location) * Math.exp(-logScale);
      return (degrees + 1) / (degrees + z * z) * z * z - 1;
    }
  }

  /** y·log_rate - e^log_rate - log y!. */
  record Poisson() implements Density {
    @Override
    public double value(double logRate, double logScale, double y) {
      return y * logRate - Math.exp(logRate) - SpecialFunctions.logGamma(y + 1);
    }

    @Override
    public double outputSlope(double logRate, double logScale, double y) {
      return y - Math.exp(logRate);
    }
  }
}
