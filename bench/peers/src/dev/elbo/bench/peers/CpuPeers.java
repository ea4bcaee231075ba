package dev.elbo.bench.peers;

import dev.elbo.bench.Provenance;
import dev.elbo.bench.ResultsFile;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All contenders on this machine: what they compute is compared first, then come rounds in which
 * each runs in turn, so that what else the machine does meets all of them.
 */
public final class CpuPeers {
  private static final String ELBO = "elbo";
  private static final List<String> HEADER =
      List.of(
          "case",
          "threads",
          "contender",
          "median_ms",
          "lowest_ms",
          "highest_ms",
          "over_elbo",
          "over_elbo_lowest",
          "over_elbo_highest",
          "peak_mb",
          "error");

  /**
   * Of the Euclidean norm of a tensor, a gradient for example. Sums in another order differ by
   * 1e-6; but a hidden unit so near to 0 that its ReLU differs changes the gradient by an example's
   * share.
   */
  private static final double TOLERANCE = 2e-3;

  /** Options of Java by contender; those of Elbo are the launcher's. */
  private static final Map<String, List<String>> CONTENDERS = new LinkedHashMap<>();

  static {
    CONTENDERS.put(ELBO, List.of("@ci/java.options", "-XX:+UseTransparentHugePages"));
    CONTENDERS.put("libtorch", List.of());
    // JavaCPP puts MKL in the place of OpenBLAS, in the folder that it unpacks libraries to.
    CONTENDERS.put(
        "libtorch-mkl",
        List.of(
            "-Dorg.bytedeco.openblas.load=mkl",
            "-Dorg.bytedeco.javacpp.cachedir=" + Path.of("target", "javacpp-mkl")));
    CONTENDERS.put("djl", List.of());
  }

  /** DJL's arrays lose memory that a graph still needs when Java collects garbage. */
  private static final List<String> WITHOUT_COLLECTOR =
      List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+UseEpsilonGC", "-Xmx8g");

  private static final double WARMUP_SECONDS = 10;
  private static final double ROUND_SECONDS = 1;

  private final String problem;
  private final int threads;
  private final Map<String, Child> children = new LinkedHashMap<>();

  private CpuPeers(String problem, int threads) {
    this.problem = problem;
    this.threads = threads;
  }

  /** A process and the lines that it reads and writes. */
  private record Child(Process process, BufferedWriter to, BufferedReader from) {
    String ask(String line) throws IOException {
      to.write(line + "\n");
      to.flush();
      for (String answer = from.readLine(); answer != null; answer = from.readLine()) {
        if (answer.startsWith(ContenderProcess.ANSWER)) {
          return answer.substring(ContenderProcess.ANSWER.length());
        }
      }
      throw new IOException("a contender has ended before its answer to '" + line + "'");
    }

    void end() throws IOException, InterruptedException {
      to.close();
      process.waitFor();
    }
  }

