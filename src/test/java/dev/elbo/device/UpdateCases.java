package dev.elbo.device;

import static dev.elbo.device.Values.LOG_SIGMA;
import static dev.elbo.device.Values.MU;
import static dev.elbo.device.Values.NORMAL;
import static dev.elbo.device.Values.POSITIVE;

import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Optimizers by themselves. */
final class UpdateCases {
  static final Operand GUARD = new Operand("guard", Shape.SCALAR, Values.constant(1.25));
  static final Operand NAN_GUARD = new Operand("guard", Shape.SCALAR, Values.constant(Double.NaN));
  static final Operand RATE = new Operand("learning_rate", Shape.SCALAR, Values.constant(0.01));

  static final Sgd SGD = new Sgd(0.9);
  static final Ivon IVON = new Ivon(0.9, 0.95, 100, 0.01, 0.1, Double.POSITIVE_INFINITY);
  private static final Ivon CLIPPED = new Ivon(0.9, 0.95, 100, 0.01, 0.1, 0.3);

  private static final List<Shape> SHAPES =
      List.of(
          Shape.SCALAR,
          Shape.of(1),
          Shape.of(17),
          Shape.of(1, 13),
          Shape.of(31, 33),
          Shape.of(129, 127));

  private UpdateCases() {}

  static List<OpCase> rows() {
    List<OpCase> rows = new ArrayList<>();
    for (Shape shape : SHAPES) {
      for (int step : List.of(1, 50)) {
        rows.add(adam(shape, step, GUARD, ""));
        rows.add(sgd(shape, step, SGD, GUARD, ""));
        rows.add(ivon(shape, step, IVON, GUARD, ""));
      }
      rows.add(sgd(shape, 1, new Sgd(0), GUARD, " no momentum"));
      rows.add(ivon(shape, 2, CLIPPED, GUARD, " clipped"));
      rows.add(adam(shape, 3, NAN_GUARD, " not finite"));
      rows.add(sgd(shape, 3, SGD, NAN_GUARD, " not finite"));
      rows.add(ivon(shape, 3, IVON, NAN_GUARD, " not finite"));
    }
    return rows;
  }

  private static OpCase adam(Shape shape, int step, Operand guard, String variant) {
    List<Operand> operands =
        List.of(
            guard,
            RATE,
            new Operand("parameter", shape, MU),
            new Operand("gradient", shape, NORMAL),
            new Operand("m", shape, NORMAL),
            new Operand("v", shape, POSITIVE));
    AdamUpdate op = new AdamUpdate(Adam.DEFAULT);
    return new OpCase(name(op.name(), shape, step, variant), op, operands, step, 0);
  }

  private static OpCase sgd(Shape shape, int step, Sgd rule, Operand guard, String variant) {
    List<Operand> operands =
        List.of(
            guard,
            RATE,
            new Operand("parameter", shape, MU),
            new Operand("gradient", shape, NORMAL),
            new Operand("velocity", shape, NORMAL));
    SgdUpdate op = new SgdUpdate(rule);
    return new OpCase(name(op.name(), shape, step, variant), op, operands, step, 0);
  }

  private static OpCase ivon(Shape shape, int step, Ivon rule, Operand guard, String variant) {
    List<Operand> operands =
        List.of(
            guard,
            RATE,
            new Operand("mu", shape, MU),
            new Operand("log_sigma", shape, LOG_SIGMA),
            new Operand("dmu", shape, NORMAL),
            new Operand("dlog_sigma", shape, random -> 0.01 * random.nextGaussian()),
            new Operand("g", shape, NORMAL),
            new Operand("h", shape, POSITIVE));
    IvonUpdate op = new IvonUpdate(rule);
    return new OpCase(name(op.name(), shape, step, variant), op, operands, step, 0);
  }

  private static String name(String op, Shape shape, int step, String variant) {
    return op + " " + shape + " step " + step + variant;
  }
}
