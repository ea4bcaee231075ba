package dev.elbo.cli;

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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elbo reconstruct}: shows what an autoencoder keeps of examples. */
@Command(
    name = "reconstruct",
    description =
        "Writes examples with what an autoencoder makes of their latent variables: pictures as a "
            + "PNG, each above its reconstruction; a table as CSV, with further columns.",
    customSynopsis = "elbo reconstruct DIR <data> [--out FILE] [options]",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    sortOptions = false)
final class ReconstructCommand implements Callable<Integer> {
  private static final int PICTURES = 32;

  private final Host host;

  @Mixin private final TrainedModel trained = new TrainedModel();

  @Option(
      names = "--count",
      paramLabel = "N",
      description =
          "How many examples, all over the data. Default: 32 pictures, or all rows of a table")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The file to write. Default: pairs.png or pairs.csv")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--seed", paramLabel = "N", description = "Default: that of the run")
  private Optional<Long> seed = Optional.empty();

  @ArgGroup(validate = false, heading = "")
  private final DataFolders folders = new DataFolders();

  @ArgGroup(validate = false, heading = "%nDevice%n")
  private final DeviceOptions deviceOptions = new DeviceOptions();

  ReconstructCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    count.ifPresent(n -> Check.atLeast("--count", 1, n));
    Run run = trained.read();
    if (!(run.model().network().observations() instanceof Observations.Unlabelled)) {
      throw new IllegalArgumentException(
          trained.folder + ": reconstruct needs a model with latent variables (--model vae)");
    }
    DecodedFile file = DecodedFile.of(out, "pairs", run.schema());
    DeviceChoice choice = deviceOptions.choose();
    Examples all = folders.datasets(host.variables()).test(trained.data, run.schema());
    int shown = count.orElse(run.schema().hasImages() ? PICTURES : all.size());
    Examples examples = Spread.of(all, shown);
    try (Device device = deviceOptions.open(choice)) {
      host.tell(choice.about());
      LatentDecoder decoder =
          new LatentDecoder(
              device,
              run.model(),
              TrainedModel.parameters(device, run),
              seed.orElse(run.training().seed()));
      file.write(examples, decoder.reconstruct(examples, trained.samples(run)));
    }
    host.tell(examples.size() + " reconstructions in " + file.file());
    return 0;
  }
}
