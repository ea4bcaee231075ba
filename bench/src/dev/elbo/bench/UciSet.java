package dev.elbo.bench;

import dev.elbo.data.Examples;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.zip.GZIPInputStream;

/**
 * A regression set with the standard splits of Hernandez-Lobato and Adams (2015).
 *
 * @param name as published
 * @param examples all rows
 * @param splits train and test rows of each split
 */
record UciSet(String name, Examples examples, List<Split> splits) {
  /** The rows of a split, from 0. */
  record Split(int[] train, int[] test) {}

  /** Reads data.csv.gz, splits.txt.gz and meta.properties of a folder. */
  static UciSet read(Path folder) throws IOException {
    Properties meta = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve("meta.properties"))) {
      meta.load(reader);
    }
    int[] features = integers(meta.getProperty("features"), "[ ,]+");
    int target = Integer.parseInt(meta.getProperty("target").strip());
    List<String> lines = lines(folder.resolve("data.csv.gz"));
    float[] x = new float[lines.size() * features.length];
    float[] y = new float[lines.size()];
    for (int row = 0; row < y.length; row++) {
      String[] fields = lines.get(row).split(",");
      for (int i = 0; i < features.length; i++) {
        x[row * features.length + i] = Float.parseFloat(fields[features[i]]);
      }
      y[row] = Float.parseFloat(fields[target]);
    }
    List<Split> splits = new ArrayList<>();
    List<String> rows = lines(folder.resolve("splits.txt.gz"));
    for (int i = 0; i < rows.size(); i += 2) {
      splits.add(new Split(rowNumbers(rows.get(i)), rowNumbers(rows.get(i + 1))));
    }
    return new UciSet(
        meta.getProperty("name"), new Examples(features.length, x, y), List.copyOf(splits));
  }

  /** "train 3 17 4 ...": the numbers after the word and the split's own. */
  private static int[] rowNumbers(String line) {
    return integers(line.substring(line.indexOf(' ', line.indexOf(' ') + 1) + 1), " ");
  }

  private static int[] integers(String text, String separator) {
    return Arrays.stream(text.strip().split(separator)).mapToInt(Integer::parseInt).toArray();
  }

  private static List<String> lines(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }
}
