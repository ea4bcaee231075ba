package dev.elbo.cli;

import dev.elbo.checkpoint.RecordJson;
import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.inference.LatentEvaluator;
import dev.elbo.inference.Run;
import dev.elbo.report.Metrics;
import dev.elbo.report.Table;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells how well a model with latent variables explains examples.
 *
 * @param json only on standard output, for machines
 * @param part how the examples are called
 * @param samples draws of the ELBO
 * @param importanceSamples draws of log p(x)
 */
record LatentReport(Host host, boolean json, String part, int samples, int importanceSamples) {
  /** Evaluates and tells. */
  void tell(Device device, Run run, Examples examples) {
    LatentEvaluator evaluator =
        new LatentEvaluator(
            device, run.model(), TrainedModel.parameters(device, run), run.training().seed());
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put("log_likelihood", logLikelihood(evaluator, examples));
    scores.putAll(evaluator.bound(examples, samples).metrics());
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("task", Metrics.name(run.schema().task()));
    report.put("device", device.name());
    report.put("samples", samples);
    report.put("importance_samples", importanceSamples);
    report.put("n", examples.size());
    report.put(part, Metrics.numbers(scores));
    if (!json) {
      host.tell(new Table().row(part, scores).lines());
    }
    host.out().print(RecordJson.writePretty(report));
  }

  private double logLikelihood(LatentEvaluator evaluator, Examples examples) {
    long start = System.nanoTime();
    boolean[] told = new boolean[1];
    double[] logs =
        evaluator.logLikelihood(
            examples,
            importanceSamples,
            done -> {
              if (!json && !told[0] && done < examples.size()) {
                double seconds = (System.nanoTime() - start) * 1e-9;
                long left = Math.round(seconds * (examples.size() - done) / done);
                host.tell(
                    "log p(x) by %d importance samples: about %d:%02d left"
                        .formatted(importanceSamples, left / 60, left % 60));
              }
              told[0] = true;
            });
    return Arrays.stream(logs).average().orElseThrow();
  }
}
