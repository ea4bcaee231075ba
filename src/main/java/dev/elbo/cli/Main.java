package dev.elbo.cli;

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
    versionProvider = Version.class)
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main(CommandSpec spec) {
    this.spec = spec;
  }

  /** Runs the command that the arguments name and ends the process with its exit code. */
  public static void main(String[] args) {
    StandardError.restore();
    System.exit(commandLine().execute(args));
  }

  /** The command line with all its subcommands. */
  static CommandLine commandLine() {
    return new CommandLine(new Main(CommandSpec.create()));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing; try elbo --help");
  }
}
