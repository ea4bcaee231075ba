package dev.elbo.report;

import dev.elbo.inference.EpochReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The epochs of a run as a CSV table with a header, in nats and the user's units.
 *
 * @param rows one an epoch, in their order
 */
public record History(List<Row> rows) {
  /** No epoch yet. */
  public static final History EMPTY = new History(List.of());

  private static final String HEADER =
      "epoch,nll,latent_kl,kl,kl_weight,elbo,learning_rate,validation,seconds";
  private static final int COLUMNS = 9;

  /**
   * One epoch.
   *
   * @param epoch which, from 1
   * @param nll per example
   * @param latentKl per example; empty without latent variables
   * @param kl of all weights
   * @param klWeight beta
   * @param elbo per example
   * @param learningRate of the last step
   * @param validation the score of early stopping
   * @param seconds of training since the start of the run, pauses left out
   */
  public record Row(
      int epoch,
      double nll,
      Optional<Double> latentKl,
      double kl,
      double klWeight,
      double elbo,
      double learningRate,
      Optional<Double> validation,
      double seconds) {}

  public History {
    rows = List.copyOf(rows);
  }

  /** This history and one more epoch. */
  public History plus(EpochReport epoch, double seconds) {
    List<Row> more = new ArrayList<>(rows);
    more.add(
        new Row(
            epoch.epoch(),
            epoch.nll(),
            epoch.latentKl(),
            epoch.kl(),
            epoch.klWeight(),
            epoch.elbo(),
            epoch.learningRate(),
            epoch.validation(),
            seconds() + seconds));
    return new History(more);
  }

  /** The epochs up to one: those that a checkpoint after it has seen. */
  public History upTo(int epoch) {
    return new History(rows.stream().filter(row -> row.epoch <= epoch).toList());
  }

  /** The seconds of training so far. */
  public double seconds() {
    return rows.isEmpty() ? 0 : rows.getLast().seconds;
  }

  /** The table as text: numbers with all their digits, seconds to the millisecond. */
  public String csv() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    for (Row row : rows) {
      text.append(row.epoch).append(',');
      text.append(row.nll).append(',');
      text.append(optional(row.latentKl)).append(',');
      text.append(row.kl).append(',');
      text.append(row.klWeight).append(',');
      text.append(row.elbo).append(',');
      text.append(row.learningRate).append(',');
      text.append(optional(row.validation)).append(',');
      text.append(String.format(Locale.ROOT, "%.3f", row.seconds)).append('\n');
    }
    return text.toString();
  }

  /**
   * Reads the text of {@link #csv} back.
   *
   * @param where what the text is, to begin messages with
   * @throws IllegalArgumentException naming the row when the text is something else
   */
  public static History parse(String text, String where) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new IllegalArgumentException(where + ": row 1 is not '" + HEADER + "'");
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      rows.add(row(lines.get(i), where + ": row " + (i + 1)));
    }
    return new History(rows);
  }

  private static String optional(Optional<Double> value) {
    return value.map(String::valueOf).orElse("");
  }

  private static Optional<Double> optional(String field) {
    return Optional.of(field).filter(f -> !f.isEmpty()).map(Double::valueOf);
  }

  private static Row row(String line, String where) {
    String[] fields = line.split(",", -1);
    if (fields.length != COLUMNS) {
      throw new IllegalArgumentException(
          where + " has " + fields.length + " fields, not " + COLUMNS);
    }
    try {
      return new Row(
          Integer.parseInt(fields[0]),
          Double.parseDouble(fields[1]),
          optional(fields[2]),
          Double.parseDouble(fields[3]),
          Double.parseDouble(fields[4]),
          Double.parseDouble(fields[5]),
          Double.parseDouble(fields[6]),
          optional(fields[7]),
          Double.parseDouble(fields[8]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(where + " is not numbers: '" + line + "'", e);
    }
  }
}
