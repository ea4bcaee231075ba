package dev.elbo.device;

import static dev.elbo.device.Values.LOG_SIGMA;
import static dev.elbo.device.Values.MU;
import static dev.elbo.device.Values.NORMAL;
import static dev.elbo.device.Values.SOMETIMES_ZERO;

import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.ColumnSample;
import dev.elbo.graph.Dropout;
import dev.elbo.graph.LatentSample;
import dev.elbo.graph.LatentSampleBackward;
import dev.elbo.graph.NoiseSite;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** What draws noise for activations: latent variables, dropout and results that rows share. */
final class NoiseCases {
  private static final List<Shape> SHAPES =
      List.of(
          Shape.of(1, 1),
          Shape.of(1, 3),
          Shape.of(7, 1),
          Shape.of(5, 3),
          Shape.of(16, 16),
          Shape.of(31, 33),
          Shape.of(63, 65));

  private NoiseCases() {}

  static List<OpCase> rows() {
    List<OpCase> rows = new ArrayList<>();
    for (Shape each : SHAPES) {
      for (NoiseSite noise :
          List.of(
              new NoiseSite(MatrixCases.SITE, 1, false),
              new NoiseSite(MatrixCases.SITE, 3, false),
              new NoiseSite(MatrixCases.SITE, 4, true))) {
        latents(rows, each, noise, true);
        latents(rows, each, noise, false);
        dropout(rows, each, noise);
        columns(rows, each, noise);
      }
    }
    return rows;
  }

  private static String variant(Shape each, NoiseSite noise) {
    return each + " S=" + noise.samples() + (noise.antithetic() ? " antithetic" : "");
  }

  private static Shape all(Shape each, NoiseSite noise) {
    return Shape.of(noise.samples() * each.rows(), each.columns());
  }

  private static void latents(List<OpCase> rows, Shape each, NoiseSite noise, boolean shared) {
    Shape parameters = shared ? each : all(each, noise);
    String variant = variant(each, noise) + (shared ? " shared" : "");
    Operand logSigma = new Operand("log_sigma", parameters, LOG_SIGMA);
    Operand mean = new Operand("mean", parameters, MU);
    Operand dz = new Operand("dz", all(each, noise), NORMAL);
    rows.add(OpCase.of(new LatentSample(noise, shared), variant, mean, logSigma));
    rows.add(OpCase.of(new LatentSample(noise, shared), variant, mean, logSigma).from(2));
    rows.add(OpCase.of(new LatentSampleBackward(noise, shared), variant, dz, logSigma).from(2));
  }

  private static void columns(List<OpCase> rows, Shape each, NoiseSite noise) {
    Operand mean = new Operand("mean", each, MU);
    Operand std = new Operand("std", each, SOMETIMES_ZERO);
    rows.add(OpCase.of(new ColumnSample(noise), variant(each, noise), mean, std));
    rows.add(OpCase.of(new ColumnSample(noise), variant(each, noise), mean, std).from(2));
  }

  private static void dropout(List<OpCase> rows, Shape each, NoiseSite noise) {
    Operand x = new Operand("x", all(each, noise), NORMAL);
    for (double probability : List.of(0.1, 0.5)) {
      String variant = variant(each, noise) + " p=" + probability;
      rows.add(OpCase.of(new Dropout(noise, probability), variant, x).from(2));
    }
  }
}
