package dev.elbo.cli;

import dev.elbo.data.Content;
import dev.elbo.data.Datasets;
import dev.elbo.data.Examples;
import dev.elbo.data.Task;
import dev.elbo.device.Device;
import dev.elbo.inference.Model;
import dev.elbo.inference.Run;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code elbo train}: trains a model, or goes on with one. */
@Command(
    name = "train",
    description = "Trains a Bayesian network on data, or goes on with an interrupted run.",
    customSynopsis = {"elbo train <data> [options] [--out DIR]", "       elbo train --resume DIR"},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  /** What may be given to a run that goes on: none of it changes its result. */
  private static final Set<String> FOR_RESUME =
      Set.of("--resume", "--threads", "--low-memory", "--checkpoint-every", "--data-dir");

  private final Host host;
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "<data>",
      description =
          "Built-in set (see elbo data), folder of IDX files, CSV file or .txt, plain or gz")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder for model.safetensors, history.csv, metrics.json. Default: run-<data>")
  private Optional<Path> out = Optional.empty();

  @Option(
      names = "--resume",
      paramLabel = "DIR",
      description = "Go on with the run in a folder, with the options it was started with")
  private Optional<Path> resume = Optional.empty();

  @Option(
      names = "--checkpoint-every",
      paramLabel = "EPOCHS",
      defaultValue = TrainDefaults.CHECKPOINT_EVERY,
      description = "Epochs from one checkpoint to the next. Default: ${DEFAULT-VALUE}")
  private int checkpointEvery;

  @Option(
      names = "--predict-samples",
      paramLabel = "N",
      description =
          "Samples of an evaluation, of the weights and of the latent variables of a vae; of "
              + "--ensemble M the next multiple of M, or M where weights are points; 1 where there "
              + "is nothing to sample. Default: "
              + TrainDefaults.PREDICT_SAMPLES_RULE)
  private Optional<Integer> predictSamples = Optional.empty();

  @ArgGroup(validate = false, heading = "%nData%n")
  private final DataOptions dataOptions = new DataOptions();

  @ArgGroup(validate = false, heading = "")
  private final DataFolders folders = new DataFolders();

  @Mixin private final ModelOptions modelOptions = new ModelOptions();

  @ArgGroup(validate = false, heading = "%nTraining%n")
  private final TrainingOptions trainingOptions = new TrainingOptions();

  @ArgGroup(validate = false, heading = "%nDevice%n")
  private final DeviceOptions deviceOptions = new DeviceOptions();

  TrainCommand(Host host) {
    this.host = host;
    this.spec = CommandSpec.create();
  }

  @Override
  public Integer call() {
    Check.atLeast("--checkpoint-every", 1, checkpointEvery);
    deviceOptions.check();
    refuseRepeated();
    Path folder = resume.isPresent() ? goOn(resume.get()) : start();
    host.out().println(folder);
    return 0;
  }

  private Path start() {
    String name = data.orElseThrow(TrainCommand::missing);
    check();
    RunDirectory directory = RunDirectory.forNew(out.orElseGet(() -> defaultFolder(name)));
    DeviceChoice choice = deviceOptions.choose();
    Datasets datasets = folders.datasets(host.variables());
    Origin given = origin(name, choice);
    TrainingData parts =
        TrainingData.of(given.open(datasets), given.validationFraction(), trainingOptions.seed);
    ModelKind kind = modelOptions.kind(parts.schema());
    check(kind, parts);
    int observations = modelOptions.observations(kind, parts);
    TrainDefaults defaults = TrainDefaults.of(kind, parts.schema(), observations);
    Network network = modelOptions.network(parts.schema(), defaults, trainingOptions.ivon());
    parts.checkTargets(network.likelihood());
    Origin origin =
        given.withPredictSamples(modelOptions.predictSamples(kind, network, predictSamples));
    Model model = new Model(network, parts.normalization(network.likelihood()));
    Training training = trainingOptions.training(defaults, modelOptions.vae);
    try (Device device = deviceOptions.open(choice)) {
      loop(
              device,
              directory,
              parts,
              model,
              training,
              origin.absolute(datasets).json(),
              origin.predictSamples())
          .start(List.of(choice.about(), about(parts)));
    }
    return directory.folder();
  }

  private Path goOn(Path folder) {
    refuseOtherOptions();
    RunDirectory directory = RunDirectory.existing(folder);
    Run run = directory.read();
    Origin origin = Origin.parse(run.origin(), directory.model());
    if (folders.dataDir.isEmpty()) {
      folders.dataDir = origin.dataDir().map(Path::of);
    }
    TrainingData parts =
        TrainingData.of(
            origin.open(folders.datasets(host.variables())),
            origin.validationFraction(),
            run.training().seed());
    parts.checkIsOf(run);
    DeviceChoice choice = DeviceChoice.again(origin.device(), origin.precision());
    try (Device device = deviceOptions.open(choice)) {
      TrainingLoop loop =
          loop(
              device,
              directory,
              parts,
              run.model(),
              run.training(),
              run.origin(),
              origin.predictSamples());
      loop.resume(run.state());
    }
    return folder;
  }

  private TrainingLoop loop(
      Device device,
      RunDirectory directory,
      TrainingData parts,
      Model model,
      Training training,
      String origin,
      int samples) {
    return new TrainingLoop(
        host, device, directory, parts, model, training, origin, samples, checkpointEvery);
  }

  private void check() {
    modelOptions.check();
    modelOptions.model.ifPresent(kind -> kind.checkHas(matched()));
    trainingOptions.check(dataOptions.validationFraction);
    predictSamples.ifPresent(n -> Check.atLeast("--predict-samples", 1, n));
    boolean ivon = trainingOptions.ivon();
    if (ivon && given().contains("--init-sigma")) {
      throw new IllegalArgumentException(
          "--init-sigma does not go with --optimizer ivon: its scales follow from --hessian-init");
    }
    Optional<WeightOptions.PriorKind> prior = modelOptions.weights.prior;
    if (ivon && prior.isPresent() && prior.get() != WeightOptions.PriorKind.GAUSSIAN) {
      throw new IllegalArgumentException(
          "--prior %s does not go with --optimizer ivon, which needs a gaussian prior"
              .formatted(Choices.name(prior.get())));
    }
  }

  /** Refuses what does not go with the data, or with the kind of model that it asks for. */
  private void check(ModelKind kind, TrainingData parts) {
    kind.checkIsFor(parts.schema(), parts.name());
    kind.checkHas(matched());
    modelOptions.check(kind, trainingOptions, given());
    trainingOptions.check(modelOptions.points(kind), parts.validation().isPresent());
    boolean bayesian = modelOptions.bayesian(kind);
    modelOptions.vae.checkBound(bayesian, trainingOptions.klWeight, trainingOptions.klWarmup);
  }

  private List<OptionSpec> matched() {
    return spec.commandLine().getParseResult().matchedOptions();
  }

  private List<String> given() {
    return matched().stream().map(OptionSpec::longestName).toList();
  }

  /** picocli overwrites the first value of an option in a group without a word. */
  private void refuseRepeated() {
    Set<String> seen = new HashSet<>();
    for (String name : given()) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(name + " is given more than once");
      }
    }
  }

  private void refuseOtherOptions() {
    String why = " cannot be given with --resume: the run goes on as it was started";
    if (data.isPresent()) {
      throw new IllegalArgumentException("<data> '" + data.get() + "'" + why);
    }
    given().stream()
        .filter(name -> !FOR_RESUME.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(name + why);
            });
  }

  private Origin origin(String name, DeviceChoice choice) {
    return new Origin(
        name,
        folders.dataDir.map(Path::toString),
        dataOptions.target,
        dataOptions.test.map(Path::toString),
        task(),
        dataOptions.validationFraction,
        1,
        choice.name(),
        choice.precision());
  }

  /** What is learned, where the user says so, or says it by the kind of model. */
  private Optional<Task> task() {
    boolean vae = modelOptions.model.equals(Optional.of(ModelKind.VAE));
    return dataOptions.task.or(() -> vae ? Optional.of(Task.DENSITY_ESTIMATION) : Optional.empty());
  }

  /** "run-" and the name of the data without its folder and what follows its first dot. */
  private static Path defaultFolder(String name) {
    String file = String.valueOf(Path.of(name).toAbsolutePath().normalize().getFileName());
    return Path.of("run-" + file.replaceFirst("(?<=.)\\..*", ""));
  }

  private String about(TrainingData parts) {
    boolean table = parts.schema().content() instanceof Content.Table;
    String guess = table && task().isEmpty() ? ", guessed: see --task" : "";
    String target =
        switch (parts.schema().task()) {
          case CLASSIFICATION -> ", " + parts.schema().classes().size() + " classes";
          case REGRESSION -> ", target '" + parts.schema().target().orElseThrow() + "'";
          case DENSITY_ESTIMATION -> "";
        };
    return "data: %s, %d examples, %s for validation, %s to test; %d inputs%s (%s%s)"
        .formatted(
            parts.name(),
            parts.train().size(),
            count(parts.validation()),
            count(parts.test()),
            parts.schema().features().size(),
            target,
            Choices.name(parts.schema().task()),
            guess);
  }

  private static String count(Optional<Examples> examples) {
    return examples.map(e -> String.valueOf(e.size())).orElse("none");
  }

  private static IllegalArgumentException missing() {
    return new IllegalArgumentException(
        "<data> is missing: a built-in set (see elbo data), a folder of IDX files, or a CSV file");
  }
}
