package dev.elbo.cli;

import dev.elbo.data.Schema;
import dev.elbo.data.TextReader;
import dev.elbo.device.Device;
import dev.elbo.inference.Run;
import dev.elbo.inference.TextGenerator;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of {@code elbo generate} about texts. */
final class PromptOptions {
  private static final int CHARACTERS = 200;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "The text to continue")
  private Optional<String> prompt = Optional.empty();

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "1.0",
      description =
          "Probabilities are raised to the power of 1/X: likely characters become more likely "
              + "below 1. Default: ${DEFAULT-VALUE}")
  private double temperature;

  /** Refuses a prompt for what is no text. */
  void refuse() {
    if (prompt.isPresent()) {
      throw new IllegalArgumentException("--prompt is for models of texts, this is none");
    }
  }

  /** The indices of the prompt's characters. */
  float[] encode(Schema schema) {
    Check.positive("--temperature", temperature);
    String text =
        prompt
            .filter(given -> !given.isEmpty())
            .orElseThrow(
                () -> new IllegalArgumentException("--prompt is missing: the text to continue"));
    return TextReader.encode(text, schema, "--prompt");
  }

  /** The prompt and what follows it. */
  String continued(
      Device device,
      Run run,
      float[] start,
      int samples,
      Optional<Integer> count,
      Optional<Long> seed) {
    StringBuilder text = new StringBuilder(prompt.orElseThrow());
    try (TextGenerator generator =
        new TextGenerator(
            device,
            run.model(),
            TrainedModel.parameters(device, run),
            samples,
            seed.orElse(run.training().seed()))) {
      for (int character : generator.generate(start, count.orElse(CHARACTERS), temperature)) {
        text.append(run.schema().classes().get(character));
      }
    }
    return text.toString();
  }
}
