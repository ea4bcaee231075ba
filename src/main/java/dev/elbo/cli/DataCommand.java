package dev.elbo.cli;

import dev.elbo.data.BuiltIn;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

/** {@code elbo data}: tells what data is built in. */
@Command(
    name = "data",
    description = "Tells what data sets have a name, and where they are.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    usageHelpWidth = 100,
    sortOptions = false)
final class DataCommand implements Callable<Integer> {
  private final Host host;

  @ArgGroup(validate = false, heading = "")
  private final DataFolders folders = new DataFolders();

  DataCommand(Host host) {
    this.host = host;
  }

  @Override
  public Integer call() {
    for (BuiltIn.Entry entry : folders.datasets(host.variables()).builtIn().entries()) {
      host.out().println("%-15s %s".formatted(entry.name(), entry.about()));
      host.out().println(" ".repeat(16) + entry.place().orElse(absent(entry)));
    }
    return 0;
  }

  private static String absent(BuiltIn.Entry entry) {
    return entry.downloadable()
        ? "not here: downloaded when it is first used"
        : "not here: elbo train " + entry.name() + " says which files to put where";
  }
}
