package dev.elbo.bench;

import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.graph.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * How the time of a training step on the CPU grows with what it is made of, one thing at a time:
 * the exponent is the slope of the logarithm of time over that of the size, by least squares. Cases
 * of a series take turns.
 */
public final class CpuScaling {
  private static final int ROUNDS = 5;
  private static final double SECONDS = 0.7;
  private static final double WARMUP_SECONDS = 5;
  private static final int MOST = 10_000;
  private static final List<String> HEADER =
      List.of("varied", "size", "case", "threads", "median_us", "exponent");

  private CpuScaling() {}

  private record Case(int size, String step, int threads) {}

  private record Series(String varied, List<Case> cases) {
    static Series of(String varied, int[] sizes, IntFunction<String> step) {
      int all = Runtime.getRuntime().availableProcessors();
      return new Series(
          varied,
          IntStream.of(sizes).mapToObj(size -> new Case(size, step.apply(size), all)).toList());
    }
  }

  private static List<Series> series() {
    int[] threads = IntStream.rangeClosed(1, Runtime.getRuntime().availableProcessors()).toArray();
    String wide = "784-1200-1200-10@128x1:f32";
    return List.of(
        Series.of(
            "width",
            new int[] {128, 256, 512, 1024, 2048},
            width -> "%d-%d-%d-10@128x1:f32".formatted(width, width, width)),
        Series.of(
            "depth",
            new int[] {1, 2, 4, 8, 16},
            depth -> "512" + String.join("", Collections.nCopies(depth, "-512")) + "-10@128x1:f32"),
        Series.of(
            "batch",
            new int[] {32, 64, 128, 256, 512, 1024, 2048},
            batch -> "784-400-400-10@%dx1:f32".formatted(batch)),
        Series.of(
            "samples",
            new int[] {1, 2, 4, 8, 16},
            samples -> "784-400-400-10@128x%d:f32".formatted(samples)),
        new Series(
            "threads",
            IntStream.of(threads).mapToObj(count -> new Case(count, wide, count)).toList()));
  }

  /** No arguments. */
  public static void main(String[] args) throws IOException {
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results"), "CpuScaling.csv");
    for (Series series : series()) {
      List<List<String>> rows = rows(series);
      rows.forEach(row -> System.out.println(String.join(" ", row)));
      new ResultsFile(file, HEADER).append(rows, provenance);
    }
  }

  /** A step that can be run again and again. */
  private record Timed(Device device, Program program) {
    static Timed of(Case c) {
      Device device = new CpuDevice(c.threads());
      StepGraph graph = StepGraph.of(StepCase.parse(c.step()));
      return new Timed(
          device, graph.program(device, Schedule.fused(graph.graph()), graph.state(device)));
    }

    double seconds(double most) {
      return StepTimes.of(1, MOST, most, step -> program.run(step, 0), () -> {}).median();
    }

    void close() {
      program.close();
      device.close();
    }
  }

  private static List<List<String>> rows(Series series) {
    List<Timed> timed = series.cases().stream().map(Timed::of).toList();
    timed.forEach(one -> one.seconds(WARMUP_SECONDS));
    List<List<Double>> times =
        timed.stream().map(one -> (List<Double>) new ArrayList<Double>()).toList();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < timed.size(); i++) {
        times.get(i).add(timed.get(i).seconds(SECONDS));
      }
    }
    timed.forEach(Timed::close);
    double[] medians =
        times.stream().mapToDouble(all -> all.stream().sorted().toList().get(ROUNDS / 2)).toArray();
    String exponent = String.format(Locale.ROOT, "%.2f", exponent(series.cases(), medians));
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < medians.length; i++) {
      Case c = series.cases().get(i);
      rows.add(
          List.of(
              series.varied(),
              String.valueOf(c.size()),
              c.step(),
              String.valueOf(c.threads()),
              String.format(Locale.ROOT, "%.1f", 1e6 * medians[i]),
              exponent));
    }
    return rows;
  }

  private static double exponent(List<Case> cases, double[] times) {
    int n = times.length;
    double[] x = cases.stream().mapToDouble(c -> Math.log(c.size())).toArray();
    double[] y = IntStream.range(0, n).mapToDouble(i -> Math.log(times[i])).toArray();
    double meanX = IntStream.range(0, n).mapToDouble(i -> x[i]).sum() / n;
    double meanY = IntStream.range(0, n).mapToDouble(i -> y[i]).sum() / n;
    double covariance =
        IntStream.range(0, n).mapToDouble(i -> (x[i] - meanX) * (y[i] - meanY)).sum();
    double variance = IntStream.range(0, n).mapToDouble(i -> Math.pow(x[i] - meanX, 2)).sum();
    return covariance / variance;
  }
}
