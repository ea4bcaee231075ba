package dev.elbo.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line in a process of its own. */
final class Child {
  private static final List<String> VECTORS = List.of("--add-modules", "jdk.incubator.vector");

  private Child() {}

  /** Starts a command; its standard error goes to a file. */
  static Process start(Path err, List<String> args) throws IOException {
    return new ProcessBuilder(command(args)).redirectError(err.toFile()).start();
  }

  /** Starts a command that can write no file larger than a number of 512-byte blocks. */
  static Process startLimited(Path err, long blocks, List<String> args) throws IOException {
    List<String> shell =
        new ArrayList<>(List.of("sh", "-c", "ulimit -f " + blocks + "; exec \"$@\"", "sh"));
    shell.addAll(command(args));
    return new ProcessBuilder(shell).redirectError(err.toFile()).start();
  }

  /** Starts a command in a Java that lacks the Vector API. */
  static Process startWithoutVectors(Path err, List<String> args) throws IOException {
    List<String> command = command(args);
    command.removeAll(VECTORS);
    return new ProcessBuilder(command).redirectError(err.toFile()).start();
  }

  /** Starts a command in a Java whose vectors have four floats. */
  static Process startWithNarrowVectors(Path err, List<String> args) throws IOException {
    List<String> command = command(args);
    command.add(1, "-XX:MaxVectorSize=16");
    return new ProcessBuilder(command).redirectError(err.toFile()).start();
  }

  private static List<String> command(List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(VECTORS);
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.elbo.cli.Main"));
    command.addAll(args);
    return command;
  }
}
