package dev.elbo.device.reference;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.StepRule;
import dev.elbo.graph.Update;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Update}: steps in double precision, what they store rounded to float32.
 *
 * <p>The fused update is defined as the composition that it stands for: it runs the same loops as
 * the operations by themselves.
 */
final class UpdateLoops {
  private UpdateLoops() {}

  static void run(Update op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    boolean step = Float.isFinite((float) in.get(Update.GUARD).get(0));
    double rate = in.get(Update.LEARNING_RATE).get(0);
    switch (op) {
      case FusedUpdate fused -> fused(fused, in, out, run, step);
      case AdamUpdate adam when step -> adam(adam.rule(), in.subList(2, 6), rate, run.step());
      case SgdUpdate sgd when step -> sgd(sgd.rule(), in.subList(2, 5), rate);
      case IvonUpdate ivon when step -> ivon(ivon.rule(), in.subList(2, 8), rate, run.step());
      case AdamUpdate kept -> {}
      case SgdUpdate kept -> {}
      case IvonUpdate kept -> {}
    }
  }

  private static void fused(
      FusedUpdate op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run, boolean step) {
    int mu = op.mu(in.size());
    int state = op.state(in.size());
    List<ReferenceBuffer> gaussian = in.subList(mu, mu + 2);
    List<ReferenceBuffer> gradient = like(gaussian);
    Operations.run(op.gradient(), in.subList(FusedUpdate.GRADIENT, mu + 2), gradient, run);
    List<ReferenceBuffer> divergenceGradient =
        divergence(op.divergence(), in.get(FusedUpdate.UPSTREAM), in.subList(mu, state), out, run);
    if (!step) {
      return;
    }
    double rate = in.get(Update.LEARNING_RATE).get(0);
    List<ReferenceBuffer> states = in.subList(state, in.size());
    if (op.rule() instanceof StepRule.Ivon ivon) {
      List<ReferenceBuffer> tensors = new ArrayList<>(gaussian);
      tensors.addAll(gradient);
      tensors.addAll(states);
      ivon(ivon, tensors, rate, run.step());
      return;
    }
    int each = states.size() / 2;
    for (int i = 0; i < 2; i++) {
      addTo(gradient.get(i), divergenceGradient.get(i));
      List<ReferenceBuffer> tensors = new ArrayList<>(List.of(gaussian.get(i), gradient.get(i)));
      tensors.addAll(states.subList(i * each, (i + 1) * each));
      switch (op.rule()) {
        case StepRule.Adam adam -> adam(adam, tensors, rate, run.step());
        case StepRule.Sgd sgd -> sgd(sgd, tensors, rate);
        case StepRule.Ivon ivon -> throw new IllegalStateException("handled above");
      }
    }
  }

  /** Writes the divergence and its prior's gradients to the results; returns all its gradients. */
  private static List<ReferenceBuffer> divergence(
      Divergence op,
      ReferenceBuffer upstream,
      List<ReferenceBuffer> in,
      List<ReferenceBuffer> out,
      Run run) {
    Operations.run(op, in, out.subList(0, 1), run);
    List<ReferenceBuffer> gradients = new ArrayList<>(like(in.subList(0, 2)));
    gradients.addAll(out.subList(1, out.size()));
    DivergenceLoops.backward(op, prepend(upstream, in), gradients, run);
    return gradients;
  }

  /** Tensors (parameter, gradient, m, v); see {@link StepRule.Adam}. */
  private static void adam(
      StepRule.Adam rule, List<ReferenceBuffer> tensors, double rate, int step) {
    ReferenceBuffer parameter = tensors.get(0);
    ReferenceBuffer gradient = tensors.get(1);
    ReferenceBuffer m = tensors.get(2);
    ReferenceBuffer v = tensors.get(3);
    double correctM = 1 - Math.pow(rule.beta1(), step);
    double correctV = 1 - Math.pow(rule.beta2(), step);
    for (int i = 0; i < parameter.elements(); i++) {
      double g = gradient.get(i);
      double newM = rule.beta1() * m.get(i) + (1 - rule.beta1()) * g;
      double newV = rule.beta2() * v.get(i) + (1 - rule.beta2()) * g * g;
      double change = newM / correctM / (Math.sqrt(newV / correctV) + rule.epsilon());
      store(m, i, newM);
      store(v, i, newV);
      store(parameter, i, parameter.get(i) - rate * change);
    }
  }

  /** Tensors (parameter, gradient, velocity); see {@link StepRule.Sgd}. */
  private static void sgd(StepRule.Sgd rule, List<ReferenceBuffer> tensors, double rate) {
    ReferenceBuffer parameter = tensors.get(0);
    ReferenceBuffer velocity = tensors.get(2);
    for (int i = 0; i < parameter.elements(); i++) {
      double u = rule.momentum() * velocity.get(i) + tensors.get(1).get(i);
      store(velocity, i, u);
      store(parameter, i, parameter.get(i) - rate * u);
    }
  }

  /** Tensors (mu, log_sigma, dmu, dlog_sigma, g, h); see {@link StepRule.Ivon}. */
  private static void ivon(
      StepRule.Ivon rule, List<ReferenceBuffer> tensors, double rate, int step) {
    ReferenceBuffer mu = tensors.get(0);
    ReferenceBuffer logSigma = tensors.get(1);
    ReferenceBuffer averageG = tensors.get(4);
    ReferenceBuffer averageH = tensors.get(5);
    double correctG = 1 - Math.pow(rule.beta1(), step);
    double decay = 1 - rule.beta2();
    double delta = rule.weightDecay();
    for (int i = 0; i < mu.elements(); i++) {
      double m = mu.get(i);
      double oldH = averageH.get(i);
      double estimate = tensors.get(3).get(i) * Math.exp(-2 * logSigma.get(i));
      double g = rule.beta1() * averageG.get(i) + (1 - rule.beta1()) * tensors.get(2).get(i);
      double difference = oldH - estimate;
      double h =
          rule.beta2() * oldH
              + decay * estimate
              + decay * decay * difference * difference / (2 * (oldH + delta));
      double change = (g / correctG + delta * m) / (h + delta);
      double clipped = Math.max(-rule.clip(), Math.min(rule.clip(), change));
      store(averageG, i, g);
      store(averageH, i, h);
      store(mu, i, m - rate * (rule.hessianInit() + delta) * clipped);
      store(logSigma, i, rule.logSigma(h));
    }
  }

  /** State is float32 on every device. */
  private static void store(ReferenceBuffer state, int index, double value) {
    state.set(index, (float) value);
  }

  private static void addTo(ReferenceBuffer sum, ReferenceBuffer more) {
    for (int i = 0; i < sum.elements(); i++) {
      sum.add(i, more.get(i));
    }
  }

  private static List<ReferenceBuffer> like(List<ReferenceBuffer> buffers) {
    return buffers.stream().map(b -> new ReferenceBuffer(b.shape())).toList();
  }

  private static List<ReferenceBuffer> prepend(ReferenceBuffer first, List<ReferenceBuffer> rest) {
    List<ReferenceBuffer> all = new ArrayList<>(List.of(first));
    all.addAll(rest);
    return all;
  }
}
