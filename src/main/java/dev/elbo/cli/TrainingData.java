package dev.elbo.cli;

import dev.elbo.data.Content;
import dev.elbo.data.Dataset;
import dev.elbo.data.Examples;
import dev.elbo.data.Schema;
import dev.elbo.data.Split;
import dev.elbo.data.Standardization;
import dev.elbo.data.Task;
import dev.elbo.distribution.Likelihood;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Run;
import java.util.Arrays;
import java.util.Optional;

/**
 * A data set parted for a run.
 *
 * @param name how the data set is called
 * @param schema what its columns mean
 * @param train the examples to train with
 * @param validation those set apart
 * @param test those to test with
 */
record TrainingData(
    String name,
    Schema schema,
    Examples train,
    Optional<Examples> validation,
    Optional<Examples> test) {

  /** Sets validation examples apart, by the seed. */
  static TrainingData of(Dataset data, double validationFraction, long seed) {
    if (validationFraction == 0) {
      return new TrainingData(
          data.name(), data.schema(), data.train(), data.validation(), data.test());
    }
    if (data.validation().isPresent()) {
      throw new IllegalArgumentException(
          "--validation-fraction: %s brings its own validation examples".formatted(data.name()));
    }
    int size = data.train().size();
    Split split =
        data.schema().content() instanceof Content.Text
            ? Split.ofEnd(size, validationFraction)
            : Split.of(seed, size, validationFraction);
    return new TrainingData(
        data.name(),
        data.schema(),
        data.train().select(split.training()),
        Optional.of(data.train().select(split.validation())),
        data.test());
  }

  /** The units of a model for this data: pixels share one, columns of tables have their own. */
  Normalization normalization(Likelihood likelihood) {
    Optional<Standardization> targets =
        train.targets().length > 0 && likelihood.continuous()
            ? Optional.of(Standardization.targets(train))
            : Optional.empty();
    return new Normalization(inputs(likelihood), targets);
  }

  private Standardization inputs(Likelihood likelihood) {
    boolean probabilities = schema.task() == Task.DENSITY_ESTIMATION && !likelihood.continuous();
    return switch (schema.content()) {
      case Content.Images images ->
          probabilities
              ? Standardization.scale(train.features(), images.brightest())
              : Standardization.global(train);
      case Content.Table _ ->
          probabilities
              ? Standardization.scale(train.features(), 1)
              : Standardization.perFeature(train);
      case Content.Text _ -> Standardization.scale(train.features(), 1);
    };
  }

  /**
   * Refuses targets that the likelihood has no density for.
   *
   * @throws IllegalArgumentException naming the column and the value
   */
  void checkTargets(Likelihood likelihood) {
    if (likelihood instanceof Likelihood.Poisson) {
      checkCounts(train);
      validation.ifPresent(this::checkCounts);
      test.ifPresent(this::checkCounts);
    }
  }

  private void checkCounts(Examples examples) {
    for (float y : examples.targets()) {
      if (!(y >= 0) || y != Math.rint(y)) {
        throw new IllegalArgumentException(
            "--likelihood poisson is for counts, but target '%s' has %s"
                .formatted(schema.target().orElseThrow(), y));
      }
    }
  }

  /**
   * Refuses to go on with a run that was started with other data.
   *
   * @throws IllegalArgumentException saying what has changed
   */
  void checkIsOf(Run run) {
    String what = "data '" + name + "' has changed since the run was started: it has ";
    if (!schema.equals(run.schema())) {
      int now = schema.features().size();
      int then = run.schema().features().size();
      throw new IllegalArgumentException(
          what + (now == then ? "other columns" : now + " inputs, not " + then));
    }
    if (train.size() != run.examples()) {
      throw new IllegalArgumentException(
          what + train.size() + " training examples, not " + run.examples());
    }
    Normalization now = normalization(run.model().network().likelihood());
    boolean same =
        same(now.inputs(), run.model().normalization().inputs())
            && now.targets().isPresent() == run.model().normalization().targets().isPresent()
            && (now.targets().isEmpty()
                || same(now.targets().get(), run.model().normalization().targets().orElseThrow()));
    if (!same) {
      throw new IllegalArgumentException(what + "other values");
    }
  }

  private static boolean same(Standardization a, Standardization b) {
    return Arrays.equals(a.mean(), b.mean()) && Arrays.equals(a.scale(), b.scale());
  }
}
