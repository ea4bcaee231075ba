package dev.elbo.inference;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Value;
import dev.elbo.layer.Latent;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import java.util.Optional;

/**
 * The part of the loss that grows with the data, per example in nats. With latent variables z of
 * each example and S draws:
 *
 * <pre>
 * nll       = -1/(S·B) sum_s sum_b log p(x_b | z_sb, W_s)
 * latent_kl = 1/B sum_b KL(q(z | x_b) || p(z))
 * loss      = nll + beta · latent_kl
 * </pre>
 *
 * <p>Without latent variables the loss is nll. With an ensemble nll is the mean over its members
 * and the loss their sum, so that each has the gradient of a single run.
 *
 * @param nll as above
 * @param latentKl of all stochastic layers; empty without latent variables
 * @param loss what is minimised
 */
record DataTerm(Value nll, Optional<Value> latentKl, Value loss) {

  /** What an objective wants of latent variables. */
  static LatentUse use(Objective objective) {
    return switch (objective.latentBound()) {
      case ELBO -> LatentUse.DIVERGENCE;
      case IWAE -> LatentUse.RATIO;
      case DREG -> LatentUse.CUT_RATIO;
    };
  }

  /**
   * The data term of a network that has been built.
   *
   * @param likelihood log p(y | outputs), a row for each sample and example
   * @param klWeight beta / N, a scalar
   * @param examples N
   */
  static DataTerm of(
      NetworkBuilder builder, Objective objective, Value likelihood, Value klWeight, int examples) {
    Graph graph = builder.graph();
    Value sum = graph.add(new Sum(), likelihood);
    int rows = likelihood.shape().rows();
    Value nll = graph.add(new Scale(-1.0 / rows), sum);
    if (builder.members() > 1) {
      Value all = graph.add(new Scale((double) -builder.members() / rows), sum);
      return new DataTerm(nll, Optional.empty(), all);
    }
    Optional<Value> latentKl =
        builder.latents().stream()
            .map(latent -> divergence(graph, latent))
            .reduce((a, b) -> graph.add(new Add(), a, b));
    Value loss =
        latentKl
            .map(kl -> graph.add(new Add(), nll, weighted(graph, kl, klWeight, examples)))
            .orElse(nll);
    return new DataTerm(nll, latentKl, loss);
  }

  /** The mean over the members of an ensemble of what has been summed over them. */
  static Value ofMember(NetworkBuilder builder, Value sum) {
    int members = builder.members();
    return members == 1 ? sum : builder.graph().add(new Scale(1.0 / members), sum);
  }

  /** The mean over rows of the KL of a layer, summed over its dimensions. */
  private static Value divergence(Graph graph, Latent latent) {
    Value sum = graph.add(new Sum(), latent.term());
    return graph.add(new Scale(1.0 / latent.term().shape().rows()), sum);
  }

  private static Value weighted(Graph graph, Value kl, Value klWeight, int examples) {
    return graph.add(new Multiply(), kl, graph.add(new Scale(examples), klWeight));
  }
}
