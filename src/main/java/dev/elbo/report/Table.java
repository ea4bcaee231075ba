package dev.elbo.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** Aligned text for people: a row a part of the data, a column a score. */
public final class Table {
  private static final String MISSING = "-";
  private static final String GAP = "  ";

  private final List<String> columns = new ArrayList<>();
  private final List<Map<String, Double>> rows = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  /** Adds a row of named numbers; new names add columns. */
  public Table row(String name, Map<String, Double> values) {
    names.add(name);
    rows.add(values);
    values.keySet().stream().filter(key -> !columns.contains(key)).forEach(columns::add);
    return this;
  }

  /** The lines, the first with the names of the columns; without trailing space. */
  public List<String> lines() {
    List<List<String>> cells = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of(""));
    header.addAll(columns);
    cells.add(header);
    for (int i = 0; i < rows.size(); i++) {
      List<String> line = new ArrayList<>(List.of(names.get(i)));
      for (String column : columns) {
        Double value = rows.get(i).get(column);
        line.add(value == null ? MISSING : format(value));
      }
      cells.add(line);
    }
    return cells.stream().map(line -> aligned(line, cells)).toList();
  }

  /** About five digits, as many as a reader takes in. */
  public static String format(double value) {
    double size = Math.abs(value);
    boolean plain = value == 0 || (size >= 1e-3 && size < 1e7);
    String pattern = !plain ? "%.3e" : size >= 1000 ? "%.1f" : "%.4f";
    return String.format(Locale.ROOT, pattern, value);
  }

  private static String aligned(List<String> line, List<List<String>> cells) {
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < line.size(); c++) {
      int column = c;
      TreeSet<Integer> widths = new TreeSet<>();
      cells.forEach(other -> widths.add(other.get(column).length()));
      String padding = " ".repeat(widths.last() - line.get(c).length());
      text.append(c == 0 ? line.get(c) + padding : GAP + padding + line.get(c));
    }
    return text.toString().stripTrailing();
  }
}
