package dev.elbo.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.reference.ReferenceBuffer;
import dev.elbo.device.reference.ReferenceDevice;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * A row of the table on a device against the reference.
 *
 * <p>The tolerance is what rounding may do to this very row: how much the reference's result moves
 * when all its operands are perturbed by a few roundings, and log_sigma by the 1e-5 that the design
 * allows the normals to be off. It follows the conditioning of each operation and size.
 */
public final class AgainstReference {
  /** Spacing of float32 numbers around 1. */
  private static final double EPSILON = 0x1p-23;

  /** Relative perturbation of the operands of float32 arithmetic: a few roundings. */
  private static final double FLOAT32 = 4 * EPSILON;

  /**
   * Relative perturbation of the operands of products in bfloat16: the spacing of numbers of 8
   * bits, twice what rounding does, for in a short sum the perturbations may partly cancel. That of
   * sampled weights is covered by the same perturbation of mu and of sigma.
   */
  private static final double BFLOAT16 = 0x1p-8;

  /** Allowed error of a normal; sigma·eps moves by as much when log_sigma does and |eps| is 1. */
  private static final double NOISE = 1e-5;

  /**
   * The device's own errors may add up to more than one random perturbation of the operands does.
   */
  private static final double SAFETY = 4;

  /** Gradients of likelihoods below 1e-20 and averages below 1e-30 are set to 0. */
  private static final double FLUSH = 1.01e-20;

  /** Labels, counts and numbers of rows, which have no rounding. */
  private static final Set<String> WHOLE_NUMBERS = Set.of("targets", "rows", "tokens");

  private AgainstReference() {}

  /** Compares all results and all that is overwritten, for float32 arithmetic. */
  public static void check(OpCase row, Device device) {
    check(row, device, FLOAT32, List.of(random(0), random(1)));
  }

  /** Compares all results, for products of operands that were rounded to bfloat16. */
  public static void checkBfloat16(OpCase row, Device device) {
    // The last moves all operands upwards: the roundings of a single product cannot cancel in it.
    check(row, device, BFLOAT16, List.of(random(0), random(1), () -> 1));
  }

  private static void check(OpCase row, Device device, double rounding, List<IntSupplier> signs) {
    Map<String, double[]> actual = all(row.run(device));
    Map<String, double[]> expected = all(row.run(new ReferenceDevice()));
    Map<String, double[]> moves = new LinkedHashMap<>();
    for (IntSupplier sign : signs) {
      perturbed(row, rounding, sign)
          .forEach((name, values) -> moved(moves, name, expected.get(name), values));
    }
    expected.forEach(
        (name, values) -> compare(row + " " + name, actual.get(name), values, moves.get(name)));
  }

  private static Map<String, double[]> all(OpCase.Result result) {
    Map<String, double[]> all = new LinkedHashMap<>(result.outputs());
    all.putAll(result.parameters());
    return all;
  }

  private static void moved(Map<String, double[]> moves, String name, double[] from, double[] to) {
    double[] largest = moves.computeIfAbsent(name, n -> new double[from.length]);
    for (int i = 0; i < from.length; i++) {
      largest[i] = Math.max(largest[i], Math.abs(to[i] - from[i]));
    }
  }

  private static void compare(String what, double[] actual, double[] expected, double[] moves) {
    double squares = 0;
    for (double move : moves) {
      squares += move * move;
    }
    double typical = Math.sqrt(squares / moves.length);
    for (int i = 0; i < expected.length; i++) {
      double tolerance =
          SAFETY * (moves[i] + typical) + 2 * EPSILON * Math.abs(expected[i]) + FLUSH;
      boolean close =
          Double.compare(actual[i], expected[i]) == 0
              || Math.abs(actual[i] - expected[i]) <= tolerance;
      assertThat(close)
          .as("%s [%d]: %s, not %s +- %s", what, i, actual[i], expected[i], tolerance)
          .isTrue();
    }
  }

  /** The results of the reference for operands that are slightly off. */
  private static Map<String, double[]> perturbed(OpCase row, double rounding, IntSupplier sign) {
    OpCase.Built built = row.build();
    ReferenceDevice device = new ReferenceDevice();
    Map<String, Buffer> parameters = new HashMap<>();
    for (OpCase.Operand operand : row.operands()) {
      if (row.elements(true).containsKey(operand.name())) {
        parameters.put(operand.name(), device.allocate(operand.shape()));
      }
    }
    Map<String, double[]> results = new LinkedHashMap<>();
    try (Program program = device.compile(built.graph(), parameters, OpCase.SEED)) {
      row.elements(true).forEach((n, v) -> write(n, v, parameters.get(n), rounding, sign));
      row.elements(false).forEach((n, v) -> write(n, v, program.input(n), rounding, sign));
      program.run(row.step(), row.firstSample());
      for (String y : built.graph().outputs().keySet()) {
        results.put(y, OpCase.values(program.output(y)));
      }
    }
    parameters.forEach((name, buffer) -> results.put(name, OpCase.values(buffer)));
    return results;
  }

  private static void write(
      String name, float[] elements, Buffer buffer, double rounding, IntSupplier sign) {
    double[] values = ((ReferenceBuffer) buffer).values();
    for (int i = 0; i < values.length; i++) {
      double relative = WHOLE_NUMBERS.contains(name) ? 0 : rounding;
      double absolute = name.equals("log_sigma") ? Math.max(NOISE, rounding) : 0;
      values[i] = elements[i] * (1 + relative * sign.getAsInt()) + absolute * sign.getAsInt();
    }
  }

  private static IntSupplier random(long seed) {
    Random random = new Random(seed);
    return () -> random.nextBoolean() ? 1 : -1;
  }
}
