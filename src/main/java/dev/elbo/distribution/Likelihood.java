package dev.elbo.distribution;

import dev.elbo.graph.Graph;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.Rearrangement.SliceColumns;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.Optional;

/**
 * p(y | outputs of the network): how many outputs it takes, and its log-density. Targets are a
 * matrix [B, columns]; densities are summed over columns, in nats.
 */
public sealed interface Likelihood {
  /** The parameters of the distribution, as the network gives them: a row an example and sample. */
  record Parameters(Value location, Optional<Value> logScale) {}

  /** How many columns the targets have. */
  int targets();

  /** How many outputs the network has. */
  default int outputs() {
    return targets();
  }

  /** Whether targets are real numbers, which have a unit; others are counts or probabilities. */
  boolean continuous();

  /** Splits the network's outputs, and adds what is learned beside them. */
  default Parameters parameters(Graph graph, ParameterSource source, Value outputs) {
    return new Parameters(outputs, Optional.empty());
  }

  /** log p(y | outputs), one number a row. */
  Value logLikelihood(Graph graph, Parameters parameters, Value targets);

  /**
   * Classes 0..C-1 with probabilities softmax(outputs).
   *
   * @param classes C, at least 2
   */
  record Categorical(int classes) implements Likelihood {
    public Categorical {
      if (classes < 2) {
        throw new IllegalArgumentException("classification needs 2 classes, got " + classes);
      }
    }

    @Override
    public boolean continuous() {
      return false;
    }

    @Override
    public int targets() {
      return 1;
    }

    @Override
    public int outputs() {
      return classes;
    }

    @Override
    public Value logLikelihood(Graph graph, Parameters parameters, Value targets) {
      return graph.add(new LogLikelihood.Categorical(), parameters.location(), targets);
    }
  }

  /** Independent yes/no columns with probabilities sigmoid(outputs); targets in 0..1. */
  record Bernoulli(int targets) implements Likelihood {
    public Bernoulli {
      Domain.atLeastOne("the number of targets", targets);
    }

    @Override
    public boolean continuous() {
      return false;
    }

    @Override
    public Value logLikelihood(Graph graph, Parameters parameters, Value targets) {
      return graph.add(new LogLikelihood.Bernoulli(), parameters.location(), targets);
    }
  }

  /** Counts with rates e^outputs. */
  record Poisson(int targets) implements Likelihood {
    public Poisson {
      Domain.atLeastOne("the number of targets", targets);
    }

    @Override
    public boolean continuous() {
      return false;
    }

    @Override
    public Value logLikelihood(Graph graph, Parameters parameters, Value targets) {
      return graph.add(new LogLikelihood.Poisson(), parameters.location(), targets);
    }
  }

  /** Normal(output, scale²) with the scale known. */
  record GaussianKnown(int targets, double scale) implements Likelihood {
    public GaussianKnown {
      Domain.atLeastOne("the number of targets", targets);
      Domain.positive("the noise scale", scale);
    }

    @Override
    public boolean continuous() {
      return true;
    }

    @Override
    public Parameters parameters(Graph graph, ParameterSource source, Value outputs) {
      Value logScale = graph.constant(Math.log(scale), Shape.of(targets));
      return new Parameters(outputs, Optional.of(logScale));
    }

    @Override
    public Value logLikelihood(Graph graph, Parameters parameters, Value targets) {
      return located(graph, new LogLikelihood.Gaussian(), parameters, targets);
    }
  }

  /** Normal(output, scale²), one scale a column, learned with the weights (homoscedastic). */
  record GaussianLearned(int targets, double initialScale) implements Likelihood {
    public GaussianLearned {
      Domain.atLeastOne("the number of targets", targets);
      Domain.positive("the initial noise scale", initialScale);
    }

    @Override
    public boolean continuous() {
      return true;
    }

    @Override
    public Parameters parameters(Graph graph, ParameterSource source, Value outputs) {
      return learnedScale(source, outputs, targets, initialScale);
    }

    @Override
    public Value logLikelihood(Graph graph, Parameters parameters, Value targets) {
      return located(graph, new LogLikelihood.Gaussian(), parameters, targets);
    }
  }

  /**
   * Normal(mean, scale²) with mean and log scale both outputs (heteroscedastic; Nix, Weigend 1994).
   */
  record GaussianHeteroscedastic(int targets) implements Likelihood {
    public GaussianHeteroscedastic {
      Domain.atLeastOne("the number of targets", targets);
    }

    @Override
    public boolean continuous() {
      return true;
    }

    @Override
    public int outputs() {
      return 2 * targets;
    }

    @Override
    public Parameters parameters(Graph graph, ParameterSource source, Value outputs) {
      Value mean = graph.add(new SliceColumns(0, targets), outputs);
      Value logScale = graph.add(new SliceColumns(targets, targets), outputs);
      return new Parameters(mean, Optional.of(logScale));
    }

    @Override
    public Value logLikelihood(Graph graph, Parameters parameters, Value targets) {
      return located(graph, new LogLikelihood.Gaussian(), parameters, targets);
    }
  }

  /** Student-t around the output, with heavy tails: one scale a column, learned. */
  record StudentT(int targets, double degreesOfFreedom, double initialScale) implements Likelihood {
    public StudentT {
      Domain.atLeastOne("the number of targets", targets);
      Domain.positive("the degrees of freedom", degreesOfFreedom);
      Domain.positive("the initial noise scale", initialScale);
    }

    @Override
    public boolean continuous() {
      return true;
    }

    @Override
    public Parameters parameters(Graph graph, ParameterSource source, Value outputs) {
      return learnedScale(source, outputs, targets, initialScale);
    }

    @Override
    public Value logLikelihood(Graph graph, Parameters parameters, Value targets) {
      return located(graph, new LogLikelihood.StudentT(degreesOfFreedom), parameters, targets);
    }
  }

  private static Parameters learnedScale(
      ParameterSource source, Value outputs, int targets, double initialScale) {
    Value logScale =
        source.point("likelihood.log_scale", Shape.of(targets), Math.log(initialScale));
    return new Parameters(outputs, Optional.of(logScale));
  }

  private static Value located(Graph graph, LogLikelihood op, Parameters parameters, Value y) {
    return graph.add(op, parameters.location(), parameters.logScale().orElseThrow(), y);
  }
}
