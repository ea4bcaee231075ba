package dev.elbo.bench.peers;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A contender in a process of its own, told by lines what to do: "results FILE" writes them, "steps
 * SECONDS" answers with the median of a step in seconds, "peak" with its peak of resident memory in
 * bytes. Answers are lines that begin with {@link #ANSWER}.
 */
public final class ContenderProcess {
  static final String ANSWER = "answer ";
  private static final int MOST = 100_000;

  private ContenderProcess() {}

  /** Arguments: the contender, the case, the threads. */
  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Contender contender =
        Contender.of(args[0], Work.parse(args[1]), Integer.parseInt(args[2]))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] words = line.split(" ");
        String answer =
            switch (words[0]) {
              case "results" -> write(contender.results(), Path.of(words[1]));
              case "steps" -> String.valueOf(median(contender, Double.parseDouble(words[1])));
              case "peak" -> String.valueOf(peak());
              default -> throw new IllegalArgumentException(line);
            };
        System.out.println(ANSWER + answer);
      }
    }
  }

  private static String write(List<float[]> tensors, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(tensors.size());
      for (float[] tensor : tensors) {
        out.writeInt(tensor.length);
        for (float value : tensor) {
          out.writeFloat(value);
        }
      }
    }
    return file.toString();
  }

  private static double median(Contender contender, double seconds) {
    double[] times = new double[MOST];
    int count = 0;
    long start = System.nanoTime();
    while (count < MOST && (count < 3 || (System.nanoTime() - start) * 1e-9 < seconds)) {
      long before = System.nanoTime();
      contender.step();
      times[count++] = (System.nanoTime() - before) * 1e-9;
    }
    Arrays.sort(times, 0, count);
    return times[count / 2];
  }

  private static long peak() throws IOException {
    String line =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(l -> l.startsWith("VmHWM"))
            .findFirst()
            .orElseThrow();
    return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
  }
}
