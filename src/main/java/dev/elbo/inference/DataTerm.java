package dev.elbo.inference;

import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Reduction.LogMeanExp;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Reduction.SumColumns;
import dev.elbo.graph.Reduction.SumRows;
import dev.elbo.graph.Value;
import dev.elbo.layer.Latent;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.tensor.Shape;
import java.util.Optional;

/**
 * The part of the loss that grows with the data, per example in nats. With latent variables z of
 * each example and S draws, the {@link LatentBound} decides:
 *
 * <pre>
 * ELBO        nll       = -1/(S·B) sum_s sum_b log p(x_b | z_sb, W_s)
 *             latent_kl = 1/B sum_b KL(q(z | x_b) || p(z))
 *             loss      = nll + beta · latent_kl
 * IWAE, DREG  nll = loss = -1/B sum_b log 1/S sum_s w_sb,   w = p(x | z) p(z) / q(z | x)
 * </pre>
 *
 * <p>Without latent variables the loss is nll. With an ensemble nll is the mean over its members
 * and the loss their sum, so that each has the gradient of a single run.
 *
 * @param nll as above
 * @param latentKl of all stochastic layers; empty without latent variables and where nll is the
 *     whole bound
 * @param logWeights log w [S·B, 1] of IWAE and DREG
 * @param loss what is minimised
 */
record DataTerm(Value nll, Optional<Value> latentKl, Optional<Value> logWeights, Value loss) {

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
   * @throws IllegalArgumentException when an importance-weighted bound is asked for without latent
   *     variables, or with weights that have a distribution, for which it is no bound
   */
  static DataTerm of(
      NetworkBuilder builder, Objective objective, Value likelihood, Value klWeight, int examples) {
    if (objective.latentBound() != LatentBound.ELBO) {
      return importanceWeighted(builder, likelihood);
    }
    Graph graph = builder.graph();
    Value nll = meanOfNegative(graph, likelihood);
    if (builder.latents().isEmpty()) {
      return new DataTerm(nll, Optional.empty(), Optional.empty(), ofAll(builder, likelihood, nll));
    }
    Value latentKl = sum(builder, 0);
    Value free = objective.freeBits() > 0 ? sum(builder, objective.freeBits()) : latentKl;
    Value beta = graph.add(new Scale(examples), klWeight);
    Value loss = graph.add(new Add(), nll, graph.add(new Multiply(), free, beta));
    return new DataTerm(nll, Optional.of(latentKl), Optional.empty(), loss);
  }

  /** The sum over the members of an ensemble of what nll is the mean of. */
  private static Value ofAll(NetworkBuilder builder, Value likelihood, Value nll) {
    if (builder.members() == 1) {
      return nll;
    }
    Graph graph = builder.graph();
    double ofMember = (double) builder.members() / likelihood.shape().rows();
    return graph.add(new Scale(-ofMember), graph.add(new Sum(), likelihood));
  }

  /** The mean over the members of an ensemble of what has been summed over them. */
  static Value ofMember(NetworkBuilder builder, Value sum) {
    int members = builder.members();
    return members == 1 ? sum : builder.graph().add(new Scale(1.0 / members), sum);
  }

  private static DataTerm importanceWeighted(NetworkBuilder builder, Value likelihood) {
    if (builder.latents().isEmpty()) {
      throw new IllegalArgumentException(
          "an importance-weighted bound needs latent variables, this network has none");
    }
    if (!builder.factors().isEmpty()) {
      throw new IllegalArgumentException(
          "an importance-weighted bound needs weights learned as points");
    }
    Graph graph = builder.graph();
    Value logWeights = likelihood;
    for (Latent latent : builder.latents()) {
      Value ratio = graph.add(new SumColumns(), latent.term());
      logWeights = graph.add(new Add(), logWeights, ratio);
    }
    Value bound = graph.add(new LogMeanExp(builder.sampling().samples()), logWeights);
    Value nll = meanOfNegative(graph, bound);
    return new DataTerm(nll, Optional.empty(), Optional.of(logWeights), nll);
  }

  private static Value meanOfNegative(Graph graph, Value rows) {
    return graph.add(new Scale(-1.0 / rows.shape().rows()), graph.add(new Sum(), rows));
  }

  /** The KL of all stochastic layers, of each dimension at least the free nats. */
  private static Value sum(NetworkBuilder builder, double freeNats) {
    Graph graph = builder.graph();
    return builder.latents().stream()
        .map(latent -> divergence(graph, latent.term(), freeNats))
        .reduce((a, b) -> graph.add(new Add(), a, b))
        .orElseThrow();
  }

  /** The mean over rows of KL [R, D], summed over dimensions. */
  private static Value divergence(Graph graph, Value kl, double freeNats) {
    double perRow = 1.0 / kl.shape().rows();
    if (freeNats == 0) {
      return graph.add(new Scale(perRow), graph.add(new Sum(), kl));
    }
    Shape dimensions = Shape.of(1, kl.shape().columns());
    Value means = graph.add(new Scale(perRow), graph.add(new SumRows(dimensions), kl));
    Value below = graph.constant(-freeNats, Shape.SCALAR);
    Value above = graph.add(new Unary(Function.RELU), graph.add(new Add(), means, below));
    Value free = graph.constant(freeNats * dimensions.columns(), Shape.SCALAR);
    return graph.add(new Add(), graph.add(new Sum(), above), free);
  }
}
