package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Observations;
import dev.elbo.layer.Sampling;
import dev.elbo.random.Noise;
import java.util.Map;

/**
 * What a model with latent variables z makes of draws of them: means E[x | z] of its decoder, in
 * the user's units. Weights with a posterior are drawn with z.
 */
public final class LatentDecoder {
  private static final int ROWS = 100;
  private static final int DRAWS = 32;
  private static final int MOST_DRAWS = 1 << 16;
  private static final String X = "x";
  private static final String LOCATION = "location";

  private final Device device;
  private final Model model;
  private final Map<String, Buffer> parameters;
  private final long seed;

  /**
   * A decoder of trained parameters.
   *
   * @param parameters the parameters by name, as {@link Trainer#buffers}
   * @param seed of the draws
   * @throws IllegalArgumentException when the model has no latent variables
   */
  public LatentDecoder(Device device, Model model, Map<String, Buffer> parameters, long seed) {
    if (!(model.network().observations() instanceof Observations.Unlabelled)) {
      throw new IllegalArgumentException("the model has no latent variables");
    }
    this.device = device;
    this.model = model;
    this.parameters = parameters;
    this.seed = seed;
  }

  /**
   * E[x | z] for z from the prior; the first rows are the same for any count.
   *
   * @param count how many, 1 to 65536
   */
  public Examples generate(int count) {
    checkDraws(count);
    int features = model.network().inputs();
    int draws = Math.min(DRAWS, count);
    float[] result = new float[Math.multiplyExact(count, features)];
    try (Program program = compile(1, draws, LatentUse.PRIOR)) {
      float[] location = new float[draws * features];
      for (int first = 0; first < count; first += draws) {
        program.run(Noise.PREDICTION, first);
        program.output(LOCATION).read(location);
        int rows = Math.min(draws, count - first);
        for (int i = 0; i < rows * features; i++) {
          result[first * features + i] = (float) mean(location[i]);
        }
      }
    }
    return inUserUnits(result);
  }

  /**
   * E[x' | x], the mean over draws z from q(z | x) of E[x' | z].
   *
   * @param examples in the user's units
   * @param samples the draws of z an example, 1 to 65536
   */
  public Examples reconstruct(Examples examples, int samples) {
    checkDraws(samples);
    Examples standardised = model.standardised(examples);
    int features = examples.features();
    int rows = Math.min(ROWS, examples.size());
    int draws = Math.min(DRAWS, samples);
    float[] result = new float[examples.inputs().length];
    try (Program program = compile(rows, draws, LatentUse.DIVERGENCE)) {
      float[] x = new float[rows * features];
      float[] location = new float[draws * rows * features];
      for (int batch = 0; batch * rows < examples.size(); batch++) {
        int first = batch * rows * features;
        int count = Math.min(x.length, result.length - first);
        System.arraycopy(standardised.inputs(), first, x, 0, count);
        program.input(X).write(x);
        double[] sums = new double[count];
        for (int sample = 0; sample < samples; sample += draws) {
          program.run(Noise.evaluation(batch), sample);
          program.output(LOCATION).read(location);
          for (int draw = 0; draw < Math.min(draws, samples - sample); draw++) {
            add(location, draw * x.length, sums);
          }
        }
        for (int i = 0; i < count; i++) {
          result[first + i] = (float) (sums[i] / samples);
        }
      }
    }
    return inUserUnits(result);
  }

  private void add(float[] location, int offset, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += mean(location[offset + i]);
    }
  }

  private double mean(float location) {
    return switch (model.network().likelihood()) {
      case Likelihood.Bernoulli _ -> 1 / (1 + Math.exp(-location));
      case Likelihood.Poisson _ -> Math.exp(location);
      default -> location;
    };
  }

  private Examples inUserUnits(float[] values) {
    model.normalization().inputs().invert(values);
    return new Examples(model.network().inputs(), values, new float[0]);
  }

  private Program compile(int rows, int draws, LatentUse use) {
    Graph graph = new Graph();
    Value x = graph.input(X, model.network().inputShape(rows));
    Sampling sampling = new Sampling(Estimator.NAIVE, draws, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, rows, sampling, model.network().prior(), use);
    graph.output(LOCATION, model.network().build(builder, x).location());
    return device.compile(Schedule.composed(graph), parameters, seed);
  }

  private static void checkDraws(int count) {
    if (count < 1 || count > MOST_DRAWS) {
      throw new IllegalArgumentException(
          "the number of draws must be in 1..%d, got %d".formatted(MOST_DRAWS, count));
    }
  }
}
