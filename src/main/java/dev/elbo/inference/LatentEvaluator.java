package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.layer.LatentUse;
import dev.elbo.metric.RunningLogMeanExp;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * How well a model with latent variables z explains examples, in nats an example and the user's
 * units. Draws are streamed: memory does not grow with their number. Every batch of examples has
 * noise of its own. Weights with a posterior are drawn with z, a new draw for each batch and
 * sample.
 */
public final class LatentEvaluator {
  private final Device device;
  private final Model model;
  private final Map<String, Buffer> parameters;
  private final long seed;

  /**
   * An evaluator of trained parameters.
   *
   * @param parameters the parameters by name, as {@link Trainer#buffers}; they are read at each
   *     evaluation
   */
  public LatentEvaluator(Device device, Model model, Map<String, Buffer> parameters, long seed) {
    this.device = device;
    this.model = model;
    this.parameters = parameters;
    this.seed = seed;
  }

  /**
   * The evidence lower bound by its parts, and log p(x).
   *
   * @param samples the draws of z an example, for both
   * @throws IllegalArgumentException when the model has no latent variables, or other inputs
   */
  public Evaluation evaluate(Examples examples, int samples) {
    double logLikelihood = mean(logLikelihood(examples, samples, done -> {}));
    Evaluation bound = bound(examples, samples);
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("log_likelihood", logLikelihood);
    metrics.putAll(bound.metrics());
    return new Evaluation(-logLikelihood, bound.expectedNll(), bound.latentKl(), metrics);
  }

  /**
   * The evidence lower bound: {@code elbo = -(nll + latent_kl)} with nll = E_q[-log p(x | z)] from
   * samples, and latent_kl = KL(q(z | x) || p(z)) in closed form, of several layers also each,
   * {@code latent_kl_1} next to the data. The KL of weights is not in it.
   *
   * @param samples the draws of z an example
   */
  public Evaluation bound(Examples examples, int samples) {
    Sums sums = new Sums();
    run(examples, samples, LatentUse.DIVERGENCE, sums, done -> {});
    double draws = (double) samples * examples.size();
    double nll = -sums.logLikelihood / draws;
    double latentKl = Arrays.stream(sums.terms).sum() / draws;
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("elbo", -(nll + latentKl));
    metrics.put("nll", nll);
    metrics.put("latent_kl", latentKl);
    int layers = sums.terms.length;
    for (int i = 1; layers > 1 && i <= layers; i++) {
      metrics.put("latent_kl_" + i, sums.terms[layers - i] / draws);
    }
    return new Evaluation(nll, nll, Optional.of(latentKl), metrics);
  }

  /**
   * log p(x) of each example, estimated by importance sampling from q: log 1/k sum_i p(x, z_i) /
   * q(z_i | x), a lower bound on average that rises to log p(x) with k (Burda et al. 2016, section
   * 5).
   *
   * @param samples k
   * @param done is told how many examples are done, batch after batch
   */
  public double[] logLikelihood(Examples examples, int samples, IntConsumer done) {
    double[] result = new double[examples.size()];
    run(examples, samples, LatentUse.RATIO, new Means(result), done);
    return result;
  }

  private void run(
      Examples examples, int samples, LatentUse use, LatentRun.Accumulator to, IntConsumer done) {
    Examples standardised = model.standardised(examples);
    try (LatentRun run =
        new LatentRun(device, model, parameters, seed, use, examples.size(), samples)) {
      run.all(standardised, to, done);
    }
  }

  /** The sums over examples and draws. */
  private static final class Sums implements LatentRun.Accumulator {
    private double logLikelihood;
    private double[] terms = {};

    @Override
    public void begin(int first, int count) {}

    @Override
    public void add(double[] batch, double[][] batchTerms) {
      logLikelihood += Arrays.stream(batch).sum();
      terms = terms.length == 0 ? new double[batchTerms.length] : terms;
      for (int i = 0; i < terms.length; i++) {
        terms[i] += Arrays.stream(batchTerms[i]).sum();
      }
    }

    @Override
    public void end() {}
  }

  /** The log of the mean over draws of the importance weights of each example. */
  private static final class Means implements LatentRun.Accumulator {
    private final double[] result;
    private RunningLogMeanExp mean = new RunningLogMeanExp(1);
    private int first;

    Means(double[] result) {
      this.result = result;
    }

    @Override
    public void begin(int firstExample, int count) {
      first = firstExample;
      mean = new RunningLogMeanExp(count);
    }

    @Override
    public void add(double[] logLikelihood, double[][] ratios) {
      double[] logWeights = logLikelihood.clone();
      for (double[] ratio : ratios) {
        for (int i = 0; i < ratio.length; i++) {
          logWeights[i] += ratio[i];
        }
      }
      mean.add(logWeights);
    }

    @Override
    public void end() {
      double[] batch = mean.result();
      System.arraycopy(batch, 0, result, first, batch.length);
    }
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }
}
