package dev.elbo.bench;

import dev.elbo.device.cuda.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A training step that is timed: a perceptron, its batch and how its weights are sampled.
 *
 * @param units of inputs, hidden layers and classes
 * @param batch B
 * @param samples S
 * @param precision the operands of matrix products
 */
public record StepCase(List<Integer> units, int batch, int samples, Precision precision) {
  /** The names of the columns that {@link #cells} fills. */
  static final List<String> HEADER = List.of("network", "batch", "samples", "precision");

  /** Reads "784-1200-1200-10@128x4:bf16": units, batch, samples, precision. */
  public static StepCase parse(String text) {
    String[] parts = text.split("[@x:]");
    if (parts.length != 4) {
      throw new IllegalArgumentException(
          "a case is written as 784-400-10@128x1:f32, got '" + text + "'");
    }
    return new StepCase(
        Arrays.stream(parts[0].split("-")).map(Integer::valueOf).toList(),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Precision.valueOf(parts[3].toUpperCase(Locale.ROOT)));
  }

  /** The layers, 0 being that of the inputs. */
  public int layers() {
    return units.size() - 1;
  }

  /** The weights of a layer. */
  long weights(int layer) {
    return (long) units.get(layer) * units.get(layer + 1);
  }

  /** Bytes of an operand of matrix products. */
  int operandBytes() {
    return precision == Precision.BF16 ? 2 : 4;
  }

  List<String> cells() {
    return List.of(
        String.join("-", units.stream().map(String::valueOf).toList()),
        String.valueOf(batch),
        String.valueOf(samples),
        precision.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    List<String> cells = cells();
    return "%s@%sx%s:%s".formatted(cells.toArray());
  }
}
