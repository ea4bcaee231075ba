package dev.elbo.cli;

import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.inference.Predictions;
import dev.elbo.inference.Run;
import dev.elbo.report.PredictionCsv;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elbo predict}: writes a model's predictions for new inputs. */
@Command(
    name = "predict",
    description = "Writes the predictions of a trained model, a CSV row for each row of the data.",
    customSynopsis = "elbo predict DIR <data> [--out FILE.csv] [options]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    sortOptions = false)
final class PredictCommand implements Callable<Integer> {
  private static final String STANDARD_OUTPUT = "-";

  private final Host host;

  @Mixin private final TrainedModel trained = new TrainedModel();

  @Option(
      names = "--out",
      paramLabel = "FILE.csv",
      description = "The file to write, - for standard output. Default: -")
  private Optional<Path> out = Optional.empty();

  @ArgGroup(validate = false, heading = "")
  private final DataFolders folders = new DataFolders();

  @ArgGroup(validate = false, heading = "%nDevice%n")
  private final DeviceOptions deviceOptions = new DeviceOptions();

  PredictCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() throws IOException {
    Run run = trained.read();
    Optional<Path> file = out.filter(path -> !path.toString().equals(STANDARD_OUTPUT));
    file.map(OutputFile::new).ifPresent(OutputFile::check);
    DeviceChoice choice = deviceOptions.choose();
    Examples inputs = folders.datasets(host.variables()).inputs(trained.data, run.schema());
    try (Device device = deviceOptions.open(choice)) {
      host.tell(choice.about());
      Predictions predictions = trained.predictor(device, run).predict(inputs);
      List<String> classes = run.schema().classes();
      if (file.isPresent()) {
        write(predictions, classes, file.get());
        host.tell(inputs.size() + " predictions in " + file.get());
      } else {
        print(predictions, classes);
      }
    }
    return 0;
  }

  private static void write(Predictions predictions, List<String> classes, Path file) {
    new OutputFile(file)
        .write(
            stream -> {
              Writer text =
                  new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
              PredictionCsv.write(predictions, classes, text);
            });
  }

  private void print(Predictions predictions, List<String> classes) throws IOException {
    PredictionCsv.write(predictions, classes, host.out());
    if (host.out().checkError()) {
      throw new FailedException("standard output cannot be written", new IOException());
    }
  }
}
