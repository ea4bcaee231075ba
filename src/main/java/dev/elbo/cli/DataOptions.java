package dev.elbo.cli;

import dev.elbo.data.Task;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code elbo train} about data. */
final class DataOptions {
  @Option(
      names = "--target",
      paramLabel = "NAME|INDEX",
      description =
          "Column to predict in a CSV file, indices from 0; with a vae one to leave out. "
              + "Default: the last; with a vae none")
  Optional<String> target = Optional.empty();

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "CSV file of the same columns, or .txt, to test with")
  Optional<Path> test = Optional.empty();

  @Option(
      names = "--task",
      paramLabel = "classification|regression|density-estimation",
      description =
          "What is learned; density-estimation leaves targets out. Default: guessed from the "
              + "target of a CSV file, and told; density-estimation with a vae")
  Optional<Task> task = Optional.empty();

  @Option(
      names = "--validation-fraction",
      paramLabel = "F",
      defaultValue = TrainDefaults.VALIDATION_FRACTION,
      description =
          "Part of the training examples set apart for validation. Default: ${DEFAULT-VALUE}")
  double validationFraction;
}
