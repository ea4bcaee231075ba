package dev.elbo.cli;

import dev.elbo.data.Content;
import dev.elbo.data.Examples;
import dev.elbo.device.Device;
import dev.elbo.inference.LatentDecoder;
import dev.elbo.inference.Run;
import dev.elbo.layer.Observations;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elbo generate}: draws new data from a model. */
@Command(
    name = "generate",
    description =
        "Draws new data from a trained model: continues a text, or decodes latent variables drawn "
            + "from their prior to pictures or rows of a table, the means of the decoder.",
    customSynopsis = {
      "elbo generate DIR --prompt TEXT [options]",
      "       elbo generate DIR [--count N] [--out FILE] [options]"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    sortOptions = false)
final class GenerateCommand implements Callable<Integer> {
  private static final int DRAWS = 64;

  private final Host host;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of a run")
  private Path folder = Path.of("");

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How much is drawn; of a text the characters. Default: 200, of others 64")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--samples",
      paramLabel = "N",
      description =
          "Samples of the weights for a text. Default: as in training (--predict-samples)")
  private Optional<Integer> samples = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the samples and of what is drawn. Default: that of the run")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "File for pictures or rows. Default: samples.png or samples.csv")
  private Optional<Path> out = Optional.empty();

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
    if (run.model().network().observations() instanceof Observations.Unlabelled) {
      decode(run);
    } else if (run.schema().content() instanceof Content.Text) {
      text(directory, run);
    } else {
      throw new IllegalArgumentException(
          folder + ": generate needs a model of texts or one with latent variables (--model vae)");
    }
    return 0;
  }

  private void decode(Run run) {
    prompt.refuse();
    if (samples.isPresent()) {
      throw new IllegalArgumentException("--samples is for texts; --count says how many to draw");
    }
    DecodedFile file = DecodedFile.of(out, "samples", run.schema());
    DeviceChoice choice = deviceOptions.choose();
    try (Device device = deviceOptions.open(choice)) {
      host.tell(choice.about());
      LatentDecoder decoder =
          new LatentDecoder(
              device,
              run.model(),
              TrainedModel.parameters(device, run),
              seed.orElse(run.training().seed()));
      Examples draws = decoder.generate(count.orElse(DRAWS));
      file.write(draws);
      host.tell(draws.size() + " draws in " + file.file());
    }
  }

  private void text(RunDirectory directory, Run run) {
    if (out.isPresent()) {
      throw new IllegalArgumentException("--out is not for texts: they go to standard output");
    }
    float[] start = prompt.encode(run.schema());
    int draws =
        samples.orElseGet(() -> Origin.parse(run.origin(), directory.model()).predictSamples());
    DeviceChoice choice = deviceOptions.choose();
    try (Device device = deviceOptions.open(choice)) {
      host.tell(choice.about());
      host.out().println(prompt.continued(device, run, start, draws, count, seed));
    }
  }
}
