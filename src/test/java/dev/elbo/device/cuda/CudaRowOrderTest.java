package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.OpCase;
import dev.elbo.device.OpCases;
import dev.elbo.device.cuda.Emulation.Order;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Results are the same to the bit, in whichever order blocks and threads run and on however many
 * processors. A missing barrier, or a sum in the order of arrival, shows here.
 */
@Tag("cuda")
class CudaRowOrderTest {
  /** Rows differ in sizes and variants of few kernels: each of these kinds is met often enough. */
  private static final int EVERY = 5;

  private static CudaDevice cuda;

  @BeforeAll
  static void open() {
    EmulatedDriver.loadWithoutCard();
    cuda = new CudaDevice(0, Precision.F32);
  }

  @AfterAll
  static void close() {
    cuda.close();
    Emulation.reset();
  }

  @TestFactory
  Stream<DynamicTest> noResultDependsOnTheOrder() {
    List<OpCase> rows = OpCases.all();
    return IntStream.range(0, rows.size())
        .filter(i -> i % EVERY == 0)
        .mapToObj(rows::get)
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  private static void check(OpCase row) {
    OpCase.Result forward = run(row, 1, Order.FORWARD);
    assertSame(forward, run(row, 2, Order.REVERSE));
    assertSame(forward, run(row, 3, Order.SHUFFLED));
  }

  private static OpCase.Result run(OpCase row, int workers, Order order) {
    Emulation.configure(workers, order, row.name().hashCode());
    return row.run(cuda);
  }

  private static void assertSame(OpCase.Result expected, OpCase.Result actual) {
    assertSame(expected.outputs(), actual.outputs());
    assertSame(expected.parameters(), actual.parameters());
  }

  private static void assertSame(Map<String, double[]> expected, Map<String, double[]> actual) {
    expected.forEach((name, values) -> assertThat(actual.get(name)).as(name).isEqualTo(values));
  }
}
