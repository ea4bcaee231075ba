package dev.elbo.cli;

import dev.elbo.data.Content;
import dev.elbo.device.Device;
import dev.elbo.inference.Run;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elbo generate}: draws new data from a model. */
@Command(
    name = "generate",
    description = "Draws new data from a trained model: continues a text.",
    customSynopsis = "elbo generate DIR --prompt TEXT [options]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
  private final Host host;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of a run")
  private Path folder = Path.of("");

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How much is drawn; of a text the characters. Default: 200")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Samples of the weights. Default: as in training (--predict-samples)")
  private Optional<Integer> samples = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the samples and of what is drawn. Default: that of the run")
  private OptionalLong seed = OptionalLong.empty();

  @ArgGroup(validate = false, heading = "%nText%n")
  private final PromptOptions prompt = new PromptOptions();

  @ArgGroup(validate = false, heading = "%nDevice%n")
  private final DeviceOptions deviceOptions = new DeviceOptions();

  GenerateCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    count.ifPresent(n -> Check.atLeast("--count", 1, n));
    samples.ifPresent(n -> Check.atLeast("--samples", 1, n));
    RunDirectory directory = RunDirectory.existing(folder);
    Run run = directory.read();
    if (!(run.schema().content() instanceof Content.Text)) {
      throw new IllegalArgumentException(
          folder + ": is no model of texts, which is what generate continues");
    }
    float[] start = prompt.encode(run.schema());
    int draws =
        samples.orElseGet(() -> Origin.parse(run.origin(), directory.model()).predictSamples());
    DeviceChoice choice = deviceOptions.choose();
    try (Device device = deviceOptions.open(choice)) {
      host.tell(choice.about());
      host.out().println(prompt.continued(device, run, start, draws, count, seed));
    }
    return 0;
  }
}
