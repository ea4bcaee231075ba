package dev.elbo.cli;

import dev.elbo.checkpoint.RecordJson;
import dev.elbo.data.Dataset;
import dev.elbo.data.Datasets;
import dev.elbo.data.Task;
import dev.elbo.device.cuda.Precision;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a run file notes of the command that started it: all that opens the same data again, and
 * what decides its results but is no part of model and training. Threads and folders of results are
 * not.
 *
 * @param data the name of a built-in set, or an absolute path
 * @param dataDir the folder of built-in sets, absolute
 * @param target the column to predict in a CSV file
 * @param test the CSV file to test with, absolute
 * @param task what the target of a CSV file is
 * @param validationFraction the part of the examples set apart
 * @param predictSamples S of evaluation and prediction
 * @param device the device it runs on
 * @param precision the operands of its matrix products
 */
record Origin(
    String data,
    Optional<String> dataDir,
    Optional<String> target,
    Optional<String> test,
    Optional<Task> task,
    double validationFraction,
    int predictSamples,
    String device,
    Precision precision) {

  /** Reads what a run file notes. */
  static Origin parse(String json, Path file) {
    return RecordJson.read(Origin.class, json, file + ": origin");
  }

  /** The text for a run file. */
  String json() {
    return RecordJson.write(this);
  }

  /** The same with absolute paths, so that it holds in any current folder. */
  Origin absolute(Datasets datasets) {
    return new Origin(
        datasets.builtIn().has(data) ? data : absolute(data),
        dataDir.map(Origin::absolute),
        target,
        test.map(Origin::absolute),
        task,
        validationFraction,
        predictSamples,
        device,
        precision);
  }

  /** The same with another number of samples. */
  Origin withPredictSamples(int samples) {
    return new Origin(
        data, dataDir, target, test, task, validationFraction, samples, device, precision);
  }

  private static String absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize().toString();
  }

  /** Opens the data. */
  Dataset open(Datasets datasets) {
    return datasets.open(data, new Datasets.Options(target, task, test.map(Path::of)));
  }
}
