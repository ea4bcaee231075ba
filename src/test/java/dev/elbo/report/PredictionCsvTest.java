package dev.elbo.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.inference.Predictions;
import dev.elbo.metric.LogProbabilities;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PredictionCsvTest {
  private static List<String> lines(Predictions predictions, List<String> classes)
      throws IOException {
    StringWriter text = new StringWriter();
    PredictionCsv.write(predictions, classes, text);
    return text.toString().lines().toList();
  }

  @Test
  void classesHaveProbabilitiesAndUncertainty() throws IOException {
    // log 1 = 0 and e^0 = 1 exactly: a certain prediction of the second class.
    LogProbabilities log = new LogProbabilities(new double[] {Double.NEGATIVE_INFINITY, 0}, 2);
    Predictions predictions = new Predictions.Classes(log, new double[] {1e-17}, Optional.empty());
    assertThat(lines(predictions, List.of("a", "b, c")))
        .containsExactly(
            "class,p_a,\"p_b, c\",entropy,mutual_information", "\"b, c\",0.0,1.0,0.0,0.0");
  }

  @Test
  void numbersHaveTheirTwoKindsOfVariance() throws IOException {
    Predictions predictions =
        new Predictions.Numbers(
            new double[] {1.5},
            new double[] {9},
            new double[] {16},
            Optional.of(new Predictions.Interval(new double[] {-8}, new double[] {11})),
            Optional.empty());
    // sqrt(9 + 16) = 5
    assertThat(lines(predictions, List.of()))
        .containsExactly(
            "mean,std,model_std,noise_std,lower_95,upper_95", "1.5,5.0,3.0,4.0,-8.0,11.0");
  }

  @Test
  void withoutQuantilesThereAreNoColumnsForThem() throws IOException {
    Predictions predictions =
        new Predictions.Numbers(
            new double[] {1},
            new double[] {0},
            new double[] {1},
            Optional.empty(),
            Optional.empty());
    assertThat(lines(predictions, List.of()))
        .containsExactly("mean,std,model_std,noise_std", "1.0,1.0,0.0,1.0");
  }
}
