package dev.elbo.cli;

import dev.elbo.data.Schema;
import dev.elbo.model.Transformer;
import picocli.CommandLine.Option;

/** The options of transformers. */
final class TransformerOptions {
  @Option(
      names = "--context",
      paramLabel = "T",
      defaultValue = TrainDefaults.CONTEXT,
      description = "Characters of a window; --batch counts windows. Default: ${DEFAULT-VALUE}")
  int context;

  @Option(
      names = "--layers",
      paramLabel = "L",
      defaultValue = TrainDefaults.LAYERS,
      description = "Blocks of attention and MLP. Default: ${DEFAULT-VALUE}")
  int layers;

  @Option(
      names = "--width",
      paramLabel = "N",
      defaultValue = TrainDefaults.WIDTH,
      description = "Columns between blocks. Default: ${DEFAULT-VALUE}")
  int width;

  @Option(
      names = "--heads",
      paramLabel = "H",
      defaultValue = TrainDefaults.HEADS,
      description = "Heads of each attention, a divisor of the width. Default: ${DEFAULT-VALUE}")
  int heads;

  /** Refuses numbers that make no model. */
  void check() {
    Check.atLeast("--context", 1, context);
    Check.atLeast("--layers", 1, layers);
    Check.atLeast("--width", 1, width);
    Check.atLeast("--heads", 1, heads);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "--width %d cannot be shared by --heads %d".formatted(width, heads));
    }
  }

  /**
   * The windows of a text.
   *
   * @param characters to train with
   * @throws IllegalArgumentException when there is not one
   */
  int windows(int characters, String name) {
    if (characters < context) {
      throw new IllegalArgumentException(
          "--context %d: %s has %d characters to train with, fewer than one window"
              .formatted(context, name, characters));
    }
    return characters / context;
  }

  /** The sizes for a text. */
  Transformer.Size size(Schema schema) {
    return new Transformer.Size(schema.classes().size(), context, layers, width, heads);
  }
}
