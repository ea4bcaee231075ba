package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataExceptionTest {
  @Test
  void messageIsOneLineWhateverTheValueHolds() {
    DataException e = DataException.at("a\nb.csv", 3, "c\rd", "'x\u2028\u0000' is not a number");

    assertThat(e)
        .hasMessage("a\\u000ab.csv: row 3, column 'c\\u000dd': 'x\\u2028\\u0000' is not a number");
  }

  @Test
  void longValuesAreCut() {
    assertThat(DataException.quote("x".repeat(40))).isEqualTo("'" + "x".repeat(40) + "'");
    assertThat(DataException.quote("x".repeat(41)))
        .isEqualTo("'" + "x".repeat(40) + "...' (41 characters)");
  }

  @Test
  void longListsAreCut() {
    List<String> names = IntStream.range(0, 13).mapToObj(Integer::toString).toList();

    assertThat(DataException.quote(names.subList(0, 2))).isEqualTo("'0', '1'");
    assertThat(DataException.quote(names)).endsWith("'10', '11', ... (13 in all)");
  }
}
