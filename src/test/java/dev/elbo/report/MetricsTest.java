package dev.elbo.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.data.Task;
import dev.elbo.inference.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final Bound BOUND = new Bound(0.25, Optional.empty(), 100, 0.5, 200);

  @Test
  void theBoundIsThatOfTheDesign() {
    // -(0.25 + 0.5 * 100 / 200)
    assertThat(BOUND.elbo()).isEqualTo(-0.5);
  }

  @Test
  void jsonHasTheKeysOfTheDesign() {
    Map<String, Double> scores = new LinkedHashMap<>();
    scores.put("accuracy", 0.75);
    scores.put("nll", Double.POSITIVE_INFINITY);
    Metrics metrics =
        new Metrics(
            Task.CLASSIFICATION,
            "cpu",
            7,
            200,
            3,
            1.5,
            BOUND,
            Optional.empty(),
            Optional.of(new Evaluation(1, 1, Optional.empty(), scores)));
    assertThat(metrics.json())
        .isEqualTo(
            """
            {
              "task": "classification",
              "device": "cpu",
              "seed": 7,
              "n_train": 200,
              "seconds": 1.5,
              "examples_per_second": 400.0,
              "train": {
                "nll": 0.25,
                "kl": 100.0,
                "kl_weight": 0.5,
                "elbo": -0.5
              },
              "test": {
                "accuracy": 0.75,
                "nll": null
              },
              "complete": true
            }
            """);
  }

  @Test
  void validationIsThereWhereThereIsOne() {
    Metrics metrics =
        new Metrics(
            Task.REGRESSION,
            "cpu",
            7,
            200,
            3,
            0,
            BOUND,
            Optional.of(new Evaluation(1, 1, Optional.empty(), Map.of("rmse", 2.0))),
            Optional.empty());
    assertThat(metrics.json())
        .contains("\"validation\": {\n    \"rmse\": 2.0\n  }", "\"examples_per_second\": 0.0")
        .doesNotContain("\"test\"");
  }
}
