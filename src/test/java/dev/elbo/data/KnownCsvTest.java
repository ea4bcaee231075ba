package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are read with the schema of another. */
class KnownCsvTest {
  private static final Schema NAMED =
      new Schema(
          Task.REGRESSION, List.of("a", "b"), Optional.of("y"), List.of(), new Content.Table());
  private static final Schema CLASSES =
      new Schema(
          Task.CLASSIFICATION,
          List.of("a", "b"),
          Optional.of("y"),
          List.of("no", "yes"),
          new Content.Table());
  private static final Schema POSITIONS =
      new Schema(
          Task.CLASSIFICATION,
          List.of("0", "2"),
          Optional.of("1"),
          List.of("3", "5"),
          new Content.Table());

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return TestFiles.write(folder, "t.csv", text);
  }

  private void assertRefused(String text, Schema schema, String problem) throws IOException {
    Path file = file(text);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> CsvReader.read(file, schema))
        .withMessage(file + ": " + problem);
  }

  private void assertInputsRefused(String text, Schema schema, String problem) throws IOException {
    Path file = file(text);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> CsvReader.readInputs(file, schema))
        .withMessage(file + ": " + problem);
  }

  @Test
  void readsNamedColumnsWithTheTargetAnywhere() throws IOException {
    for (String text : List.of("a,b,y\n1,2,3\n", "y,a,b\n3,1,2\n", "a,y,b\n1,3,2\n")) {
      Examples examples = CsvReader.read(file(text), NAMED);
      assertThat(examples.inputs()).containsExactly(1, 2);
      assertThat(examples.targets()).containsExactly(3);
    }
  }

  @Test
  void keepsTheIndicesOfClasses() throws IOException {
    Examples examples = CsvReader.read(file("a,b,y\n1,2,yes\n3,4, yes\n"), CLASSES);

    assertThat(examples.targets()).containsExactly(1, 1);
  }

  @Test
  void readsColumnsByPositionWithOrWithoutAHeader() throws IOException {
    for (String text : List.of("1,3,2\n4,5.0,6\n", "a,b,c\n1,3,2\n4,5.0,6\n")) {
      Examples examples = CsvReader.read(file(text), POSITIONS);
      assertThat(examples.inputs()).containsExactly(1, 2, 4, 6);
      assertThat(examples.targets()).containsExactly(0, 1);
    }
  }

  @Test
  void readsInputsWithOrWithoutTheTarget() throws IOException {
    for (String text : List.of("a,b\n1,2\n", "a,b,y\n1,2,?\n", "y,a,b\n,1,2\n")) {
      Examples examples = CsvReader.readInputs(file(text), NAMED);
      assertThat(examples.inputs()).containsExactly(1, 2);
      assertThat(examples.targets()).isEmpty();
    }
    for (String text : List.of("1,2\n", "a,b\n1,2\n", "1,x,2\n", "a,b,c\n1,,2\n")) {
      assertThat(CsvReader.readInputs(file(text), POSITIONS).inputs()).containsExactly(1, 2);
    }
  }

  @Test
  void keepsManyRows() throws IOException {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 1000; i++) {
      text.append("0,").append(i).append(',').append(2 * i).append('\n');
    }
    Examples examples = CsvReader.read(file(text.toString()), NAMED);

    assertThat(examples.size()).isEqualTo(1000);
    assertThat(examples.inputs()[1999]).isEqualTo(999);
    assertThat(examples.targets()[999]).isEqualTo(1998);
  }

  @Test
  void refusesOtherColumns() throws IOException {
    assertRefused("1,2,3\n", NAMED, "row 1 names no columns; expected are 'a', 'b'");
    assertRefused("a,b\n1,2\n", NAMED, "row 1 has no column 'y'");
    assertRefused("a,c,y\n1,2,3\n", NAMED, "row 1 has column 'c' in the place of 'b'");
    assertRefused("b,a,y\n1,2,3\n", NAMED, "row 1 has column 'b' in the place of 'a'");
    String tooMany = "row 1 names 3 inputs, 2 expected: 'a', 'b'";
    assertRefused("a,b,c,y\n1,2,3,4\n", NAMED, tooMany);
    assertInputsRefused("a,b,c\n1,2,3\n", NAMED, tooMany);
    assertRefused("1,3\n", POSITIONS, "row 1 has 2 fields, 3 expected");
    assertInputsRefused("1\n", POSITIONS, "row 1 has 1 field, 3 expected");
    assertRefused("a,b,c,d\n1,3,2,4\n", POSITIONS, "row 1 has 4 fields, 3 expected");
  }

  @Test
  void refusesClassesThatTheModelDoesNotKnow() throws IOException {
    String problem = "row 3, column 'y': 'maybe' is not among the classes 'no', 'yes'";
    assertRefused("a,b,y\n1,2,no\n1,2,maybe\n", CLASSES, problem);
    assertRefused("1,4,2\n", POSITIONS, "row 1, column '1': '4' is not among the classes '3', '5'");
    assertRefused("1,x,2\n", POSITIONS, "row 1, column '1': 'x' is not among the classes '3', '5'");
    assertRefused("a,b,y\n1,2,\n", CLASSES, "row 2, column 'y': missing value");
  }

  @Test
  void refusesTargetsThatAreNoNumbers() throws IOException {
    assertRefused("a,b,y\n1,2,x\n", NAMED, "row 2, column 'y': 'x' is not a number");
    assertRefused("a,b,y\n1,2,NaN\n", NAMED, "row 2, column 'y': 'NaN' is not a finite number");
  }

  @Test
  void refusesInputsThatAreNoNumbers() throws IOException {
    assertInputsRefused("a,b\n1,x\n", NAMED, "row 2, column 'b': 'x' is not a number");
    assertInputsRefused("1,2\n1,x\n", POSITIONS, "row 2, column '2': 'x' is not a number");
    assertInputsRefused("a,b\n1,2\n1\n", NAMED, "row 3 has 1 field, 2 expected");
  }

  @Test
  void refusesFilesWithoutRows() throws IOException {
    assertRefused("", NAMED, "is empty");
    assertRefused("a,b,y\n", NAMED, "has a header but no rows");
    assertInputsRefused("a,b\n", NAMED, "has a header but no rows");
  }
}
