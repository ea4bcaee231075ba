package dev.elbo.device.cuda;

import dev.elbo.graph.StepRule;
import dev.elbo.graph.StepRule.Adam;
import dev.elbo.graph.StepRule.Ivon;
import dev.elbo.graph.StepRule.Sgd;

/** What kernels are told of a step rule: the numbers of {@code StepRule} in optimizer.cuh. */
final class RuleArguments {
  private static final int ADAM = 0;
  private static final int SGD = 1;
  private static final int IVON = 2;
  private static final int IVON_FOLLOWING = 3;

  /** How many numbers the longest rule has. */
  private static final int NUMBERS = 6;

  private RuleArguments() {}

  /** Adds the numbers of a rule, for the kernel of that rule alone. */
  static Arguments addNumbers(Arguments arguments, StepRule rule) {
    for (double number : numbers(rule)) {
      arguments.number(number);
    }
    return arguments;
  }

  /**
   * Adds kind and numbers, for kernels that take any rule.
   *
   * @param following whether IVON's log_sigma may be left to follow from its Hessian
   */
  static Arguments add(Arguments arguments, StepRule rule, boolean following) {
    arguments.add(
        switch (rule) {
          case Adam adam -> ADAM;
          case Sgd sgd -> SGD;
          case Ivon ivon -> following ? IVON_FOLLOWING : IVON;
        });
    addNumbers(arguments, rule);
    for (int i = numbers(rule).length; i < NUMBERS; i++) {
      arguments.number(0);
    }
    return arguments;
  }

  private static double[] numbers(StepRule rule) {
    return switch (rule) {
      case Adam r -> new double[] {1 - r.beta1(), 1 - r.beta2(), r.epsilon()};
      case Sgd r -> new double[] {r.momentum()};
      case Ivon r ->
          new double[] {
            1 - r.beta1(),
            1 - r.beta2(),
            r.ess(),
            r.weightDecay(),
            r.hessianInit() + r.weightDecay(),
            r.clip()
          };
    };
  }
}
