package dev.elbo.device.cpu;

import dev.elbo.device.AgainstReference;
import dev.elbo.device.OpCases;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every row of the table on the CPU against the reference. */
class CpuReferenceTest {
  private static final CpuDevice CPU = new CpuDevice(2);

  @AfterAll
  static void close() {
    CPU.close();
  }

  @TestFactory
  Stream<DynamicTest> everyRow() {
    return OpCases.all().stream()
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> AgainstReference.check(row, CPU)));
  }
}
