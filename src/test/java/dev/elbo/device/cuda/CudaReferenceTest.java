package dev.elbo.device.cuda;

import dev.elbo.device.AgainstReference;
import dev.elbo.device.OpCases;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every row of the table on the emulated driver against the reference. */
@Tag("cuda")
class CudaReferenceTest {
  private static CudaDevice cuda;

  @BeforeAll
  static void open() {
    EmulatedDriver.load();
    cuda = new CudaDevice(0, Precision.F32);
  }

  @AfterAll
  static void close() {
    cuda.close();
  }

  @TestFactory
  Stream<DynamicTest> everyRow() {
    return OpCases.all().stream()
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> AgainstReference.check(row, cuda)));
  }
}
