package dev.elbo.inference;

import dev.elbo.device.Device;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Training runs of a moment of networks whose weights, or most of them, are points. */
final class PointRuns {
  private PointRuns() {}

  /** A network and the samples of a step. */
  record Case(String name, Network network, int samples) {
    Objective objective() {
      return Objective.of(new Sampling(Estimator.NAIVE, samples, false), 1, 0);
    }

    /** Batches of 20 of 80 examples, by Adam. */
    Trainer trainer(Device device, int epochs) {
      Training plain = SmallEnsembles.training(epochs, 11, Optimizer.Adam.of(0.01));
      Model model = SmallEnsembles.model(network);
      return new Trainer(
          device, model, plain.with(objective()), SmallRuns.examples(), Optional.empty());
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> all() {
    int inputs = SmallRuns.FEATURES;
    List<Integer> hidden = List.of(17, 6);
    Likelihood classes = new Likelihood.Categorical(SmallRuns.CLASSES);
    Likelihood numbers = new Likelihood.GaussianLearned(1, 0.5);
    Network point = Mlp.deterministic(inputs, hidden, Function.TANH, classes);
    Network dropout = Mlp.dropout(inputs, hidden, Function.TANH, classes, 0.3);
    Network last =
        Mlp.lastLayer(
            inputs,
            hidden,
            Function.TANH,
            numbers,
            new Prior.LearnedGaussian(0.7),
            new GaussianPosterior(-2));
    Network deep = Mlp.deterministic(inputs, hidden, Function.TANH, numbers).withPointPrior(0.5);
    return Stream.of(
        new Case("points with a prior", point.withPointPrior(0.3), 1),
        new Case("dropout", dropout, 1),
        new Case("dropout, three samples, a prior", dropout.withPointPrior(0.4), 3),
        new Case("last layer, two samples", last, 2),
        new Case("last layer, a prior for the points", last.withPointPrior(0.5), 1),
        new Case("ensemble", point.ensemble(3), 1),
        new Case("ensemble with noise scales and a prior", deep.ensemble(2), 1));
  }
}
