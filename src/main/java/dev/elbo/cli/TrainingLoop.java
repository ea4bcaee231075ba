package dev.elbo.cli;

import dev.elbo.device.Device;
import dev.elbo.inference.EpochReport;
import dev.elbo.inference.Evaluation;
import dev.elbo.inference.Model;
import dev.elbo.inference.NonFiniteException;
import dev.elbo.inference.PosteriorDivergence;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.Run;
import dev.elbo.inference.State;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Observations;
import dev.elbo.report.Bound;
import dev.elbo.report.History;
import dev.elbo.report.Metrics;
import dev.elbo.report.Table;
import java.util.List;
import java.util.Optional;

/**
 * Trains a model epoch by epoch, saves it on the way, and evaluates it at the end.
 *
 * @param origin what the run file notes of where the run came from
 * @param predictSamples S of the evaluation
 * @param checkpointEvery epochs between two saves
 */
record TrainingLoop(
    Host host,
    Device device,
    RunDirectory directory,
    TrainingData data,
    Model model,
    Training training,
    String origin,
    int predictSamples,
    int checkpointEvery) {

  /**
   * Trains from the start.
   *
   * @param introduction what the user is told when all is known to fit
   */
  void start(List<String> introduction) {
    try (Trainer trainer = trainer()) {
      State state = trainer.state();
      directory.begin(run(state));
      try (RunLock _ = directory.lock()) {
        host.tell(introduction);
        train(trainer, state, History.EMPTY);
      }
    }
  }

  /** Goes on from a state. */
  void resume(State state) {
    try (RunLock _ = directory.lock();
        Trainer trainer = trainer()) {
      trainer.restore(state);
      directory.clean();
      History history = directory.history().upTo(trainer.epoch());
      if (trainer.finished()) {
        host.tell(
            "the run in %s is finished, after %d of %d epochs"
                .formatted(directory.folder(), trainer.epoch(), training.epochs()));
        if (!directory.hasMetrics()) {
          finish(trainer, history);
        }
      } else {
        host.tell("going on after epoch " + trainer.epoch());
        train(trainer, state, history);
      }
    }
  }

  private Trainer trainer() {
    return new Trainer(device, model, training, data.train(), data.validation());
  }

  private Run run(State state) {
    return new Run(model, data.schema(), training, data.train().size(), state, origin);
  }

  /** Trains to the end; the tensors of the state are used for those to come. */
  private void train(Trainer trainer, State begun, History before) {
    State state = begun;
    History history = before;
    BackgroundSave saving = new BackgroundSave(directory, trainer.epoch());
    try (saving;
        Progress progress = new Progress(host, trainer, training.epochs(), data.train().size())) {
      while (!trainer.finished()) {
        long start = System.nanoTime();
        EpochReport epoch = trainer.epochOfSteps();
        double seconds = (System.nanoTime() - start) * 1e-9;
        history = history.plus(epoch, seconds);
        if (trainer.finished() || epoch.epoch() % checkpointEvery == 0) {
          saving.finish();
          state = trainer.stateInto(state);
          saving.begin(run(state), history, epoch.epoch());
        }
        progress.epoch(epoch, seconds);
      }
    } catch (NonFiniteException e) {
      throw new FailedException(
          "%s; the checkpoint after epoch %d is kept in %s"
              .formatted(e.getMessage(), saving.epoch(), directory.folder()),
          e);
    }
    finish(trainer, history);
  }

  private void finish(Trainer trainer, History history) {
    trainer.restoreBest();
    trainer.state().best().ifPresent(b -> host.tell("the best is that of epoch " + b.epoch()));
    host.tell("evaluating by " + predictSamples + " samples");
    Predictor predictor = predictor(trainer, predictSamples);
    int boundSamples = Math.min(predictSamples, TrainDefaults.boundSamples(data.train().size()));
    Predictor ofBound = predictor(trainer, model.network().samples(boundSamples));
    double kl =
        PosteriorDivergence.of(device, model, trainer.buffers(), predictSamples, training.seed());
    int examples = data.train().size();
    double klWeight = training.objective().klWeight(trainer.epoch());
    Bound bound = bound(ofBound, kl, klWeight);
    Metrics metrics =
        new Metrics(
            data.schema().task(),
            device.name(),
            training.seed(),
            examples,
            trainer.epoch(),
            history.seconds(),
            bound,
            data.validation().map(predictor::evaluate),
            data.test().map(predictor::evaluate));
    directory.saveMetrics(metrics.json());
    tell(metrics);
  }

  private static String divergences(Bound bound) {
    String weights = "kl %s / %d".formatted(Table.format(bound.kl()), bound.examples());
    return bound
        .latentKl()
        .map(kl -> "(latent_kl %s + %s)".formatted(Table.format(kl), weights))
        .orElse(weights);
  }

  private Bound bound(Predictor predictor, double kl, double klWeight) {
    int examples = data.train().size();
    if (model.network().observations() instanceof Observations.Unlabelled) {
      Evaluation scores = predictor.evaluate(data.train());
      return new Bound(scores.expectedNll(), scores.latentKl(), kl, klWeight, examples);
    }
    double nll = predictor.expectedNll(data.train());
    return new Bound(nll, Optional.empty(), kl, klWeight, examples);
  }

  private Predictor predictor(Trainer trainer, int samples) {
    return new Predictor(device, model, trainer.buffers(), samples, training.seed());
  }

  private void tell(Metrics metrics) {
    Bound bound = metrics.train();
    host.tell(
        "trained %d epochs on %d examples in %.1f s (%,.0f examples/s)"
            .formatted(
                metrics.epochs(),
                metrics.trainingExamples(),
                metrics.seconds(),
                metrics.examplesPerSecond()));
    host.tell(
        "elbo %s = -(nll %s + kl_weight %s * %s)"
            .formatted(
                Table.format(bound.elbo()),
                Table.format(bound.nll()),
                bound.klWeight(),
                divergences(bound)));
    Table table = new Table();
    metrics.validation().ifPresent(scores -> table.row("validation", scores.metrics()));
    metrics.test().ifPresent(scores -> table.row("test", scores.metrics()));
    if (metrics.validation().isPresent() || metrics.test().isPresent()) {
      host.tell(table.lines());
    }
  }
}
