package dev.elbo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAlignedToTheRight() {
    Map<String, Double> first = new LinkedHashMap<>();
    first.put("accuracy", 0.5);
    first.put("nll", 12.25);
    Table table = new Table().row("validation", first).row("test", Map.of("kl", 54321.0));
    assertThat(table.lines())
        .containsExactly(
            "            accuracy      nll       kl",
            "validation    0.5000  12.2500        -",
            "test               -        -  54321.0");
  }

  @Test
  void numbersHaveAboutFiveDigits() {
    assertThat(Table.format(0)).isEqualTo("0.0000");
    assertThat(Table.format(0.00012345)).isEqualTo("1.235e-04");
    assertThat(Table.format(-3.14159)).isEqualTo("-3.1416");
    assertThat(Table.format(1234.56)).isEqualTo("1234.6");
    assertThat(Table.format(1.5e9)).isEqualTo("1.500e+09");
    assertThat(Table.format(Double.NaN)).isEqualTo("NaN");
  }
}
