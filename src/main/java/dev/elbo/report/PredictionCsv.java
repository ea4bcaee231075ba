package dev.elbo.report;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.elbo.inference.Predictions;
import dev.elbo.metric.Classification;
import dev.elbo.metric.LogProbabilities;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Predictions as a CSV table with a header, a row an example.
 *
 * <p>Classes: {@code class}, {@code p_<class>} for every class, {@code entropy} (total, nats) and
 * {@code mutual_information} (of class and weights, nats). Numbers: {@code mean}, {@code std}
 * (total), {@code model_std}, {@code noise_std}, and where the likelihood has quantiles {@code
 * lower_95} and {@code upper_95}, in the user's units.
 */
public final class PredictionCsv {
  private PredictionCsv() {}

  /**
   * Writes the table.
   *
   * @param classes the names of the classes, for classification
   * @throws IOException where writing fails
   */
  public static void write(Predictions predictions, List<String> classes, Writer out)
      throws IOException {
    CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
    switch (predictions) {
      case Predictions.Classes of -> classes(of, classes, csv);
      case Predictions.Numbers of -> numbers(of, csv);
    }
    csv.flush();
  }

  private static void classes(Predictions.Classes predictions, List<String> names, CsvWriter csv) {
    List<String> header = new ArrayList<>(List.of("class"));
    names.forEach(name -> header.add("p_" + name));
    header.addAll(List.of("entropy", "mutual_information"));
    csv.writeRecord(header);
    LogProbabilities log = predictions.logProbabilities();
    double[] entropy = Classification.entropy(log);
    for (int row = 0; row < log.rows(); row++) {
      List<String> fields = new ArrayList<>(List.of(names.get(log.top(row))));
      for (int c = 0; c < names.size(); c++) {
        fields.add(Double.toString(Math.exp(log.at(row, c))));
      }
      fields.add(Double.toString(entropy[row]));
      // Rounding may leave a difference of -1e-17, which a reader would take for an error.
      double information = Math.max(0, entropy[row] - predictions.expectedEntropy()[row]);
      fields.add(Double.toString(information));
      csv.writeRecord(fields);
    }
  }

  private static void numbers(Predictions.Numbers predictions, CsvWriter csv) {
    List<String> header = new ArrayList<>(List.of("mean", "std", "model_std", "noise_std"));
    predictions.interval().ifPresent(i -> header.addAll(List.of("lower_95", "upper_95")));
    csv.writeRecord(header);
    for (int i = 0; i < predictions.mean().length; i++) {
      double model = predictions.modelVariance()[i];
      double noise = predictions.noiseVariance()[i];
      List<String> fields = new ArrayList<>();
      fields.add(Double.toString(predictions.mean()[i]));
      fields.add(Double.toString(Math.sqrt(model + noise)));
      fields.add(Double.toString(Math.sqrt(model)));
      fields.add(Double.toString(Math.sqrt(noise)));
      if (predictions.interval().isPresent()) {
        fields.add(Double.toString(predictions.interval().get().lower()[i]));
        fields.add(Double.toString(predictions.interval().get().upper()[i]));
      }
      csv.writeRecord(fields);
    }
  }
}
