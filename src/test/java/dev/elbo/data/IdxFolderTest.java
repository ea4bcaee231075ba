package dev.elbo.data;

import static dev.elbo.data.TestFiles.gz;
import static dev.elbo.data.TestFiles.images;
import static dev.elbo.data.TestFiles.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFolderTest {
  private static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  private static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  private static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  private static final String TEST_LABELS = "t10k-labels-idx1-ubyte";
  private static final Content.Images TWO_PIXELS = new Content.Images(1, 2, 255);

  @TempDir private Path folder;

  private Path put(String name, byte[] bytes) throws IOException {
    return TestFiles.write(folder, name, bytes);
  }

  private void putTrain() throws IOException {
    put(TRAIN_IMAGES + ".gz", gz(images(3, 1, 2, 1, 2, 3, 4, 5, 6)));
    put(TRAIN_LABELS, labels(0, 2, 0));
  }

  private void assertRefused(String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> IdxFolder.read(folder, "set", false))
        .withMessage(message);
  }

  @Test
  void readsTrainAndTest() throws IOException {
    putTrain();
    put(TEST_IMAGES, images(1, 1, 2, 7, 8));
    put(TEST_LABELS + ".gz", gz(labels(1)));

    Dataset set = IdxFolder.read(folder, "set", false);

    assertThat(set.name()).isEqualTo("set");
    assertThat(set.schema())
        .isEqualTo(
            new Schema(
                Task.CLASSIFICATION,
                List.of("0", "1"),
                Optional.of("2"),
                List.of("0", "1", "2"),
                TWO_PIXELS));
    assertThat(set.train().inputs()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(set.train().targets()).containsExactly(0, 2, 0);
    assertThat(set.test().orElseThrow().inputs()).containsExactly(7, 8);
    assertThat(set.test().orElseThrow().targets()).containsExactly(1);
  }

  @Test
  void readsPicturesWithoutLabels() throws IOException {
    put(TRAIN_IMAGES + ".gz", gz(images(3, 1, 2, 0, 1, 1, 0, 0, 1)));
    put(TEST_IMAGES, images(1, 1, 2, 1, 1));

    Dataset set = IdxFolder.read(folder, "set", true);

    Schema schema = Schema.ofImages(new Content.Images(1, 2, 1));
    assertThat(set.schema()).isEqualTo(schema);
    assertThat(schema.task()).isEqualTo(Task.DENSITY_ESTIMATION);
    assertThat(set.train().size()).isEqualTo(3);
    assertThat(set.train().targets()).isEmpty();
    assertThat(set.test().orElseThrow().inputs()).containsExactly(1, 1);
    assertThat(IdxFolder.read(folder, schema).inputs()).containsExactly(1, 1);
  }

  @Test
  void aFolderNeedNotHaveTestExamples() throws IOException {
    putTrain();

    assertThat(IdxFolder.read(folder, "set", false).test()).isEmpty();
  }

  @Test
  void theTestOfAModelIsTheTestPartOrElseAllThereIs() throws IOException {
    putTrain();
    Schema schema =
        new Schema(
            Task.CLASSIFICATION,
            List.of("0", "1"),
            Optional.of("2"),
            List.of("2", "0"),
            TWO_PIXELS);
    assertThat(IdxFolder.read(folder, schema).targets()).containsExactly(1, 0, 1);

    put(TEST_IMAGES, images(1, 1, 2, 7, 8));
    put(TEST_LABELS, labels(2));
    assertThat(IdxFolder.read(folder, schema).inputs()).containsExactly(7, 8);
    assertThat(IdxFolder.read(folder, schema).targets()).containsExactly(0);
  }

  @Test
  void namesTheFileThatIsMissing() throws IOException {
    String missing = folder + ": no file %s or %s.gz in this folder";
    assertRefused(missing.replace("%s", TRAIN_IMAGES));
    put(TRAIN_IMAGES, images(1, 1, 1, 0));
    assertRefused(missing.replace("%s", TRAIN_LABELS));
    put(TRAIN_LABELS, labels(0));
    put(TRAIN_IMAGES, images(2, 1, 1, 0, 0));
    put(TRAIN_LABELS, labels(0, 1));
    put(TEST_LABELS, labels(0));
    assertRefused(missing.replace("%s", TEST_IMAGES));
  }

  @Test
  void aModelIsNotTestedOnAnEmptyFolder() {
    Schema schema = Schema.ofImages(TWO_PIXELS, List.of("0", "1"));
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> IdxFolder.read(folder, schema))
        .withMessage(
            folder + ": no file " + TEST_IMAGES + " or " + TEST_IMAGES + ".gz in this folder");
  }

  @Test
  void refusesCountsThatDiffer() throws IOException {
    putTrain();
    Path labels = put(TRAIN_LABELS, labels(0, 1));

    assertRefused(labels + ": 2 labels for the 3 pictures of " + TRAIN_IMAGES + ".gz");
  }

  @Test
  void refusesOneClass() throws IOException {
    putTrain();
    Path labels = put(TRAIN_LABELS, labels(4, 4, 4));

    assertRefused(labels + ": only one class, 4");
  }

  @Test
  void refusesTestPicturesOfAnotherSize() throws IOException {
    putTrain();
    Path images = put(TEST_IMAGES, images(1, 2, 2, 7, 8, 9, 10));
    put(TEST_LABELS, labels(1));

    assertRefused(images + ": pictures of 2 x 2 pixels, but 2 inputs are expected");
  }

  @Test
  void refusesTestLabelsThatAreNoClass() throws IOException {
    putTrain();
    put(TEST_IMAGES, images(2, 1, 2, 7, 8, 9, 10));
    Path labels = put(TEST_LABELS, labels(1, 3));

    assertRefused(labels + ": label 3 of picture 1 is not among the classes '0', '1', '2'");
  }

  @Test
  void refusesModelsOfNumbers() throws IOException {
    putTrain();
    Schema schema =
        new Schema(
            Task.REGRESSION, List.of("0", "1"), Optional.of("2"), List.of(), new Content.Table());
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> IdxFolder.read(folder, schema))
        .withMessage(
            folder.resolve(TRAIN_LABELS) + ": holds classes, but the model predicts numbers");
  }
}
