package dev.elbo.report;

import dev.elbo.checkpoint.RecordJson;
import dev.elbo.data.Task;
import dev.elbo.inference.Evaluation;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a finished run came to: the content of {@code metrics.json}.
 *
 * @param task what the targets are
 * @param device where it ran
 * @param seed of the run
 * @param trainingExamples N
 * @param epochs the epochs it was trained
 * @param seconds of training, evaluations left out
 * @param train the bound on the training examples
 * @param validation scores on the validation examples, where there are any
 * @param test scores on the test examples, where there are any
 */
public record Metrics(
    Task task,
    String device,
    long seed,
    int trainingExamples,
    int epochs,
    double seconds,
    Bound train,
    Optional<Evaluation> validation,
    Optional<Evaluation> test) {

  /** Training examples a second; 0 where no time was taken. */
  public double examplesPerSecond() {
    return seconds > 0 ? (double) epochs * trainingExamples / seconds : 0;
  }

  /** The metrics as indented JSON; a number that is not finite is null. */
  public String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("task", name(task));
    json.put("device", device);
    json.put("seed", seed);
    json.put("n_train", trainingExamples);
    json.put("seconds", number(seconds));
    json.put("examples_per_second", number(examplesPerSecond()));
    json.put("train", train.json());
    validation.ifPresent(scores -> json.put("validation", numbers(scores.metrics())));
    test.ifPresent(scores -> json.put("test", numbers(scores.metrics())));
    json.put("complete", true);
    return RecordJson.writePretty(json);
  }

  /** The name of a task in files. */
  public static String name(Task task) {
    return task.name().toLowerCase(Locale.ROOT);
  }

  /** Named numbers as JSON takes them. */
  public static Map<String, Object> numbers(Map<String, Double> named) {
    Map<String, Object> json = new LinkedHashMap<>();
    named.forEach((name, value) -> json.put(name, number(value)));
    return json;
  }

  /** A number as JSON takes it: JSON has no NaN and no infinity. */
  static Optional<Double> number(double value) {
    return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
  }
}
