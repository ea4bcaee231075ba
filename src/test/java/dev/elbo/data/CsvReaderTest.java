package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvReaderTest {
  private static final Optional<String> LAST = Optional.empty();
  private static final Optional<Task> GUESS = Optional.empty();
  private static final Optional<Task> REGRESSION = Optional.of(Task.REGRESSION);
  private static final Optional<Task> CLASSIFICATION = Optional.of(Task.CLASSIFICATION);

  @TempDir private Path folder;

  private Path file(String text) throws IOException {
    return TestFiles.write(folder, "table.csv", text);
  }

  private Dataset read(String text, Optional<String> target, Optional<Task> task)
      throws IOException {
    return CsvReader.read(file(text), target, task);
  }

  @Test
  void readsATableWithAHeader() throws IOException {
    Dataset set = read("age,height,weight\n1,2,3.5\n4,5,6.5\n", LAST, REGRESSION);

    assertThat(set.name()).isEqualTo("table.csv");
    assertThat(set.schema())
        .isEqualTo(
            new Schema(
                Task.REGRESSION,
                List.of("age", "height"),
                Optional.of("weight"),
                List.of(),
                new Content.Table()));
    assertThat(set.train().inputs()).containsExactly(1, 2, 4, 5);
    assertThat(set.train().targets()).containsExactly(3.5f, 6.5f);
    assertThat(set.test()).isEmpty();
  }

  @Test
  void readsATableWithoutAHeader() throws IOException {
    Dataset set = read("1,2,3.5\n4,5,6.5\n", LAST, REGRESSION);

    assertThat(set.schema().features()).containsExactly("0", "1");
    assertThat(set.schema().target()).contains("2");
    assertThat(set.train().targets()).containsExactly(3.5f, 6.5f);
  }

  @Test
  void readsGzAndQuotesAndBlanksAndByteOrderMarkAndAnyLineEnd() throws IOException {
    String text = "\uFEFFa,\"b, c\",y\r\n 1 ,\"2\",3\r\r\n\n4,5,6";
    Path file = TestFiles.write(folder, "table", TestFiles.gz(text));
    Dataset set = CsvReader.read(file, LAST, REGRESSION);

    assertThat(set.schema().features()).containsExactly("a", "b, c");
    assertThat(set.train().inputs()).containsExactly(1, 2, 4, 5);
    assertThat(set.train().targets()).containsExactly(3, 6);
  }

  @Test
  void targetIsFoundByNameOrPosition() throws IOException {
    String text = "a,b,c\n1,2,3\n4,5,6\n";
    for (String target : List.of("b", "1")) {
      Dataset set = read(text, Optional.of(target), REGRESSION);
      assertThat(set.schema().target()).contains("b");
      assertThat(set.schema().features()).containsExactly("a", "c");
      assertThat(set.train().inputs()).containsExactly(1, 3, 4, 6);
      assertThat(set.train().targets()).containsExactly(2, 5);
    }
    Dataset first = read("1,2,3\n4,5,6\n", Optional.of("0"), REGRESSION);
    assertThat(first.schema().features()).containsExactly("1", "2");
    assertThat(first.train().targets()).containsExactly(1, 4);
  }

  @Test
  void aNameWinsOverAPosition() throws IOException {
    Dataset set = read("a,0,c\n1,2,3\n4,5,6\n", Optional.of("0"), REGRESSION);

    assertThat(set.train().targets()).containsExactly(2, 5);
  }

  @Test
  void columnsWithoutANameAreCalledByTheirPosition() throws IOException {
    assertThat(read(",b,c\n1,2,3\n4,5,6\n", LAST, REGRESSION).schema().features())
        .containsExactly("0", "b");
  }

  @Test
  void classesAreOrderedAsTextOrAsNumbers() throws IOException {
    Dataset text = read("x,y\n1,10\n1,b\n1,9\n1,b\n", LAST, CLASSIFICATION);
    assertThat(text.schema().classes()).containsExactly("10", "9", "b");
    assertThat(text.train().targets()).containsExactly(0, 2, 1, 2);

    Dataset numbers = read("x,y\n1,10\n1,9.0\n1,-2.5\n1,9\n1,1e1\n", LAST, CLASSIFICATION);
    assertThat(numbers.schema().classes()).containsExactly("-2.5", "9", "10");
    assertThat(numbers.train().targets()).containsExactly(2, 1, 0, 1, 2);
  }

  @Test
  void aFirstRowWithATextTargetIsAnExampleIfThatTextComesAgain() throws IOException {
    Dataset flowers = read("5.1,3.5,setosa\n6.2,2.9,virginica\n4.9,3,setosa\n", LAST, GUESS);
    assertThat(flowers.schema().features()).containsExactly("0", "1");
    assertThat(flowers.schema().classes()).containsExactly("setosa", "virginica");
    assertThat(flowers.train().inputs()).containsExactly(5.1f, 3.5f, 6.2f, 2.9f, 4.9f, 3);
    assertThat(flowers.train().targets()).containsExactly(0, 1, 0);

    Dataset spectra = read("400,500,kind\n1,2,oak\n3,4,elm\n5,6,oak\n", LAST, GUESS);
    assertThat(spectra.schema().features()).containsExactly("400", "500");
    assertThat(spectra.schema().target()).contains("kind");
    assertThat(spectra.schema().classes()).containsExactly("elm", "oak");
    assertThat(spectra.train().inputs()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(spectra.train().targets()).containsExactly(1, 0, 1);

    Dataset years = read("y,2019\n1,2\n3,4\n", Optional.of("y"), REGRESSION);
    assertThat(years.schema().features()).containsExactly("2019");
    assertThat(years.train().targets()).containsExactly(1, 3);
    assertThat(read("2019,y\n1,2\n3,4\n", LAST, REGRESSION).train().targets())
        .containsExactly(2, 4);
  }

  @Test
  void keepsManyRowsInOrder() throws IOException {
    StringBuilder text = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 1000; i++) {
      text.append(i).append(',').append(-i).append(',').append(i * 0.5).append('\n');
    }
    Examples train = read(text.toString(), LAST, GUESS).train();

    assertThat(train.size()).isEqualTo(1000);
    for (int i = 0; i < 1000; i++) {
      assertThat(train.inputs()[2 * i]).isEqualTo(i);
      assertThat(train.inputs()[2 * i + 1]).isEqualTo(-i);
      assertThat(train.targets()[i]).isEqualTo(i * 0.5f);
    }
  }

  private Task guess(int rows, int different, String... more) throws IOException {
    StringBuilder text = new StringBuilder("x,y\n");
    for (int i = 0; i < rows; i++) {
      text.append("1,").append(i % different).append('\n');
    }
    for (String value : more) {
      text.append("1,").append(value).append('\n');
    }
    return read(text.toString(), LAST, GUESS).schema().task();
  }

  @Test
  void guessesTheTaskAsDocumented() throws IOException {
    // At most 10 whole numbers are classes if there are two rows for each.
    assertThat(guess(20, 10)).isEqualTo(Task.CLASSIFICATION);
    assertThat(guess(19, 10)).isEqualTo(Task.REGRESSION);
    // At most 20 if there are more than 20 rows for each.
    assertThat(guess(221, 11)).isEqualTo(Task.CLASSIFICATION);
    assertThat(guess(220, 11)).isEqualTo(Task.REGRESSION);
    assertThat(guess(401, 20)).isEqualTo(Task.CLASSIFICATION);
    assertThat(guess(4200, 21)).isEqualTo(Task.REGRESSION);
    // 1 and 1.0 are one value, 0.5 is not whole.
    assertThat(guess(4, 2, "1.0", "0.0")).isEqualTo(Task.CLASSIFICATION);
    assertThat(guess(100, 2, "0.5")).isEqualTo(Task.REGRESSION);
    // Text is a class.
    assertThat(guess(20, 10, "ten")).isEqualTo(Task.CLASSIFICATION);
    assertThat(read("x,y\n1,a\n1,b\n", LAST, GUESS).schema().task()).isEqualTo(Task.CLASSIFICATION);
  }

  @Test
  void withoutTargetsAllColumnsAreInputs() throws IOException {
    Optional<Task> density = Optional.of(Task.DENSITY_ESTIMATION);
    Dataset all = read("a,b\n1,2\n3,4\n", LAST, density);
    assertThat(all.schema().features()).containsExactly("a", "b");
    assertThat(all.schema().target()).isEmpty();
    assertThat(all.train().inputs()).containsExactly(1, 2, 3, 4);
    assertThat(all.train().targets()).isEmpty();

    Dataset named = read("a,b,c\n1,x,2\n3,y,4\n", Optional.of("b"), density);
    assertThat(named.schema().features()).containsExactly("a", "c");
    assertThat(named.schema().target()).contains("b");
    assertThat(named.train().inputs()).containsExactly(1, 2, 3, 4);

    Dataset numbered = read("1,x,2\n3,y,4\n", Optional.of("1"), density);
    assertThat(numbered.schema().features()).containsExactly("0", "2");
    assertThat(numbered.train().inputs()).containsExactly(1, 2, 3, 4);
  }
}
