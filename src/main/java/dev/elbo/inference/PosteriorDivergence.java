package dev.elbo.inference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Sampling;
import dev.elbo.random.Noise;
import java.util.Map;

/** KL(q || p) of a trained model. */
public final class PosteriorDivergence {
  private static final String KL = "kl";

  private PosteriorDivergence() {}

  /**
   * KL(q || p) of all weights in nats: exact where the prior has a closed form, else the mean of
   * draws.
   *
   * @param parameters the parameters by name, as {@link Trainer#buffers}
   * @param samples the draws where it is sampled
   */
  public static double of(
      Device device, Model model, Map<String, Buffer> parameters, int samples, long seed) {
    Graph graph = graph(model);
    int draws = model.network().prior().closedForm() ? 1 : samples;
    float[] scalar = new float[1];
    double sum = 0;
    try (Program program = device.compile(graph, parameters, seed)) {
      for (int draw = 0; draw < draws; draw++) {
        program.run(Noise.PREDICTION, draw);
        program.output(KL).read(scalar);
        sum += scalar[0];
      }
    }
    return sum / draws;
  }

  private static Graph graph(Model model) {
    Graph graph = new Graph();
    int rows = model.network().observations().window();
    Sampling one = new Sampling(Estimator.NAIVE, 1, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, rows, one, model.network().prior(), LatentUse.DIVERGENCE);
    Value x = graph.input("x", model.network().inputShape(rows));
    model.network().build(builder, x);
    graph.output(KL, DataTerm.ofMember(builder, builder.divergence()));
    return Schedule.composed(graph);
  }
}
