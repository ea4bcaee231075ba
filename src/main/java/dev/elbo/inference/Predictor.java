package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Hoisted;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Ensemble;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.Network;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Observations;
import dev.elbo.layer.Sampling;
import dev.elbo.random.Noise;
import java.util.Map;

/**
 * The posterior predictive by S samples of the weights, one after the other: memory does not grow
 * with S. The M members of an ensemble are its samples, S = M of them, and are computed at once.
 *
 * <p>log p(y | x) is estimated by logsumexp_s log p(y | x, W_s) - log S. What no noise reaches is
 * computed once for all samples ({@link Hoisted}). Where examples stand alone and there are three
 * samples or more, the results of the layers that see x itself are drawn in place of their weights:
 * for each example that is the same distribution, at a fraction of the work. Sample s of a seed is
 * the same function of x whatever the batch; its values at two examples together are not
 * distributed as those of one network.
 */
public final class Predictor {
  private static final int ROWS = 1000;

  /** From so many samples on they cost more than the two products that give mean and variance. */
  private static final int SAMPLES_OF_ROWS = 3;

  static final String X = "x";
  static final String Y = "y";
  static final String LOCATION = "location";
  static final String LOG_SCALE = "log_scale";
  static final String LOG_LIKELIHOOD = "log_likelihood";

  private final Device device;
  private final Model model;
  private final Map<String, Buffer> parameters;
  private final int samples;
  private final long seed;

  /**
   * A predictor on trained parameters.
   *
   * @param parameters the parameters by name, as {@link Trainer#buffers}; they are read at each
   *     prediction
   * @param samples S
   * @throws IllegalArgumentException when S is not positive, or not what {@link Network#samples}
   *     gives
   */
  public Predictor(
      Device device, Model model, Map<String, Buffer> parameters, int samples, long seed) {
    if (samples < 1) {
      throw new IllegalArgumentException("the number of samples must be positive, got " + samples);
    }
    if (model.network().samples(samples) != samples) {
      int members = model.network().members();
      boolean drawn = model.network().body() instanceof Ensemble all && all.drawn();
      throw new IllegalArgumentException(
          "an ensemble of %d predicts by %s%d samples, got %d"
              .formatted(members, drawn ? "a multiple of " : "", members, samples));
    }
    this.device = device;
    this.model = model;
    this.parameters = parameters;
    this.samples = samples;
    this.seed = seed;
  }

  /**
   * Predicts examples, and where their targets are known the densities of those.
   *
   * @param examples in the user's units
   * @throws IllegalArgumentException when they have other inputs than the network
   */
  public Predictions predict(Examples examples) {
    PredictionAccumulator all = PredictionAccumulator.of(model, examples, samples);
    run(examples, all);
    return all.result();
  }

  private void run(Examples examples, OutputAccumulator all) {
    if (model.network().observations() instanceof Observations.Unlabelled) {
      throw new IllegalArgumentException("the model has no targets to predict");
    }
    model.requireInputs(examples);
    int rows = rows(examples.size());
    int members = model.network().members();
    Hoisted graph = graph(rows);
    try (SampledProgram program = new SampledProgram(device, graph, parameters, seed)) {
      SampledOutputs outputs =
          new SampledOutputs(program, members, graph.each().outputs().containsKey(LOG_SCALE));
      for (int first = 0; first < examples.size(); first += rows) {
        int count = Math.min(rows, examples.size() - first);
        outputs.load(model.standardised(examples, first, count));
        all.begin(first, count);
        program.begin(Noise.PREDICTION);
        program.run(Noise.PREDICTION, 0);
        for (int sample = 0; sample < samples; sample += members) {
          outputs.read();
          // A card computes the next sample while the host adds this one up.
          if (sample + members < samples) {
            program.run(Noise.PREDICTION, sample / members + 1);
          }
          for (int member = 0; member < members; member++) {
            outputs.choose(member);
            all.add(outputs);
          }
        }
        all.end();
      }
    }
  }

  /**
   * Compares predictions with known outcomes; a model of data without targets is evaluated by
   * {@link LatentEvaluator}, with S draws of its latent variables.
   *
   * @param examples in the user's units, with targets where the model has them
   */
  public Evaluation evaluate(Examples examples) {
    if (model.network().observations() instanceof Observations.Unlabelled) {
      return new LatentEvaluator(device, model, parameters, seed).evaluate(examples, samples);
    }
    return evaluate(examples, predict(examples));
  }

  /**
   * Compares predictions that it has made with known outcomes; of a text also in bits, and beside
   * the predictions of one sample and of the network at the posterior's mean.
   *
   * @param examples that the predictions are of, with targets
   */
  public Evaluation evaluate(Examples examples, Predictions predictions) {
    Evaluation evaluation = Evaluation.of(predictions, examples);
    return model.network().observations() instanceof Observations.Sequences
        ? new TextEvaluation(device, model, parameters, seed).of(evaluation, examples)
        : evaluation;
  }

  /**
   * E_q[-log p(y | x, W)], the data term of the ELBO, as {@link Evaluation#expectedNll}.
   *
   * @param examples in the user's units, with targets
   */
  public double expectedNll(Examples examples) {
    return Evaluation.terms(densities(examples)).expectedNll();
  }

  /** What {@link #evaluate} finds, but of the metrics of the task the nll alone: for each epoch. */
  Evaluation terms(Examples examples) {
    return model.network().observations() instanceof Observations.Unlabelled
        ? evaluate(examples)
        : Evaluation.terms(densities(examples));
  }

  private Predictions.Densities densities(Examples examples) {
    DensityAccumulator densities = DensityAccumulator.of(model, examples);
    run(examples, densities);
    return densities.result().orElseThrow();
  }

  /** The rows of a run: whole windows, as many in the last run as in the others where it can be. */
  private int rows(int examples) {
    int window = model.network().observations().window();
    int windows = Math.max(1, examples / window);
    int most = Math.max(1, ROWS / window);
    int runs = (windows + most - 1) / most;
    return (windows + runs - 1) / runs * window;
  }

  private Hoisted graph(int rows) {
    Graph graph = new Graph();
    Value x = graph.input(X, model.network().inputShape(rows));
    Value y = graph.input(Y, model.network().targetShape(rows));
    Sampling one = new Sampling(Estimator.NAIVE, 1, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, rows, one, model.network().prior(), LatentUse.DIVERGENCE);
    Likelihood likelihood = model.network().likelihood();
    Likelihood.Parameters outputs = model.network().build(builder, x);
    graph.output(LOCATION, outputs.location());
    outputs.logScale().ifPresent(scale -> graph.output(LOG_SCALE, scale));
    graph.output(LOG_LIKELIHOOD, likelihood.logLikelihood(graph, outputs, y));
    Graph needed = Schedule.composed(graph);
    boolean alone = model.network().observations().window() == 1;
    return alone && samples >= SAMPLES_OF_ROWS ? Hoisted.ofRows(needed, rows) : Hoisted.of(needed);
  }
}
