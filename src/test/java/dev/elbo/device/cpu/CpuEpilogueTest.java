package dev.elbo.device.cpu;

import dev.elbo.device.EpilogueCases;
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

  @TestFactory
  Stream<DynamicTest> chain() {
    return cases.chain();
  }

  @TestFactory
  Stream<DynamicTest> mask() {
    return cases.mask();
  }
}
