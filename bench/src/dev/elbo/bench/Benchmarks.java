package dev.elbo.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * Runs JMH benchmarks and appends what they measured to one CSV file a benchmark class.
 *
 * <p>The arguments are those of JMH, among them a pattern of the benchmarks' names. The property
 * {@code bench.results} is the folder of the files, {@code bench.commit} the commit that was built.
 */
public final class Benchmarks {
  private static final List<String> HEADER =
      List.of("benchmark", "parameters", "mode", "threads", "score", "error", "unit");

  private Benchmarks() {}

  /** Runs the benchmarks that match and writes their rows. */
  public static void main(String[] args)
      throws CommandLineOptionException, RunnerException, IOException {
    Path folder = Path.of(System.getProperty("bench.results"));
    Provenance provenance =
        Provenance.ofThisMachine(
            System.getProperty("bench.commit"), LocalDate.now(ZoneOffset.UTC).toString());
    Collection<RunResult> results = new Runner(new CommandLineOptions(args)).run();
    Map<String, List<List<String>>> rowsOfClass =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> className(result.getParams()),
                    TreeMap::new,
                    Collectors.mapping(Benchmarks::row, Collectors.toList())));
    for (Map.Entry<String, List<List<String>>> rows : rowsOfClass.entrySet()) {
      ResultsFile file = new ResultsFile(folder.resolve(rows.getKey() + ".csv"), HEADER);
      file.append(rows.getValue(), provenance);
    }
  }

  private static List<String> row(RunResult run) {
    BenchmarkParams params = run.getParams();
    Result<?> result = run.getPrimaryResult();
    return List.of(
        lastPart(params.getBenchmark()),
        params.getParamsKeys().stream()
            .map(key -> key + "=" + params.getParam(key))
            .collect(Collectors.joining(" ")),
        params.getMode().shortLabel(),
        String.valueOf(params.getThreads()),
        String.valueOf(result.getScore()),
        String.valueOf(result.getScoreError()),
        result.getScoreUnit());
  }

  /** The simple name of the class of a benchmark, whose name is package.Class.method. */
  private static String className(BenchmarkParams params) {
    String method = params.getBenchmark();
    return lastPart(method.substring(0, method.lastIndexOf('.')));
  }

  private static String lastPart(String qualified) {
    return qualified.substring(qualified.lastIndexOf('.') + 1);
  }
}
