package dev.elbo.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/** What {@code elbo --version} prints: the version that the build wrote into the jar. */
final class Version implements IVersionProvider {
  private static final String RESOURCE = "version.txt";

  @Override
  public String[] getVersion() throws IOException {
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new FileNotFoundException("the jar lacks dev/elbo/cli/" + RESOURCE);
      }
      return new String[] {"elbo " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
    }
  }
}
