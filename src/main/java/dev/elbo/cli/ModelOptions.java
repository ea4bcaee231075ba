package dev.elbo.cli;

import dev.elbo.data.Schema;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.graph.Function;
import dev.elbo.layer.Network;
import dev.elbo.model.Autoencoder;
import dev.elbo.model.Mlp;
import java.util.List;
import java.util.Optional;
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

  @ArgGroup(validate = false, heading = "%nModel vae%n")
  final VaeOptions vae = new VaeOptions();

  /** Refuses numbers that make no model, before data is read. */
  void check() {
    weights.check();
    vae.check();
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
      case TRANSFORMER ->
          throw new IllegalArgumentException("--model transformer cannot be trained yet");
    };
  }

  private Network vae(Schema schema, TrainDefaults defaults) {
    Optional<GaussianPosterior> posterior =
        weights.bayesian(ModelKind.VAE) ? Optional.of(weights.posterior()) : Optional.empty();
    return Autoencoder.of(
        schema.features().size(),
        hidden.hidden.map(Widths::units).orElse(defaults.hidden()),
        vae.latent.map(Widths::units).orElse(defaults.latent()),
        hidden.activation(HiddenOptions.Activation.TANH),
        vae.likelihood(schema),
        posterior,
        weights.prior(false));
  }

  private Network mlp(Schema schema, TrainDefaults defaults, boolean ivon) {
    int inputs = schema.features().size();
    List<Integer> units = hidden.hidden.map(Widths::units).orElse(defaults.hidden());
    Function activation = hidden.activation(HiddenOptions.Activation.RELU);
    Likelihood means = mlp.likelihood(schema);
    return weights.bayesian(ModelKind.MLP)
        ? Mlp.variational(
            inputs, units, activation, means, weights.prior(ivon), weights.posterior())
        : Mlp.deterministic(inputs, units, activation, means);
  }
}
