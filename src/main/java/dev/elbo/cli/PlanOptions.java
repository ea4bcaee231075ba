package dev.elbo.cli;

import dev.elbo.cli.TrainingOptions.OptimizerKind;
import dev.elbo.device.cuda.CardRates;
import dev.elbo.device.cuda.CudaOptions;
import dev.elbo.device.cuda.CudaPlan;
import dev.elbo.device.cuda.Precision;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Likelihood;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.inference.Objective;
import dev.elbo.inference.RateSchedule;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Network;
import dev.elbo.layer.Sampling;
import dev.elbo.model.Mlp;
import dev.elbo.report.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which training step {@code elbo doctor} shall plan for a card. */
final class PlanOptions {
  private static final double MICRO = 1e6;

  @Option(
      names = "--plan",
      required = true,
      paramLabel = "N,N,...",
      converter = Widths.Converter.class,
      description =
          "Units from inputs to outputs, as in 784,400,400,10: tells what a card would do in a "
              + "training step of this Bayesian network, and how long on an H200 by the model of "
              + "its cost, a bound from below. It needs no card.")
  private Widths widths = new Widths(List.of());

  @Option(
      names = "--batch",
      paramLabel = "B",
      defaultValue = "128",
      description = "Examples of the step. Default: ${DEFAULT-VALUE}")
  private int batch;

  @Option(
      names = "--samples",
      paramLabel = "S",
      defaultValue = TrainDefaults.SAMPLES,
      description = "Weight samples of the step. Default: ${DEFAULT-VALUE}")
  private int samples;

  @Option(
      names = "--ensemble",
      paramLabel = "M",
      description = "Networks that train side by side. Default: one")
  private Optional<Integer> ensemble = Optional.empty();

  @Option(names = "--antithetic", description = "Draw samples in pairs mu + and - sigma eps")
  private boolean antithetic;

  @Option(
      names = "--estimator",
      paramLabel = "naive|local|flipout",
      defaultValue = TrainDefaults.ESTIMATOR,
      description = "How gradients are estimated. Default: ${DEFAULT-VALUE}")
  private Estimator estimator = Estimator.NAIVE;

  @Option(
      names = "--optimizer",
      paramLabel = "adam|sgd|ivon",
      defaultValue = TrainDefaults.OPTIMIZER,
      description = "How steps are made of gradients. Default: ${DEFAULT-VALUE}")
  private OptimizerKind optimizer = OptimizerKind.ADAM;

  @Option(
      names = "--precision",
      paramLabel = "f32|bf16",
      defaultValue = TrainDefaults.PRECISION,
      description = "Of operands. Default: ${DEFAULT-VALUE}")
  private Precision precision = Precision.F32;

  /** The plan, for people: a row an operation in the order in which they run, and their sum. */
  List<String> lines() {
    CudaPlan plan = CudaPlan.of(graph(), CudaOptions.of(precision), CardRates.H200);
    Table table = new Table();
    for (CudaPlan.Step step : plan.steps()) {
      table.row(name(step), numbers(step));
    }
    List<String> lines = new ArrayList<>(table.lines());
    double bytes = plan.steps().stream().mapToDouble(CudaPlan.Step::bytes).sum();
    lines.add(
        "%s us a step beside the launches of %d operations; %s bytes a weight"
            .formatted(
                Table.format(MICRO * plan.seconds()),
                plan.steps().size(),
                Table.format(bytes / weights())));
    return lines;
  }

  private Graph graph() {
    Check.atLeast("--batch", 1, batch);
    Check.atLeast("--samples", 1, samples);
    List<Integer> units = widths.units();
    if (units.size() < 2) {
      throw new IllegalArgumentException(
          "--plan takes the units of inputs, hidden layers and outputs, as in 784,400,400,10");
    }
    ensemble.ifPresent(members -> Check.atLeast("--ensemble", 2, members));
    int outputs = units.getLast();
    Network one =
        Mlp.variational(
            units.getFirst(),
            units.subList(1, units.size() - 1),
            Function.RELU,
            outputs > 1
                ? new Likelihood.Categorical(outputs)
                : new Likelihood.GaussianLearned(outputs, 1),
            new Prior.Gaussian(1),
            GaussianPosterior.DEFAULT);
    Network network = ensemble.map(one::ensemble).orElse(one);
    // Its rates do not change what a step costs.
    Training training =
        new Training(
            1,
            batch,
            0,
            Objective.of(new Sampling(estimator, samples, antithetic), 1, 0),
            optimizer.of(1, 1),
            new RateSchedule.Constant(),
            Optional.empty(),
            Optional.empty());
    return Trainer.graph(network, training, batch);
  }

  private long weights() {
    long weights = 0;
    List<Integer> units = widths.units();
    for (int i = 1; i < units.size(); i++) {
      weights += units.get(i) * (units.get(i - 1) + 1L);
    }
    return ensemble.orElse(1) * weights;
  }

  private static String name(CudaPlan.Step step) {
    String weights = step.weights().isEmpty() ? "" : ", weights " + step.weights();
    return "%s %s%s: %s".formatted(step.operation(), step.shape(), weights, step.bound());
  }

  private static Map<String, Double> numbers(CudaPlan.Step step) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    if (step.blocks() > 0) {
      numbers.put("blocks", (double) step.blocks());
    }
    numbers.put("MB", step.bytes() / MICRO);
    numbers.put("Mflop", step.products() / MICRO);
    numbers.put("Mnormals", step.normals() / MICRO);
    numbers.put("us", MICRO * step.seconds());
    return numbers;
  }
}
