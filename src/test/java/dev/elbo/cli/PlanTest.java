package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code elbo doctor --plan} says. */
class PlanTest {
  private static List<String> plan(Object... options) {
    Cli.Result result = Cli.run(options);
    assertThat(result.code()).as(result.err()).isZero();
    return result.out().lines().toList();
  }

  @Test
  void aStepOfTwoLayers() {
    List<String> lines = plan("doctor", "--plan", "784,1200,10", "--precision", "bf16");
    assertThat(lines.getFirst().split("\\s+")).contains("blocks", "MB", "Mflop", "Mnormals", "us");
    // 128 · 784 · 1200 multiply-adds in 2 · 19 tiles of 6 parts; x, W, the bias and relu(y) alone
    // pass through memory: 4 · 128 · 784 + 2 · 1200 · 784 + 4 · 1200 + 4 · 128 · 1200 bytes.
    assertThat(lines.stream().filter(line -> line.startsWith("VariationalLinear AddBias Unary")))
        .singleElement()
        .asString()
        .startsWith("VariationalLinear AddBias Unary [128x1200], weights ahead: memory ")
        .contains(" 2.9022 ", " 240.8448 ", " 228.0000");
    assertThat(lines.stream().filter(line -> line.startsWith("FusedUpdate(VariationalLinear")))
        .hasSize(2)
        .first()
        .asString()
        .contains(" [1200x784], weights ahead: ");
    assertThat(lines.getLast())
        .matches("\\d+\\.\\d+ us a step beside the launches of \\d+ operations; .* bytes a weight");
  }

  @Test
  void manySamplesAreDrawnInTheTiles() {
    List<String> lines =
        plan("doctor", "--plan", "512,512,1", "--batch", 64, "--samples", 16, "--antithetic");
    assertThat(lines).anyMatch(line -> line.contains("[1024x512], weights in tile: "));
    assertThat(lines).anyMatch(line -> line.startsWith("Gaussian [1024x1]: "));
  }

  @Test
  void estimatorAndOptimizerAreThoseOfTraining() {
    // mu, the gradient's average and the Hessian, read and written: 24 bytes a weight, of W in bf16
    // 2 more; log_sigma follows from the Hessian; x and dy of 64 examples; a few numbers.
    double megabytes = (26 * 512 * 512 + 4.0 * 64 * (512 + 512)) / 1e6;
    assertThat(
            plan(
                "doctor",
                "--plan",
                "512,512,1",
                "--batch",
                64,
                "--precision",
                "bf16",
                "--optimizer",
                "ivon"))
        .anyMatch(line -> line.startsWith("FusedUpdate(") && line.contains(", Ivon) [512x512]"))
        .anyMatch(line -> line.contains(String.format(Locale.ROOT, " %.4f", megabytes)));
    assertThat(plan("doctor", "--plan", "13,50,1", "--batch", 32, "--ensemble", 132))
        .anyMatch(line -> line.startsWith("Linear AddBias Unary [4224x50]: "))
        .anyMatch(line -> line.startsWith("Sample [6600x13]: "));
    assertThat(plan("doctor", "--plan", "7,5,2", "--estimator", "flipout"))
        .anyMatch(line -> line.startsWith("FlipoutLinear AddBias Unary [128x5]: "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --batch 5                  | elbo: Missing required argument(s): --plan=N,N,...
          --plan 7                   | --plan takes the units of inputs, hidden layers and outputs
          --plan none                | --plan takes the units of inputs, hidden layers and outputs
          --plan 7,x                 | '7,x' is not 'none' or numbers of units, at least 1
          --plan 7,2 --ensemble 1    | --ensemble must be at least 2, got 1
          --plan 7,2 --batch 0       | --batch must be at least 1, got 0
          --plan 7,2 --samples 0     | --samples must be at least 1, got 0
          --plan 7,2 --precision f16 | 'f16' is none of f32, bf16
          --plan 7,2 --samples 3 --antithetic | antithetic pairs need an even number of samples, got 3
          """)
  void badPlansAreOneLine(String options, String message) {
    Cli.Result result = Cli.run((Object[]) ("doctor " + options).split(" "));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err().lines()).singleElement().asString().contains(message);
  }
}
