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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * The training step on the CPU beside its floor: the sum of its arithmetic, its memory and its
 * noise at the rates that the machine has in the same minute. Rounds take turns.
 *
 * <p>Arithmetic is that of the products, input gradients but of the first layer. Memory is that of
 * the update: mu, log_sigma and four averages read and written, 48 bytes a weight. Noise is one
 * normal a weight and sample.
 */
public final class CpuFloor {
  private static final int ROUNDS = 9;
  private static final double RATES_SECONDS = 1.5;
  private static final double STEP_SECONDS = 1;
  private static final double WARMUP_SECONDS = 8;
  private static final int STATE_BYTES = 48;
  private static final int MOST = 10_000;
  private static final List<String> HEADER =
      List.of(
          "case",
          "threads",
          "gflops",
          "gb_s",
          "normals_g_s",
          "floor_ms",
          "step_ms",
          "over_floor",
          "over_floor_lowest",
          "over_floor_highest");

  private CpuFloor() {}

  /** Arguments: threads, cases such as 784-400-400-10@128x1:f32. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Path file = Path.of(System.getProperty("bench.results"), "CpuFloor.csv");
    for (String text : Arrays.asList(args).subList(1, args.length)) {
      List<String> row = row(StepCase.parse(text), Integer.parseInt(args[0]));
      System.out.println(String.join(" ", row));
      new ResultsFile(file, HEADER).append(List.of(row), provenance);
    }
  }

  private static List<String> row(StepCase step, int threads)
      throws InterruptedException, ExecutionException {
    StepGraph graph = StepGraph.of(step);
    List<CpuRates> rates = new ArrayList<>();
    List<Double> floors = new ArrayList<>();
    List<Double> times = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    try (Device device = new CpuDevice(threads);
        Program program =
            graph.program(device, Schedule.fused(graph.graph()), graph.state(device))) {
      seconds(program, 1, WARMUP_SECONDS);
      CpuRates.measure(threads, RATES_SECONDS);
      for (int round = 0; round < ROUNDS; round++) {
        CpuRates now = CpuRates.measure(threads, RATES_SECONDS);
        double time = seconds(program, 1, STEP_SECONDS);
        rates.add(now);
        floors.add(seconds(step, now));
        times.add(time);
        ratios.add(time / floors.getLast());
      }
    }
    return List.of(
        step.toString(),
        String.valueOf(threads),
        number(1e-9 * median(rates.stream().map(CpuRates::flops).toList())),
        number(1e-9 * median(rates.stream().map(CpuRates::bytes).toList())),
        number(1e-9 * median(rates.stream().map(CpuRates::normals).toList())),
        number(1e3 * median(floors)),
        number(1e3 * median(times)),
        number(median(ratios)),
        number(ratios.stream().min(Double::compare).orElseThrow()),
        number(ratios.stream().max(Double::compare).orElseThrow()));
  }

  private static double seconds(Program program, int first, double seconds) {
    return StepTimes.of(first, MOST, seconds, step -> program.run(step, 0), () -> {}).median();
  }

  private static double seconds(StepCase step, CpuRates rates) {
    double rows = (double) step.batch() * step.samples();
    double sum = 0;
    for (int layer = 0; layer < step.layers(); layer++) {
      double weights = step.weights(layer);
      sum += (layer == 0 ? 4 : 6) * weights * rows / rates.flops();
      sum += STATE_BYTES * weights / rates.bytes();
      sum += weights * step.samples() / rates.normals();
    }
    return sum;
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
