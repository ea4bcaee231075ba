package dev.elbo.cli;

import dev.elbo.graph.Function;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of models made of perceptrons. */
final class HiddenOptions {
  /** After each hidden layer. */
  enum Activation {
    RELU(Function.RELU),
    GELU(Function.GELU),
    TANH(Function.TANH);

    private final Function function;

    Activation(Function function) {
      this.function = function;
    }
  }

  @Option(
      names = "--hidden",
      paramLabel = "N,N,...|none",
      converter = Widths.Converter.class,
      description = "Units of the hidden layers. Default: " + TrainDefaults.HIDDEN_RULE)
  Optional<Widths> hidden = Optional.empty();

  @Option(
      names = "--activation",
      paramLabel = "relu|gelu|tanh",
      description = "After each hidden layer. Default: relu, in a vae gelu")
  Optional<Activation> activation = Optional.empty();

  /** What follows each hidden layer. */
  Function activation(Activation byDefault) {
    return activation.orElse(byDefault).function;
  }
}
