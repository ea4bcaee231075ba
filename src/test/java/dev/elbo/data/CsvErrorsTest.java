package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvErrorsTest {
  private static final Optional<String> LAST = Optional.empty();
  private static final Optional<Task> GUESS = Optional.empty();
  private static final Optional<Task> REGRESSION = Optional.of(Task.REGRESSION);
  private static final Optional<Task> CLASSIFICATION = Optional.of(Task.CLASSIFICATION);

  @TempDir private Path folder;

  private void assertRefused(
      String text, Optional<String> target, Optional<Task> task, String problem)
      throws IOException {
    assertRefused(text.getBytes(StandardCharsets.UTF_8), target, task, problem);
  }

  private void assertRefused(
      byte[] bytes, Optional<String> target, Optional<Task> task, String problem)
      throws IOException {
    Path file = TestFiles.write(folder, "t.csv", bytes);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> CsvReader.read(file, target, task))
        .withMessage(file + ": " + problem);
  }

  @Test
  void refusesFilesWithoutExamples() throws IOException {
    assertRefused("", LAST, GUESS, "is empty");
    assertRefused("\n\n", LAST, GUESS, "is empty");
    assertRefused("a,b,y\n", LAST, GUESS, "has a header but no rows");
    assertRefused("1,2,y\n", LAST, GUESS, "has a header but no rows");
  }

  @ParameterizedTest
  @CsvSource({
    "'', missing value",
    "' ', missing value",
    "abc, '''abc'' is not a number'",
    "?, '''?'' is not a number'",
    "NaN, '''NaN'' is not a finite number'",
    "-inf, '''-inf'' is not a finite number'",
    "1e39, '''1e39'' is beyond the range of a 32-bit float'"
  })
  void namesRowColumnAndValue(String value, String problem) throws IOException {
    String input = "row 3, column 'age': " + problem;
    assertRefused("age,y\n1,2\n" + value + ",4\n", LAST, GUESS, input);
    String target = "row 4, column 'y': " + problem;
    assertRefused("age,y\n\n1,2\n3," + value + "\n", LAST, REGRESSION, target);
    String unnamed = "row 2, column '1': " + problem;
    assertRefused("1,2,3\n4," + value + ",6\n", LAST, GUESS, unnamed);
  }

  @Test
  void aMissingOrNotFiniteTargetIsNoClass() throws IOException {
    assertRefused("x,y\n1,a\n1,b\n1,\n", LAST, GUESS, "row 4, column 'y': missing value");
    assertRefused(
        "x,y\n1,a\n1,nan\n", LAST, GUESS, "row 3, column 'y': 'nan' is not a finite number");
  }

  @Test
  void aFirstRowWithAMissingValueIsNoHeader() throws IOException {
    assertRefused("1,,3\n4,5,6\n", LAST, GUESS, "row 1, column '1': missing value");
  }

  @Test
  void textInATargetOfManyNumbersIsAnError() throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < 30; i++) {
      text.append("1,").append(i + 0.5).append('\n');
    }
    text.append("1,NA\n1,NA\n");
    assertRefused(text.toString(), LAST, GUESS, "row 32, column 'y': 'NA' is not a number");
  }

  @Test
  void refusesRaggedRows() throws IOException {
    assertRefused("a,b,y\n1,2,3\n1,2\n", LAST, GUESS, "row 3 has 2 fields, 3 expected");
    assertRefused("a,b,y\n1,2,3\n1\n", LAST, GUESS, "row 3 has 1 field, 3 expected");
    assertRefused("1,2,3\n1,2,3,\n", LAST, GUESS, "row 2 has 4 fields, 3 expected");
  }

  @Test
  void refusesOneColumn() throws IOException {
    assertRefused(
        "a;b;y\n1;2;3\n",
        LAST,
        GUESS,
        "row 1 has one field; inputs and a target are needed, with commas between them");
  }

  @Test
  void refusesTargetsOfOneValue() throws IOException {
    assertRefused("x,y\n1,a\n2,a\n", LAST, GUESS, "target 'y' has only one class, 'a'");
    assertRefused("x,y\n1,2\n2,2.0\n", LAST, CLASSIFICATION, "target 'y' has only one class, '2'");
    assertRefused("x,y\n1,2\n2,2.0\n", LAST, REGRESSION, "target 'y' is constant, 2.0");
  }

  @Test
  void refusesMoreClassesThanAnyTableHas() throws IOException {
    StringBuilder text = new StringBuilder("x,name\n");
    for (int i = 0; i < 10_001; i++) {
      text.append("1,n").append(i).append('\n');
    }
    assertRefused(text.toString(), LAST, GUESS, "target 'name' has 10001 classes, more than 10000");
  }

  @Test
  void listsTheColumnsWhenTheTargetIsUnknown() throws IOException {
    assertRefused(
        "a,b,y\n1,2,3\n",
        Optional.of("z"),
        GUESS,
        "no column 'z' to be the target; there are 'a', 'b', 'y'");
    for (String target : new String[] {"3", "-1", "01", "99999999999"}) {
      assertRefused(
          "1,2,3\n",
          Optional.of(target),
          GUESS,
          "no column '" + target + "' to be the target; there are '0', '1', '2'");
    }
  }

  @Test
  void refusesColumnsOfOneName() throws IOException {
    assertRefused(
        "a,b, a,y\n1,2,3,4\n", LAST, GUESS, "columns 0 and 2 (from 0) have the same name, 'a'");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    byte[] latin = "x,y\n1,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(latin, LAST, GUESS, "not UTF-8 text");
    assertRefused("x,y\n1,2\n".getBytes(StandardCharsets.UTF_16), LAST, GUESS, "not UTF-8 text");
  }

  @Test
  void refusesDamagedQuotes() throws IOException {
    assertRefused(
        "x,y\n1,\"2\"3\n",
        LAST,
        GUESS,
        "Unexpected character after closing quote: '3' (0x33) (record starting at line 2)");
    Path file = TestFiles.write(folder, "t.csv", "x,y\n1,\"2\n");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> CsvReader.read(file, LAST, GUESS))
        .withMessageStartingWith(file + ": ")
        .withMessageContaining("line 2");
  }

  @Test
  void refusesDamagedGz() throws IOException {
    byte[] packed = TestFiles.gz("1,2\n3,4\n".repeat(100));
    assertRefused(
        Arrays.copyOf(packed, packed.length - 9),
        LAST,
        REGRESSION,
        "truncated: its gzip data ends too early");
    packed[packed.length - 8] ^= 1;
    assertRefused(packed, LAST, REGRESSION, "damaged gzip data (Corrupt GZIP trailer)");
  }

  @Test
  void refusesWhatIsNoFile() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> CsvReader.read(folder, LAST, GUESS))
        .withMessage(folder + ": is a folder, not a file");
    Path missing = folder.resolve("missing.csv");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> CsvReader.read(missing, LAST, GUESS))
        .withMessage(missing + ": no such file");
  }

  /** Text that goes on with the same characters for 2 GB. */
  private static final class Endless extends InputStream {
    private final byte[] start;
    private final byte[] period;
    private long at;

    Endless(String start, String period) {
      this.start = start.getBytes(StandardCharsets.UTF_8);
      this.period = period.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read() {
      long i = at++;
      if (i >= 1L << 31) {
        return -1;
      }
      return i < start.length ? start[(int) i] : period[(int) ((i - start.length) % period.length)];
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      for (int i = 0; i < length; i++) {
        int next = read();
        if (next < 0) {
          return i == 0 ? -1 : i;
        }
        bytes[offset + i] = (byte) next;
      }
      return length;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'x,y', a, the maximum buffer size of 2097152 is insufficient",
    "'x,y\n1,\"', a, the maximum buffer size of 2097152 is insufficient",
    "'x,y\n1,', 0, the maximum buffer size of 2097152 is insufficient",
    "'x,y\n', '1,', surpassed the maximum limit of 65536 fields"
  })
  void aLineOfTwoGigabytesFillsNoMemory(String start, String period, String problem)
      throws IOException {
    Endless text = new Endless(start, period);
    CsvRows rows = new CsvRows(Source.of("long.csv", text));
    long allocated =
        Allocation.of(
            () ->
                assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> new NewCsv(rows, LAST).read("long.csv", GUESS))
                    .satisfies(e -> assertThat(e.getMessage()).containsIgnoringCase(problem))
                    .withMessageStartingWith("long.csv: "));

    assertThat(text.at).isLessThan(32 << 20);
    assertThat(allocated).isLessThan(128 << 20);
  }

  @Test
  void refusesLongFieldsAndRows() throws IOException {
    assertRefused(
        "x,y\n" + "1".repeat((1 << 20) + 1) + ",2\n",
        LAST,
        GUESS,
        "Field at index 0 in record starting at line 2 exceeds the max field size of 1048576"
            + " characters");
    assertRefused(
        "x,y\n" + ("1".repeat(1 << 20) + ",").repeat(17) + "\n",
        LAST,
        GUESS,
        "Field at index 16 in record starting at line 2 exceeds the max record size of 16777216"
            + " characters");
  }
}
