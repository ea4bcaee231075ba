package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckpointExceptionTest {
  @Test
  void theMessageIsOneLine() {
    CheckpointException e = new CheckpointException("a\nb", "c\r\td\u2028e\u0085f");
    assertThat(e).hasMessage("a\\u000ab: c\\u000d\\u0009d\\u2028e\\u0085f");
  }

  @Test
  void theCauseIsKept() {
    RuntimeException cause = new RuntimeException();
    assertThat(new CheckpointException("file", "problem", cause))
        .hasMessage("file: problem")
        .hasCause(cause);
  }

  @Test
  void longValuesAreCut() {
    assertThat(CheckpointException.quote("x".repeat(60))).isEqualTo("'" + "x".repeat(60) + "'");
    assertThat(CheckpointException.quote("x".repeat(61))).isEqualTo("'" + "x".repeat(60) + "...'");
  }
}
