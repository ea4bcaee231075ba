package dev.elbo.cli;

import dev.elbo.cli.WeightOptions.PriorKind;
import dev.elbo.data.Schema;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.layer.Layer;
import dev.elbo.layer.Linear;
import dev.elbo.layer.Network;
import dev.elbo.model.Autoencoder;
import dev.elbo.model.Mlp;
import dev.elbo.model.Transformer;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@code elbo train} about the model; those of each kind are apart. */
final class ModelOptions {
  @Option(
      names = "--model",
      paramLabel = "mlp|vae|transformer",
      description =
          "Kind of model. Default: transformer for text, vae for data without targets, else mlp")
  Optional<ModelKind> model = Optional.empty();

  @ArgGroup(validate = false, heading = "%nWeights%n")
  final WeightOptions weights = new WeightOptions();

  @ArgGroup(validate = false, heading = "%nModel mlp, vae%n")
  final HiddenOptions hidden = new HiddenOptions();

  @ArgGroup(validate = false, heading = "%nModel mlp%n")
  final MlpOptions mlp = new MlpOptions();

  @ArgGroup(validate = false, heading = "")
  final CovarianceOptions covariance = new CovarianceOptions();

  @ArgGroup(validate = false, heading = "%nModel vae%n")
  final VaeOptions vae = new VaeOptions();

  @ArgGroup(validate = false, heading = "%nModel transformer%n")
  final TransformerOptions transformer = new TransformerOptions();

  /** Refuses numbers that make no model, before data is read. */
  void check() {
    weights.check();
    transformer.check();
    vae.check();
  }

  /**
   * Refuses what does not go together in a kind of model.
   *
   * @param training how it is trained
   * @param given the names of all options that were given
   */
  void check(ModelKind kind, TrainingOptions training, List<String> given) {
    covariance.check(bayesian(kind), mlp.ensemble.isPresent(), weights.prior, training);
    WeightOptions.PosteriorKind posterior = posterior(kind);
    if (kind == ModelKind.MLP) {
      mlp.check(posterior, weights, training.estimator, given);
    } else if (posterior == WeightOptions.PosteriorKind.LAST_LAYER) {
      throw new IllegalArgumentException(
          "--posterior last-layer is for --model mlp, this is " + Choices.name(kind));
    }
  }

  private WeightOptions.PosteriorKind posterior(ModelKind kind) {
    boolean points = kind == ModelKind.VAE || mlp.ofPoints().isPresent();
    return weights.posterior.orElse(
        points ? WeightOptions.PosteriorKind.NONE : WeightOptions.PosteriorKind.GAUSSIAN);
  }

  /** Whether weights have a distribution. */
  boolean bayesian(ModelKind kind) {
    return posterior(kind) != WeightOptions.PosteriorKind.NONE;
  }

  /** The option by which weights are points, if they are. */
  Optional<String> points(ModelKind kind) {
    return bayesian(kind)
        ? Optional.empty()
        : Optional.of(mlp.ofPoints().orElse("--posterior none"));
  }

  /** The samples of a prediction where the user wants so many of a posterior. */
  int predictSamples(ModelKind kind, Network network, Optional<Integer> wanted) {
    boolean sampled = kind == ModelKind.VAE || bayesian(kind) || mlp.dropout.isPresent();
    return network.samples(sampled ? wanted.orElse(TrainDefaults.predictSamples(kind)) : 1);
  }

  /** How many observations there are to train with: examples, or the windows of a text. */
  int observations(ModelKind kind, TrainingData data) {
    int rows = data.train().size();
    return kind == ModelKind.TRANSFORMER ? transformer.windows(rows, data.name()) : rows;
  }

  /** The kind of model for data. */
  ModelKind kind(Schema schema) {
    return model.orElse(ModelKind.of(schema));
  }

  /** The network for data of a kind; IVON needs a Gaussian prior. */
  Network network(Schema schema, TrainDefaults defaults, boolean ivon) {
    return switch (kind(schema)) {
      case MLP -> mlp(schema, defaults, ivon);
      case VAE -> vae(schema, defaults);
      case TRANSFORMER -> transformer(schema, ivon);
    };
  }

  private Network transformer(Schema schema, boolean ivon) {
    Transformer.Size size = transformer.size(schema);
    Prior prior = weights.prior(ivon ? PriorKind.GAUSSIAN : PriorKind.LEARNED);
    return bayesian(ModelKind.TRANSFORMER)
        ? Transformer.variational(size, prior, weights.posterior())
        : Transformer.deterministic(size);
  }

  private Network vae(Schema schema, TrainDefaults defaults) {
    Optional<GaussianPosterior> posterior =
        bayesian(ModelKind.VAE) ? Optional.of(weights.posterior()) : Optional.empty();
    return Autoencoder.of(
        schema.features().size(),
        hidden.hidden.map(Widths::units).orElse(defaults.hidden()),
        vae.latent.map(Widths::units).orElse(defaults.latent()),
        hidden.activation(HiddenOptions.Activation.GELU),
        vae.likelihood(schema),
        posterior,
        weights.prior(PriorKind.SCALE_MIXTURE));
  }

  private Network mlp(Schema schema, TrainDefaults defaults, boolean ivon) {
    int inputs = schema.features().size();
    List<Integer> units = hidden.hidden.map(Widths::units).orElse(defaults.hidden());
    Function activation = hidden.activation(HiddenOptions.Activation.RELU);
    Likelihood means = mlp.likelihood(schema);
    boolean gaussian = ivon || covariance.correlated();
    Prior prior = weights.prior(gaussian ? PriorKind.GAUSSIAN : PriorKind.SCALE_MIXTURE);
    IntFunction<Layer> bayesian = covariance.layer(weights.posterior());
    Network one =
        switch (posterior(ModelKind.MLP)) {
          case GAUSSIAN -> Mlp.of(inputs, units, activation, means, prior, bayesian, bayesian);
          case LAST_LAYER -> Mlp.of(inputs, units, activation, means, prior, Linear::new, bayesian);
          case NONE -> mlp.points(inputs, units, activation, means, weights);
        };
    return mlp.ensemble.map(one::ensemble).orElse(one);
  }
}
