package dev.elbo.bench;

import dev.elbo.device.cuda.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A training step that is timed: a perceptron, its batch and how its weights are sampled.
 *
 * @param members how many networks train side by side
 * @param units of inputs, hidden layers and classes
 * @param batch B, of each network
 * @param samples S
 * @param antithetic whether samples come in pairs
 * @param precision the operands of matrix products
 */
public record StepCase(
    int members,
    List<Integer> units,
    int batch,
    int samples,
    boolean antithetic,
    Precision precision) {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?:(?<members>\\d+)\\*)?(?<units>\\d+(?:-\\d+)+)@(?<batch>\\d+)x(?<samples>\\d+)"
              + "(?<pairs>a?):(?<precision>f32|bf16)");

  /** The names of the columns that {@link #cells} fills. */
  static final List<String> HEADER = List.of("network", "batch", "samples", "precision");

  /**
   * Reads "784-1200-1200-10@128x4:bf16": units, batch, samples, precision; "x4a" for antithetic
   * pairs, "132*13-50-1@..." for 132 networks.
   */
  public static StepCase parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a case is written as 784-400-10@128x1:f32, got '" + text + "'");
    }
    String members = parts.group("members");
    return new StepCase(
        members == null ? 1 : Integer.parseInt(members),
        Arrays.stream(parts.group("units").split("-")).map(Integer::valueOf).toList(),
        Integer.parseInt(parts.group("batch")),
        Integer.parseInt(parts.group("samples")),
        !parts.group("pairs").isEmpty(),
        Precision.valueOf(parts.group("precision").toUpperCase(Locale.ROOT)));
  }

  /** The layers, 0 being that of the inputs. */
  public int layers() {
    return units.size() - 1;
  }

  /** The weights of a layer, in all networks. */
  long weights(int layer) {
    return (long) members * units.get(layer) * units.get(layer + 1);
  }

  /** Bytes of an operand of matrix products. */
  int operandBytes() {
    return precision == Precision.BF16 ? 2 : 4;
  }

  List<String> cells() {
    return List.of(
        (members == 1 ? "" : members + "*")
            + String.join("-", units.stream().map(String::valueOf).toList()),
        String.valueOf(batch),
        samples + (antithetic ? "a" : ""),
        precision.name().toLowerCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    List<String> cells = cells();
    return "%s@%sx%s:%s".formatted(cells.toArray());
  }
}
