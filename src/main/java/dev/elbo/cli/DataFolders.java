package dev.elbo.cli;

import dev.elbo.data.BuiltIn;
import dev.elbo.data.Datasets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where built-in data sets are looked for. */
final class DataFolders {
  /** Where Debian's packages put data sets. */
  private static final Path SYSTEM = Path.of("/usr/share/datasets");

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Folder of built-in data sets. Default: the system's, then the user's cache, into which "
              + "they are else downloaded")
  Optional<Path> dataDir = Optional.empty();

  /** What can be opened by name, folder or file. */
  Datasets datasets(Map<String, String> variables) {
    return new Datasets(builtIn(dataDir, variables));
  }

  /** What can be opened by name. */
  static BuiltIn builtIn(Optional<Path> first, Map<String, String> variables) {
    List<Path> folders = new ArrayList<>();
    first.ifPresent(folders::add);
    folders.add(SYSTEM);
    return new BuiltIn(folders, cache(variables));
  }

  /** The folder for downloads by the XDG base directory specification. */
  private static Optional<Path> cache(Map<String, String> variables) {
    Optional<Path> named =
        Optional.ofNullable(variables.get("XDG_CACHE_HOME"))
            .filter(value -> !value.isEmpty())
            .map(Path::of)
            .filter(Path::isAbsolute);
    return named
        .or(() -> Optional.ofNullable(variables.get("HOME")).map(home -> Path.of(home, ".cache")))
        .map(parent -> parent.resolve("elbo"));
  }
}
