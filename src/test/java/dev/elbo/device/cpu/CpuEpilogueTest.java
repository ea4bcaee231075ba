package dev.elbo.device.cpu;

import dev.elbo.device.EpilogueCases;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class CpuEpilogueTest {
  private static final CpuDevice CPU = new CpuDevice(2);
  private final EpilogueCases cases = new EpilogueCases(CPU, Epilogue.ALL);

  @AfterAll
  static void close() {
    CPU.close();
  }

  @TestFactory
  Stream<DynamicTest> biasAndRelu() {
    return cases.biasAndRelu();
  }

  /** The last are too many to be kept in panels. */
  @TestFactory
  Stream<DynamicTest> chain() {
    return cases.chain(List.of(1, 64, 67, 257, 30_000));
  }

  @TestFactory
  Stream<DynamicTest> mask() {
    return cases.mask();
  }
}
