package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StandardErrorTest {
  @AfterEach
  void nothingIsRedirected() {
    System.clearProperty("elbo.stderr");
  }

  @Test
  void aBadDescriptorIsAnError() {
    // far beyond any limit on open files, so dup2 fails and leaves descriptor 2 alone
    System.setProperty("elbo.stderr", "1000000000");
    assertThatThrownBy(StandardError::restore)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "standard error cannot be restored: descriptor 1000000000 (elbo.stderr) is bad");
  }

  @Test
  void aKeptDescriptorTakesThePlaceOfStandardError() throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "exec \"$0\" --enable-native-access=ALL-UNNAMED -Delbo.stderr=9 -cp \"$1\""
                    + " dev.elbo.cli.Main 9>&2 2>/dev/null",
                ProcessHandle.current().info().command().orElseThrow(),
                System.getProperty("java.class.path"))
            .start();
    String err = new String(process.getErrorStream().readAllBytes());
    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(err).startsWith("elbo: a command is missing");
  }
}
