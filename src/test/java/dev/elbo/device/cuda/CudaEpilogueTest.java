package dev.elbo.device.cuda;

import dev.elbo.device.EpilogueCases;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

@Tag("cuda")
class CudaEpilogueTest {
  private static CudaDevice cuda;
  private static EpilogueCases cases;

  @BeforeAll
  static void open() {
    EmulatedDriver.load();
    cuda = new CudaDevice(0, Precision.F32);
    cases = new EpilogueCases(cuda, new CudaEpilogues(CudaOptions.Products.OWN));
  }

  @AfterAll
  static void close() {
    cuda.close();
  }

  @TestFactory
  Stream<DynamicTest> biasAndRelu() {
    return cases.biasAndRelu();
  }

  @TestFactory
  Stream<DynamicTest> chain() {
    return cases.chain(List.of(1, 64, 67, 257));
  }

  @TestFactory
  Stream<DynamicTest> mask() {
    return cases.mask();
  }
}
