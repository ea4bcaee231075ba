package dev.elbo.device.cuda;

import dev.elbo.graph.NoiseSite;
import java.util.ArrayList;
import java.util.List;

/** The arguments of a kernel whose parameters come in groups, in the order of its declaration. */
final class Arguments {
  private final List<Object> arguments = new ArrayList<>();

  /** Address, Integer, Long or Float. */
  Arguments add(Object... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** A number that kernels have as float32. */
  Arguments number(double number) {
    arguments.add((float) number);
    return this;
  }

  /** The {@code Site} of sampled.cuh. */
  Arguments site(Address run, NoiseSite noise) {
    return add(run, noise.site(), noise.antithetic() ? 1 : 0);
  }

  /** The tensor that threads own four weights of. */
  Arguments weights(FourWeights four) {
    return add(four.rows(), four.columns(), four.matrix());
  }

  Object[] toArray() {
    return arguments.toArray();
  }
}
