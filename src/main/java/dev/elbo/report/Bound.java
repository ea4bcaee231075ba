package dev.elbo.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The evidence lower bound of a trained model by its parts.
 *
 * @param nll E_q[-log p(y | x, W)], nats per training example
 * @param kl KL(q || p) of all weights, nats
 * @param klWeight beta
 * @param examples N
 */
public record Bound(double nll, double kl, double klWeight, int examples) {
  /** -(nll + beta KL / N): nats per example. */
  public double elbo() {
    return -(nll + klWeight * kl / examples);
  }

  /** The parts by the names of {@code metrics.json}. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("nll", Metrics.number(nll));
    json.put("kl", Metrics.number(kl));
    json.put("kl_weight", Metrics.number(klWeight));
    json.put("elbo", Metrics.number(elbo()));
    return json;
  }
}
