package dev.elbo.inference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Sampling;
import dev.elbo.metric.LogSpace;
import dev.elbo.metric.RunningLogMeanExp;
import dev.elbo.random.Noise;
import java.util.Arrays;
import java.util.Map;

/**
 * Continues texts: each character is drawn from the posterior predictive given the last T before
 * it, the mean over S samples of the weights, which are the same for the whole text.
 */
public final class TextGenerator implements AutoCloseable {
  private static final double WORDS = 0x1p32;

  private final Program program;
  private final int samples;
  private final long seed;
  private final float[] window;
  private final float[] logits;

  /**
   * A generator on trained parameters.
   *
   * @param parameters the parameters by name, as {@link Trainer#buffers}
   * @param samples S
   * @param seed of the weights' samples and of the characters
   * @throws IllegalArgumentException when S is not positive
   */
  public TextGenerator(
      Device device, Model model, Map<String, Buffer> parameters, int samples, long seed) {
    if (samples < 1) {
      throw new IllegalArgumentException("the number of samples must be positive, got " + samples);
    }
    this.samples = samples;
    this.seed = seed;
    int length = model.network().observations().window();
    window = new float[length];
    logits = new float[length * model.network().likelihood().outputs()];
    program = device.compile(graph(model, length), parameters, seed);
  }

  private static Graph graph(Model model, int length) {
    Graph graph = new Graph();
    Value x = graph.input(Predictor.X, model.network().inputShape(length));
    Sampling one = new Sampling(Estimator.NAIVE, 1, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, length, one, model.network().prior(), LatentUse.DIVERGENCE);
    graph.output(Predictor.LOCATION, model.network().build(builder, x).location());
    return Schedule.composed(graph);
  }

  /**
   * The characters that follow.
   *
   * @param prompt the indices of at least one character
   * @param count how many are drawn
   * @param temperature the predictive is raised to the power of its inverse: below 1 likely
   *     characters become more likely
   * @return the indices of the new characters
   * @throws IllegalArgumentException when the prompt is empty or the temperature not positive
   */
  public int[] generate(float[] prompt, int count, double temperature) {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("a prompt needs at least one character");
    }
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new IllegalArgumentException("the temperature must be positive, got " + temperature);
    }
    float[] text = Arrays.copyOf(prompt, Math.addExact(prompt.length, count));
    Noise noise = new Noise(seed, Noise.GENERATION_SITE, 0, Noise.PREDICTION);
    int[] drawn = new int[count];
    for (int i = 0; i < count; i++) {
      int end = prompt.length + i;
      double uniform = (Integer.toUnsignedLong(noise.bits(i)) + 0.5) / WORDS;
      drawn[i] = draw(next(text, end), temperature, uniform);
      text[end] = drawn[i];
    }
    return drawn;
  }

  /** The log-probabilities of the character after the first {@code end}. */
  private double[] next(float[] text, int end) {
    int known = Math.min(window.length, end);
    // What follows the last character is not looked at by those before it.
    System.arraycopy(text, end - known, window, 0, known);
    program.input(Predictor.X).write(window);
    int characters = logits.length / window.length;
    RunningLogMeanExp mean = new RunningLogMeanExp(characters);
    for (int sample = 0; sample < samples; sample++) {
      program.run(Noise.PREDICTION, sample);
      program.output(Predictor.LOCATION).read(logits);
      mean.add(logProbabilities((known - 1) * characters, characters));
    }
    return mean.result();
  }

  private double[] logProbabilities(int at, int characters) {
    double[] logs = new double[characters];
    for (int c = 0; c < characters; c++) {
      logs[c] = logits[at + c];
    }
    double total = LogSpace.logSumExp(logs);
    for (int c = 0; c < characters; c++) {
      logs[c] -= total;
    }
    return logs;
  }

  /** The first index at which the cumulative probability is above a uniform number. */
  private static int draw(double[] logProbabilities, double temperature, double uniform) {
    double[] scaled = Arrays.stream(logProbabilities).map(log -> log / temperature).toArray();
    double total = LogSpace.logSumExp(scaled);
    double cumulative = 0;
    for (int c = 0; c < scaled.length; c++) {
      cumulative += Math.exp(scaled[c] - total);
      if (uniform < cumulative) {
        return c;
      }
    }
    return scaled.length - 1;
  }

  @Override
  public void close() {
    program.close();
  }
}
