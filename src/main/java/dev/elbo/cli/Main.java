package dev.elbo.cli;

import dev.elbo.data.Task;
import dev.elbo.device.cuda.Precision;
import dev.elbo.inference.EarlyStopping;
import dev.elbo.inference.LatentBound;
import dev.elbo.layer.Estimator;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program {@code elbo}: trains, evaluates and uses Bayesian neural networks. */
@Command(
    name = "elbo",
    description = "Variational inference for Bayesian deep learning.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "elbo COMMAND --help tells about one command. Exit status: 0 done, 1 failed, 2 wrong input."
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main(CommandSpec spec) {
    this.spec = spec;
  }

  /** Runs the command that the arguments name and ends the process with its exit code. */
  public static void main(String[] args) {
    StandardError.restore();
    Host host =
        new Host(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            StandardError::isTerminal,
            System.getenv());
    int code = run(List.of(args), host);
    System.exit(code);
  }

  /** Runs a command and returns its exit code. */
  static int run(List<String> args, Host host) {
    int code;
    try {
      code = commandLine(host).execute(args.toArray(String[]::new));
    } catch (OutOfMemoryError e) {
      code = new Failures(host).tell(e);
    }
    host.out().flush();
    host.err().flush();
    return code;
  }

  /** The command line with all its subcommands. */
  static CommandLine commandLine(Host host) {
    Failures failures = new Failures(host);
    CommandLine line =
        new CommandLine(new Main(CommandSpec.create()))
            .addSubcommand(new TrainCommand(host))
            .addSubcommand(new EvaluateCommand(host))
            .addSubcommand(new PredictCommand(host))
            .addSubcommand(new GenerateCommand(host))
            .addSubcommand(new ReconstructCommand(host))
            .addSubcommand(new DoctorCommand(host))
            .addSubcommand(new DataCommand(host))
            .setOut(host.out())
            .setErr(host.err())
            .setParameterExceptionHandler(failures)
            .setExecutionExceptionHandler(failures);
    register(line, Task.class);
    register(line, Estimator.class);
    register(line, EarlyStopping.Score.class);
    register(line, ModelKind.class);
    register(line, WeightOptions.PosteriorKind.class);
    register(line, WeightOptions.PriorKind.class);
    register(line, HiddenOptions.Activation.class);
    register(line, MlpOptions.LikelihoodKind.class);
    register(line, CovarianceOptions.Kind.class);
    register(line, VaeOptions.Decoder.class);
    register(line, LatentBound.class);
    register(line, TrainingOptions.OptimizerKind.class);
    register(line, TrainingOptions.ScheduleKind.class);
    register(line, Precision.class);
    return line;
  }

  private static <E extends Enum<E>> void register(CommandLine line, Class<E> type) {
    line.registerConverter(type, new Choices<>(type));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing; try elbo --help");
  }
}