  /** Arguments: threads, rounds, cases as {@link Work#parse} reads them. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    ResultsFile results =
        new ResultsFile(Path.of(System.getProperty("bench.results"), "cpu.csv"), HEADER);
    for (String problem : Arrays.asList(args).subList(2, args.length)) {
      CpuPeers peers = new CpuPeers(problem, Integer.parseInt(args[0]));
      List<List<String>> rows = peers.run(Integer.parseInt(args[1]));
      rows.forEach(row -> System.out.println(String.join(" ", row)));
      results.append(rows, provenance);
    }
  }

  private List<List<String>> run(int rounds) throws IOException, InterruptedException {
    Map<String, Double> errors = errors();
    try {
      for (var contender : CONTENDERS.entrySet()) {
        children.put(contender.getKey(), start(contender.getKey(), contender.getValue()));
      }
      Map<String, List<Double>> times = new LinkedHashMap<>();
      for (var child : children.entrySet()) {
        child.getValue().ask("steps " + WARMUP_SECONDS);
        times.put(child.getKey(), new ArrayList<>());
      }
      for (int round = 0; round < rounds; round++) {
        for (var child : children.entrySet()) {
          String answer = child.getValue().ask("steps " + ROUND_SECONDS);
          times.get(child.getKey()).add(Double.valueOf(answer));
        }
      }
      List<List<String>> rows = new ArrayList<>();
      for (String name : CONTENDERS.keySet()) {
        rows.add(row(name, times.get(name), times.get(ELBO), errors.get(name)));
      }
      return rows;
    } finally {
      for (Child child : children.values()) {
        child.end();
      }
    }
  }

  private Child start(String name, List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            ContenderProcess.class.getName(),
            name,
            problem,
            String.valueOf(threads)));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    // libtorch's threads else burn the time of others while they wait, and its own.
    builder.environment().put("OMP_WAIT_POLICY", "passive");
    builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
    // Large pages for its tensors, as Elbo's heap has them.
    builder.environment().put("THP_MEM_ALLOC_ENABLE", "1");
    Process process = builder.start();
    return new Child(
        process,
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8)),
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
  }

  /** The largest distance from one of Elbo's tensors, over its norm. */
  private Map<String, Double> errors() throws IOException, InterruptedException {
    Map<String, List<float[]>> results = new LinkedHashMap<>();
    for (var contender : CONTENDERS.entrySet()) {
      String name = contender.getKey();
      Path file = Files.createTempFile("results", ".bin");
      // Elbo needs no more than its own: until its loops are compiled their vectors are garbage.
      List<String> options = new ArrayList<>(name.equals(ELBO) ? List.of() : WITHOUT_COLLECTOR);
      options.addAll(contender.getValue());
      Child child = start(name, options);
      child.ask("results " + file);
      child.end();
      results.put(name, read(file));
      Files.delete(file);
    }
    Map<String, Double> errors = new LinkedHashMap<>();
    for (String name : CONTENDERS.keySet()) {
      double error = error(results.get(ELBO), results.get(name));
      if (!(error <= TOLERANCE)) {
        throw new IllegalStateException(
            "%s: what %s computes is off by %.2e".formatted(problem, name, error));
      }
      errors.put(name, error);
    }
    return errors;
  }

  private static List<float[]> read(Path file) throws IOException {
    List<float[]> all = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      int tensors = in.readInt();
      for (int t = 0; t < tensors; t++) {
        float[] values = new float[in.readInt()];
        for (int i = 0; i < values.length; i++) {
          values[i] = in.readFloat();
        }
        all.add(values);
      }
    }
    return all;
  }

  private static double error(List<float[]> expected, List<float[]> actual) {
    double worst = 0;
    for (int t = 0; t < expected.size(); t++) {
      double square = 0;
      double difference = 0;
      for (int i = 0; i < expected.get(t).length; i++) {
        square += Math.pow(expected.get(t)[i], 2);
        difference += Math.pow(expected.get(t)[i] - actual.get(t)[i], 2);
      }
      worst = Math.max(worst, Math.sqrt(difference / square));
    }
    return worst;
  }

  private List<String> row(String name, List<Double> times, List<Double> elbo, double error)
      throws IOException {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      ratios.add(times.get(i) / elbo.get(i));
    }
    List<Double> sorted = times.stream().sorted().toList();
    List<Double> sortedRatios = ratios.stream().sorted().toList();
    long peak = Long.parseLong(children.get(name).ask("peak"));
    return List.of(
        problem,
        String.valueOf(threads),
        name,
        three(1e3 * sorted.get(sorted.size() / 2)),
        three(1e3 * sorted.getFirst()),
        three(1e3 * sorted.getLast()),
        two(sortedRatios.get(sortedRatios.size() / 2)),
        two(sortedRatios.getFirst()),
        two(sortedRatios.getLast()),
        String.valueOf(Math.round(peak * 1e-6)),
        String.format(Locale.ROOT, "%.1e", error));
  }

  private static String three(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
