package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Reduction.SumColumns;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Latent;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Sampling;
import dev.elbo.random.Noise;
import java.util.Map;
import java.util.function.IntConsumer;

/** Draws the latent variables of examples again and again, some samples of some examples a run. */
final class LatentRun implements AutoCloseable {
  private static final int ROWS = 100;

  /** Divides the number of sample addresses, so that the last run stays within them. */
  private static final int DRAWS = 32;

  private static final int MOST_SAMPLES = 1 << 16;
  private static final String X = "x";
  private static final String LOG_LIKELIHOOD = "log_likelihood";
  private static final String TERM = "term.";

  private final Program program;
  private final double logUnit;
  private final int samples;
  private final int draws;
  private final int rows;
  private final float[] x;
  private final float[] logLikelihood;
  private final float[][] terms;

  /** What is done with draws. */
  interface Accumulator {
    /** Begins a batch of examples. */
    void begin(int first, int count);

    /**
     * Takes one draw.
     *
     * @param logLikelihood log p(x | z) of each example of the batch, in the user's units
     * @param terms by stochastic layer in the order of drawing, of each example: the divergence or
     *     the log ratio, summed over dimensions
     */
    void add(double[] logLikelihood, double[][] terms);

    /** Ends the batch. */
    void end();
  }

  /**
   * Prepares the runs.
   *
   * @param examples how many there are
   * @param samples the draws of each
   * @throws IllegalArgumentException when the model has no latent variables, or samples are not in
   *     1..65536
   */
  LatentRun(
      Device device,
      Model model,
      Map<String, Buffer> parameters,
      long seed,
      LatentUse use,
      int examples,
      int samples) {
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw new IllegalArgumentException(
          "the number of samples must be in 1..%d, got %d".formatted(MOST_SAMPLES, samples));
    }
    this.samples = samples;
    draws = Math.min(DRAWS, samples);
    rows = Math.min(ROWS, examples);
    logUnit = model.logUnit();
    Graph graph = new Graph();
    int layers = build(graph, model, use);
    program = device.compile(Schedule.composed(graph), parameters, seed);
    x = array(program.input(X));
    logLikelihood = array(program.output(LOG_LIKELIHOOD));
    terms = new float[layers][];
    for (int i = 0; i < layers; i++) {
      terms[i] = array(program.output(TERM + i));
    }
  }

  private int build(Graph graph, Model model, LatentUse use) {
    Value input = graph.input(X, model.network().inputShape(rows));
    Sampling sampling = new Sampling(Estimator.NAIVE, draws, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, rows, sampling, model.network().prior(), use);
    Likelihood.Parameters outputs = model.network().build(builder, input);
    if (builder.latents().isEmpty()) {
      throw new IllegalArgumentException("the model has no latent variables");
    }
    graph.output(LOG_LIKELIHOOD, model.network().likelihood().logLikelihood(graph, outputs, input));
    int layers = 0;
    for (Latent latent : builder.latents()) {
      graph.output(TERM + layers++, graph.add(new SumColumns(), latent.term()));
    }
    return layers;
  }

  /**
   * Draws for all examples.
   *
   * @param examples in model units
   * @param done is told how many examples are done, batch after batch
   */
  void all(Examples examples, Accumulator to, IntConsumer done) {
    int features = examples.features();
    for (int batch = 0; batch * rows < examples.size(); batch++) {
      int first = batch * rows;
      int count = Math.min(rows, examples.size() - first);
      // In a short batch, rows of the one before follow and are not looked at.
      System.arraycopy(examples.inputs(), first * features, x, 0, count * features);
      program.input(X).write(x);
      to.begin(first, count);
      for (int sample = 0; sample < samples; sample += draws) {
        program.run(Noise.evaluation(batch), sample);
        read();
        for (int draw = 0; draw < Math.min(draws, samples - sample); draw++) {
          to.add(draw(logLikelihood, draw, count, -logUnit), terms(draw, count));
        }
      }
      to.end();
      done.accept(first + count);
    }
  }

  private void read() {
    program.output(LOG_LIKELIHOOD).read(logLikelihood);
    for (int i = 0; i < terms.length; i++) {
      program.output(TERM + i).read(terms[i]);
    }
  }

  private double[][] terms(int draw, int count) {
    double[][] result = new double[terms.length][];
    for (int i = 0; i < terms.length; i++) {
      // A divergence that is the same for all draws has a row an example.
      boolean shared = terms[i].length == rows;
      result[i] = draw(terms[i], shared ? 0 : draw, count, 0);
    }
    return result;
  }

  private double[] draw(float[] values, int draw, int count, double plus) {
    double[] result = new double[count];
    for (int i = 0; i < count; i++) {
      result[i] = values[draw * rows + i] + plus;
    }
    return result;
  }

  private static float[] array(Buffer buffer) {
    return new float[buffer.shape().elements()];
  }

  @Override
  public void close() {
    program.close();
  }
}
