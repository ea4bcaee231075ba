package dev.elbo.data;

import static dev.elbo.data.TestFiles.gz;
import static dev.elbo.data.TestFiles.images;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinarizedMnistTest {
  private static final String NAME = "binarized-mnist";
  private static final String TRAIN = "binarized_mnist_train";
  private static final int PIXELS = 784;

  @TempDir private Path folder;

  private BuiltIn builtIn() {
    return new BuiltIn(List.of(folder), Optional.empty());
  }

  private static String row(int first) {
    return first + " 0".repeat(PIXELS - 1) + "\n";
  }

  private static byte[] picture(int first) {
    int[] pixels = new int[PIXELS];
    pixels[0] = first;
    return images(1, 28, 28, pixels);
  }

  private void refused(String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> builtIn().open(NAME))
        .withMessage(message);
  }

  @Test
  void readsPicturesAndTextPlainAndPacked() throws IOException {
    TestFiles.write(folder, TRAIN + "-images-idx3-ubyte.gz", gz(picture(1)));
    TestFiles.write(folder, "binarized_mnist_valid.amat", row(1) + row(0));
    TestFiles.write(folder, "binarized_mnist_test.amat.gz", gz(row(0) + row(1) + row(1).strip()));

    Dataset set = builtIn().open(NAME);

    assertThat(set.schema()).isEqualTo(Schema.ofImages(new Content.Images(28, 28, 1)));
    assertThat(set.train().inputs()).hasSize(PIXELS).startsWith(1, 0);
    assertThat(set.validation().orElseThrow().size()).isEqualTo(2);
    assertThat(set.validation().orElseThrow().inputs()[0]).isEqualTo(1);
    assertThat(set.test().orElseThrow().size()).isEqualTo(3);
    assertThat(builtIn().test(NAME, set.schema()).inputs())
        .isEqualTo(set.test().orElseThrow().inputs());
    assertThat(builtIn().entries().get(1).place()).contains(folder.toString());
  }

  @Test
  void saysWhatToPutWhere() {
    refused(
        "data 'binarized-mnist': not found in ["
            + folder
            + "]: put binarized_mnist_{train,valid,test}.amat (H. Larochelle), or IDX files "
            + "binarized_mnist_{train,valid,test}-images-idx3-ubyte, into a folder "
            + "'binarized-mnist' there, or name theirs by --data-dir");
  }

  @Test
  void refusesDamagedFiles() throws IOException {
    Path idx = TestFiles.write(folder, TRAIN + "-images-idx3-ubyte", picture(2));
    refused(idx + ": has pixels that are neither 0 nor 1");
    TestFiles.write(folder, TRAIN + "-images-idx3-ubyte", images(1, 1, 2, 0, 1));
    refused(idx + ": pictures of 1 x 2 pixels, not 28 x 28");
    Files.delete(idx);
    Path text = TestFiles.write(folder, TRAIN + ".amat", row(1) + "1 0\n");
    refused(text + ": row 2 has 2 numbers, 784 expected");
    TestFiles.write(folder, TRAIN + ".amat", "0 2\n");
    refused(text + ": row 1: '2' is neither 0 nor 1");
    TestFiles.write(folder, TRAIN + ".amat", "");
    refused(text + ": has no rows");
  }
}
