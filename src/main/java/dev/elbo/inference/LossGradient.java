package dev.elbo.inference;

import dev.elbo.graph.Gradients;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Value;
import dev.elbo.layer.Parameter;
import java.util.List;

/** How the gradient of a loss is estimated. */
@FunctionalInterface
interface LossGradient {
  /** Adds to the graph the gradient of the loss, one value for each parameter. */
  List<Value> of(Graph graph, Value loss, List<Parameter> parameters);

  /** The derivative of the graph. */
  LossGradient REPARAMETERISED =
      (graph, loss, parameters) ->
          Gradients.of(graph, loss, parameters.stream().map(Parameter::value).toList());
}
