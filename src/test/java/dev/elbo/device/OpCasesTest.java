package dev.elbo.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.OpCase.Result;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Op;
import dev.elbo.graph.Update;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table is complete, and every row runs. */
class OpCasesTest {
  static List<OpCase> cases() {
    return OpCases.all();
  }

  @Test
  void everyOperationIsInTheTable() {
    Set<Class<?>> present =
        OpCases.complete().map(row -> row.op().getClass()).collect(Collectors.toSet());
    Set<Class<?>> permitted = records(Op.class).collect(Collectors.toSet());
    permitted.removeAll(records(Leaf.class).toList());
    assertThat(present).isEqualTo(permitted);
  }

  private static Stream<Class<?>> records(Class<?> type) {
    return type.isRecord()
        ? Stream.of(type)
        : Arrays.stream(type.getPermittedSubclasses()).flatMap(OpCasesTest::records);
  }

  @Test
  void namesAreUnique() {
    List<String> names = OpCases.complete().map(OpCase::name).toList();
    assertThat(new HashSet<>(names)).hasSameSizeAs(names);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void runsOnTheReference(OpCase row) {
    Result result = row.run(new ReferenceDevice());
    assertThat(result.outputs()).hasSize(row.build().results().size());
    Stream.concat(result.outputs().values().stream(), result.parameters().values().stream())
        .forEach(values -> assertThat(values).doesNotContain(Double.NaN));
    if (row.op() instanceof Update) {
      boolean kept = row.name().contains("not finite");
      row.elements(true)
          .forEach(
              (name, before) ->
                  assertThat(sameBits(before, result.parameters().get(name)))
                      .as(name)
                      .isEqualTo(kept));
    }
  }

  /**
   * Two samples further on the results are others, for the operations that say so and for no other.
   */
  @Test
  void whatIsDrawnChangesWithTheSample() {
    Set<Op> changing = new HashSet<>();
    Set<Op> all = new HashSet<>();
    for (OpCase row : OpCases.all()) {
      if (!(row.op() instanceof Update)) {
        Result first = row.run(new ReferenceDevice());
        OpCase later =
            new OpCase(row.name(), row.op(), row.operands(), row.step(), row.firstSample() + 2);
        all.add(row.op());
        if (differs(first.outputs(), later.run(new ReferenceDevice()).outputs())) {
          changing.add(row.op());
        }
      }
    }
    assertThat(changing).isEqualTo(all.stream().filter(Op::drawn).collect(Collectors.toSet()));
  }

  private static boolean differs(Map<String, double[]> a, Map<String, double[]> b) {
    return a.keySet().stream().anyMatch(name -> !Arrays.equals(a.get(name), b.get(name)));
  }

  private static boolean sameBits(float[] before, double[] after) {
    for (int i = 0; i < before.length; i++) {
      if (before[i] != after[i]) {
        return false;
      }
    }
    return true;
  }
}
