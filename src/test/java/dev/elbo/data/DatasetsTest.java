package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.elbo.data.Datasets.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetsTest {
  private static final Datasets DATASETS = new Datasets(new BuiltIn(List.of(), Optional.empty()));

  @TempDir private Path folder;

  private String idxFolder() throws IOException {
    Path images = Files.createDirectory(folder.resolve("pictures"));
    TestFiles.write(images, "train-images-idx3-ubyte", TestFiles.images(2, 1, 1, 7, 8));
    TestFiles.write(images, "train-labels-idx1-ubyte", TestFiles.labels(0, 1));
    return images.toString();
  }

  private String csvFile() throws IOException {
    return TestFiles.write(folder, "t.csv", "a,b,y\n1,2,3\n4,5,6\n").toString();
  }

  @Test
  void opensABuiltInSet() {
    Dataset digits = DATASETS.open("digits", Options.NONE);

    assertThat(digits.name()).isEqualTo("digits");
    assertThat(digits.train().size()).isEqualTo(3823);
    assertThat(DATASETS.test("digits", digits.schema()).size()).isEqualTo(1797);
    assertThat(DATASETS.inputs("digits", digits.schema()).targets()).isEmpty();
    assertThat(DATASETS.inputs("digits", digits.schema()).size()).isEqualTo(1797);
  }

  @Test
  void opensAFolder() throws IOException {
    String data = idxFolder();
    Dataset set = DATASETS.open(data, Options.NONE);

    assertThat(set.name()).isEqualTo("pictures");
    assertThat(set.train().inputs()).containsExactly(7, 8);
    assertThat(DATASETS.test(data, set.schema()).targets()).containsExactly(0, 1);
    assertThat(DATASETS.inputs(data, set.schema()).targets()).isEmpty();
  }

  @Test
  void opensACsvFileAndItsTest() throws IOException {
    String data = csvFile();
    Path test = TestFiles.write(folder, "test.csv", "a,b,y\n7,8,9\n");
    Options options =
        new Options(Optional.of("a"), Optional.of(Task.REGRESSION), Optional.of(test));
    Dataset set = DATASETS.open(data, options);

    assertThat(set.name()).isEqualTo("t.csv");
    assertThat(set.train().targets()).containsExactly(1, 4);
    assertThat(set.test().orElseThrow().targets()).containsExactly(7);
    assertThat(DATASETS.test(data, set.schema()).targets()).containsExactly(1, 4);
    assertThat(DATASETS.inputs(data, set.schema()).inputs()).containsExactly(2, 3, 5, 6);
    assertThat(DATASETS.open(data, Options.NONE).test()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"digit", "", "no/such/file.csv", "a\u0000b"})
  void saysWhatThereIsInsteadOfWhatIsMissing(String data) {
    String shown = data.replace("\u0000", "\\u0000");
    String message =
        "data '"
            + shown
            + "': no such built-in set (digits, binarized-mnist, fashion-mnist, mnist), folder or file";
    Schema schema = Schema.ofImages(new Content.Images(1, 1, 255), List.of("0", "1"));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DATASETS.open(data, Options.NONE))
        .withMessage(message);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DATASETS.test(data, schema))
        .withMessage(message);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DATASETS.inputs(data, schema))
        .withMessage(message);
  }

  private static void assertOptionsRefused(String data, Options options, String what) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DATASETS.open(data, options))
        .withMessage("data '" + data + "' is not a CSV file: it takes no " + what);
  }

  @Test
  void refusesOptionsThatOnlyCsvFilesTake() {
    Optional<String> noTarget = Optional.empty();
    Optional<Task> noTask = Optional.empty();
    Optional<Path> noTest = Optional.empty();
    assertOptionsRefused("digits", new Options(Optional.of("y"), noTask, noTest), "target 'y'");
    assertOptionsRefused(
        "digits",
        new Options(noTarget, noTask, Optional.of(Path.of("t.csv"))),
        "test file 't.csv'");
    assertOptionsRefused(
        "digits",
        new Options(noTarget, Optional.of(Task.REGRESSION), noTest),
        "task but classification and density-estimation");
    Options classes = new Options(noTarget, Optional.of(Task.CLASSIFICATION), noTest);
    assertThat(DATASETS.open("digits", classes).train().size()).isEqualTo(3823);
  }

  @Test
  void refusesDataThatDoesNotFitTheModel() throws IOException {
    Schema named =
        new Schema(Task.REGRESSION, List.of("u"), Optional.of("y"), List.of(), new Content.Table());
    String csv = csvFile();
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DATASETS.test(csv, named))
        .withMessage(csv + ": row 1 names 2 inputs, 1 expected: 'u'");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DATASETS.test("digits", named))
        .withMessage("optdigits.tes.csv.gz: row 1 names no columns; expected are 'u'");
    Schema small = Schema.ofImages(new Content.Images(1, 3, 255), List.of("0", "1"));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> DATASETS.test("digits", small))
        .withMessage("optdigits.tes.csv.gz: row 1 has 65 fields, 4 expected");
  }
}
