package dev.elbo.device;

import static dev.elbo.device.Values.LOG_SIGMA;
import static dev.elbo.device.Values.MU;
import static dev.elbo.device.Values.NORMAL;
import static dev.elbo.device.Values.POSITIVE;

import dev.elbo.device.MatrixCases.Size;
import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.WeightGradient;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** The fused update: every weight gradient x divergence x step rule. */
final class FusedUpdateCases {
  private static final List<StepRule> RULES =
      List.of(Adam.DEFAULT, UpdateCases.SGD, UpdateCases.IVON);

  /** Sizes for every combination. */
  private static final List<Size> SMALL = List.of(new Size(5, 7, 3, 2), new Size(3, 17, 33, 1));

  /** Sizes at the borders of tiles, for one divergence of each kind of arithmetic. */
  private static final List<Size> LARGE =
      List.of(
          new Size(1, 1, 1, 1),
          new Size(7, 1, 16, 2),
          new Size(16, 65, 63, 1),
          new Size(33, 127, 129, 1));

  private final List<OpCase> rows = new ArrayList<>();

  private FusedUpdateCases() {}

  static List<OpCase> rows() {
    FusedUpdateCases cases = new FusedUpdateCases();
    for (Size size : SMALL) {
      NoiseSite noise = new NoiseSite(MatrixCases.SITE, size.s(), size.s() % 2 == 0);
      for (boolean shared : List.of(false, true)) {
        cases.matrices(size, noise, shared, DensityCases.divergences(noise));
      }
    }
    for (Size size : LARGE) {
      NoiseSite noise = new NoiseSite(MatrixCases.SITE, size.s(), false);
      cases.matrices(size, noise, true, DensityCases.divergences(noise).subList(0, 2));
    }
    for (int n : List.of(1, 17, 129)) {
      cases.vectors(n, new NoiseSite(MatrixCases.SITE, 1, false));
      cases.vectors(n, new NoiseSite(MatrixCases.SITE, 4, true));
    }
    return cases.rows;
  }

  private void matrices(Size size, NoiseSite noise, boolean shared, List<Divergence> divergences) {
    for (WeightGradient gradient : MatrixCases.weightGradients(noise, shared)) {
      List<Operand> operands = MatrixCases.operands(gradient, size, shared);
      for (Divergence divergence : divergences) {
        for (StepRule rule : RULES) {
          FusedUpdate op = new FusedUpdate(gradient, divergence, rule);
          String variant = size + (shared ? " shared" : "");
          add(op, UpdateCases.GUARD, operands, variant);
        }
      }
    }
    FusedUpdate first =
        new FusedUpdate(
            MatrixCases.weightGradients(noise, shared).getFirst(),
            divergences.getFirst(),
            Adam.DEFAULT);
    List<Operand> operands = MatrixCases.operands(first.gradient(), size, shared);
    String variant = size + (shared ? " shared" : "") + " not finite";
    add(first, UpdateCases.NAN_GUARD, operands, variant);
  }

  private void vectors(int n, NoiseSite noise) {
    Operand dw = new Operand("dw", Shape.of(noise.samples(), n), NORMAL);
    Operand mu = new Operand("mu", Shape.of(n), MU);
    Operand logSigma = new Operand("log_sigma", Shape.of(n), LOG_SIGMA);
    for (Divergence divergence : DensityCases.divergences(noise)) {
      for (StepRule rule : RULES) {
        FusedUpdate op = new FusedUpdate(new SampleBackward(noise, 1), divergence, rule);
        String variant = "vector N=" + n + " S=" + noise.samples();
        add(op, UpdateCases.GUARD, List.of(dw, mu, logSigma), variant);
      }
    }
  }

  private void add(FusedUpdate op, Operand guard, List<Operand> gradient, String variant) {
    Shape weights = gradient.getLast().shape();
    List<Operand> operands = new ArrayList<>();
    operands.add(guard);
    operands.add(UpdateCases.RATE);
    operands.add(new Operand("upstream", Shape.SCALAR, Values.constant(0.02)));
    operands.addAll(gradient);
    operands.addAll(DensityCases.prior(op.divergence()));
    List<Operand> state =
        switch (op.rule()) {
          case Adam adam ->
              List.of(
                  new Operand("m_mu", weights, NORMAL),
                  new Operand("v_mu", weights, POSITIVE),
                  new Operand("m_log_sigma", weights, NORMAL),
                  new Operand("v_log_sigma", weights, POSITIVE));
          case StepRule.Sgd sgd ->
              List.of(
                  new Operand("velocity_mu", weights, NORMAL),
                  new Operand("velocity_log_sigma", weights, NORMAL));
          case StepRule.Ivon ivon ->
              List.of(new Operand("g", weights, NORMAL), new Operand("h", weights, POSITIVE));
        };
    operands.addAll(state);
    rows.add(new OpCase(op.name() + " " + variant, op, operands, OpCase.STEP, 0));
  }
}
