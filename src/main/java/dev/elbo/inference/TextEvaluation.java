package dev.elbo.inference;

import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How well a network predicts the next character, in nats and bits: by the average over S samples
 * of the weights, by one sample, and by the network at the posterior's mean. A text is read in
 * windows of T characters that follow one another, and a character is predicted from those before
 * it in its window: from none to T - 1.
 */
final class TextEvaluation {
  private static final double BIT = Math.log(2);

  private final Device device;
  private final Model model;
  private final Map<String, Buffer> parameters;
  private final long seed;

  TextEvaluation(Device device, Model model, Map<String, Buffer> parameters, long seed) {
    this.device = device;
    this.model = model;
    this.parameters = parameters;
    this.seed = seed;
  }

  /**
   * Adds to an evaluation by S samples {@code bits}, and where weights have a distribution the nll
   * and bits of one sample, the mean over the S, and of the mean network.
   */
  Evaluation of(Evaluation average, Examples examples) {
    Map<String, Double> metrics = new LinkedHashMap<>(average.metrics());
    metrics.put("bits", average.nll() / BIT);
    try (MeanNetwork mean = new MeanNetwork(device, model, parameters)) {
      if (mean.differs()) {
        put(metrics, "one_sample", average.expectedNll());
        Predictor atMean = new Predictor(device, model, mean.parameters(), 1, seed);
        put(metrics, "mean_network", Evaluation.of(atMean.predict(examples), examples).nll());
      }
    }
    return new Evaluation(average.nll(), average.expectedNll(), average.latentKl(), metrics);
  }

  private static void put(Map<String, Double> metrics, String of, double nll) {
    metrics.put("nll_" + of, nll);
    metrics.put("bits_" + of, nll / BIT);
  }
}
