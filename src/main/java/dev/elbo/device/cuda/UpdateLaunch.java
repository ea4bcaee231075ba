package dev.elbo.device.cuda;

import dev.elbo.graph.StepRule;
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
      case AdamUpdate adam -> of("adam_update", adam.rule(), b);
      case SgdUpdate sgd -> of("sgd_update", sgd.rule(), b);
      case IvonUpdate ivon -> of("ivon_update", ivon.rule(), b);
    };
  }

  /** The tensors follow the rule's numbers in the order of the operation's inputs. */
  private static List<Launch> of(String kernel, StepRule rule, Binding b) {
    long elements = b.in(2).shape().elements();
    Arguments arguments =
        new Arguments()
            .add(elements, b.run())
            .add(b.in(Update.GUARD).address(), b.in(Update.LEARNING_RATE).address());
    RuleArguments.addNumbers(arguments, rule);
    b.inputs().stream().skip(2).forEach(tensor -> arguments.add(tensor.address()));
    return List.of(b.launch(kernel, Grid.ofElements(elements), arguments.toArray()));
  }
}
