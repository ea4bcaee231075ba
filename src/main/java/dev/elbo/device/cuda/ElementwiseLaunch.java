package dev.elbo.device.cuda;

import dev.elbo.graph.Elementwise;
import java.util.List;

/** Launches of elementwise operations. */
final class ElementwiseLaunch {
  private ElementwiseLaunch() {}

  static List<Launch> of(Elementwise op, Binding b) {
    int elements = b.out(0).shape().elements();
    Grid grid = Grid.ofElements(elements);
    return switch (op) {
      case Elementwise.Scale(double factor) ->
          List.of(
              b.launch(
                  "scale", grid, elements, (float) factor, b.in(0).address(), b.out(0).address()));
      default -> throw new IllegalStateException(op.name() + " has no launch yet");
    };
  }
}
