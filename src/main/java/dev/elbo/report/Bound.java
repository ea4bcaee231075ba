package dev.elbo.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The evidence lower bound of a trained model by its parts.
 *
 * @param nll E_q[-log p(y | x, W)], nats per training example
 * @param latentKl KL(q(z | x) || p(z)), nats per training example; empty without latent variables
 * @param kl KL(q || p) of all weights, nats
 * @param klWeight beta
 * @param examples N
 */
public record Bound(
    double nll, Optional<Double> latentKl, double kl, double klWeight, int examples) {
  /** -(nll + beta (KL / N + latentKl)): nats per example. */
  public double elbo() {
    return -(nll + klWeight * (kl / examples + latentKl.orElse(0.0)));
  }

  /** The parts by the names of {@code metrics.json}. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("nll", Metrics.number(nll));
    latentKl.ifPresent(value -> json.put("latent_kl", Metrics.number(value)));
    json.put("kl", Metrics.number(kl));
    json.put("kl_weight", Metrics.number(klWeight));
    json.put("elbo", Metrics.number(elbo()));
    return json;
  }
}
