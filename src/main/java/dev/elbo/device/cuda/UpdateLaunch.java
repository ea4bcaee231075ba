package dev.elbo.device.cuda;

import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;
import dev.elbo.graph.Update;
import dev.elbo.graph.Update.AdamUpdate;
import dev.elbo.graph.Update.FusedUpdate;
import dev.elbo.graph.Update.IvonUpdate;
import dev.elbo.graph.Update.SgdUpdate;
import java.util.List;

/** Launches of optimizer steps. */
final class UpdateLaunch {
  private UpdateLaunch() {}

  static List<Launch> of(Update op, Binding b) {
    return switch (op) {
      case FusedUpdate fused -> FusedUpdateLaunch.of(fused, b);
      case AdamUpdate(Adam rule) -> List.of(adam(rule, b));
      case SgdUpdate(Sgd rule) -> List.of(sgd(rule, b));
      case IvonUpdate(Ivon rule) -> List.of(ivon(rule, b));
    };
  }

  private static Launch adam(Adam rule, Binding b) {
    Arguments arguments =
        new Arguments()
            .add(elements(b), b.run())
            .add(b.in(Update.GUARD).address(), b.in(Update.LEARNING_RATE).address())
            .number(1 - rule.beta1())
            .number(1 - rule.beta2())
            .number(rule.epsilon());
    return launch("adam_update", arguments, b);
  }

  private static Launch sgd(Sgd rule, Binding b) {
    Arguments arguments =
        new Arguments()
            .add(elements(b))
            .add(b.in(Update.GUARD).address(), b.in(Update.LEARNING_RATE).address())
            .number(rule.momentum());
    return launch("sgd_update", arguments, b);
  }

  private static Launch ivon(Ivon rule, Binding b) {
    Arguments arguments =
        new Arguments()
            .add(elements(b), b.run())
            .add(b.in(Update.GUARD).address(), b.in(Update.LEARNING_RATE).address())
            .number(1 - rule.beta1())
            .number(1 - rule.beta2())
            .number(rule.ess())
            .number(rule.weightDecay())
            .number(rule.hessianInit() + rule.weightDecay())
            .number(rule.clip());
    return launch("ivon_update", arguments, b);
  }

  private static long elements(Binding b) {
    return b.in(2).shape().elements();
  }

  /** The tensors follow guard and learning rate in the order of the operation's inputs. */
  private static Launch launch(String kernel, Arguments arguments, Binding b) {
    b.inputs().stream().skip(2).forEach(tensor -> arguments.add(tensor.address()));
    return b.launch(kernel, Grid.ofElements(elements(b)), arguments.toArray());
  }
}
