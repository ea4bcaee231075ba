package dev.elbo.cli;

import dev.elbo.data.Content;
import dev.elbo.data.Schema;
import dev.elbo.data.Task;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** The kinds of models that {@code elbo train} makes, and where the options of each are. */
enum ModelKind {
  /** A multilayer perceptron: p(y | x, W). */
  MLP,
  /** A variational autoencoder: p(x). */
  VAE,
  /** A transformer: p(next character | those before, W). */
  TRANSFORMER;

  /** Where its options are, beside those that all kinds have. */
  private List<Class<?>> options() {
    return switch (this) {
      case MLP -> List.of(HiddenOptions.class, MlpOptions.class, CovarianceOptions.class);
      case VAE -> List.of(HiddenOptions.class, VaeOptions.class);
      case TRANSFORMER -> List.of(TransformerOptions.class);
    };
  }

  /** What data is modelled by where the user says nothing. */
  static ModelKind of(Schema schema) {
    if (schema.content() instanceof Content.Text) {
      return TRANSFORMER;
    }
    return schema.task() == Task.DENSITY_ESTIMATION ? VAE : MLP;
  }

  /** Refuses data of another kind. */
  void checkIsFor(Schema schema, String data) {
    ModelKind fitting = of(schema);
    if (this != fitting) {
      throw new IllegalArgumentException(
          "--model %s does not go with data %s: %s"
              .formatted(
                  Choices.name(this),
                  data,
                  switch (fitting) {
                    case MLP -> "it has targets, for --model mlp";
                    case VAE -> "it has no targets, as --model vae wants it";
                    case TRANSFORMER -> "it is text, for --model transformer";
                  }));
    }
  }

  /** Refuses options that belong to other kinds. */
  void checkHas(List<OptionSpec> given) {
    for (OptionSpec option : given) {
      List<ModelKind> owners =
          Arrays.stream(values()).filter(kind -> kind.options().contains(owner(option))).toList();
      if (!owners.isEmpty() && !owners.contains(this)) {
        throw new IllegalArgumentException(
            "%s is for --model %s, this is %s"
                .formatted(
                    option.longestName(),
                    owners.stream().map(Choices::name).collect(Collectors.joining(" or ")),
                    Choices.name(this)));
      }
    }
  }

  private static Class<?> owner(OptionSpec option) {
    return ((Field) option.userObject()).getDeclaringClass();
  }
}
