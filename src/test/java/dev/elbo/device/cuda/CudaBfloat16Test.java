package dev.elbo.device.cuda;

import dev.elbo.device.AgainstReference;
import dev.elbo.device.OpCase;
import dev.elbo.device.OpCases;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.Update;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** The rows of matrix products with bfloat16 operands against the reference. */
@Tag("cuda")
class CudaBfloat16Test {
  private static CudaDevice cuda;

  @BeforeAll
  static void open() {
    EmulatedDriver.load();
    cuda = new CudaDevice(0, Precision.BF16);
  }

  @AfterAll
  static void close() {
    cuda.close();
  }

  @TestFactory
  Stream<DynamicTest> everyProduct() {
    return OpCases.all().stream()
        .filter(CudaBfloat16Test::multiplies)
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.name(), () -> AgainstReference.checkBfloat16(row, cuda)));
  }

  private static boolean multiplies(OpCase row) {
    return switch (row.op()) {
      case Linear op -> true;
      case LinearBackwardInput op -> true;
      case LinearBackwardWeight op -> true;
      case VariationalLinear op -> true;
      case VariationalLinearBackwardInput op -> true;
      case LocalLinear op -> true;
      case LocalLinearBackwardInput op -> true;
      case FlipoutLinear op -> true;
      case FlipoutLinearBackwardInput op -> true;
      case WeightGradient.SampleBackward op -> false;
      case WeightGradient op -> true;
      case Update.FusedUpdate op -> !(op.gradient() instanceof WeightGradient.SampleBackward);
      default -> false;
    };
  }
}
