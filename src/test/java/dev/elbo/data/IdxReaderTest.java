package dev.elbo.data;

import static dev.elbo.data.TestFiles.gz;
import static dev.elbo.data.TestFiles.idx;
import static dev.elbo.data.TestFiles.images;
import static dev.elbo.data.TestFiles.labels;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxReaderTest {
  private static final byte[] TWO = images(2, 1, 3, 0, 1, 127, 128, 254, 255);

  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return TestFiles.write(folder, "file", bytes);
  }

  private void assertImagesRefused(byte[] bytes, String problem) throws IOException {
    Path file = file(bytes);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> IdxReader.images(file))
        .withMessage(file + ": " + problem);
  }

  @Test
  void readsPixelsAsUnsignedBytesPlainAndGz() throws IOException {
    for (byte[] bytes : new byte[][] {TWO, gz(TWO)}) {
      IdxReader.Images images = IdxReader.images(file(bytes));

      assertThat(images.count()).isEqualTo(2);
      assertThat(images.rows()).isEqualTo(1);
      assertThat(images.columns()).isEqualTo(3);
      assertThat(images.pixels()).containsExactly(0, 1, 127, 128, 254, 255);
    }
  }

  @Test
  void readsLabelsPlainAndGz() throws IOException {
    assertThat(IdxReader.labels(file(labels(3, 0, 255)))).containsExactly(3, 0, 255);
    assertThat(IdxReader.labels(file(gz(labels(3, 0, 255))))).containsExactly(3, 0, 255);
  }

  @Test
  void readsMoreThanOneChunk() throws IOException {
    int[] pixels = new int[3 * 1000 * 1000];
    Arrays.setAll(pixels, i -> i % 251);
    float[] read = IdxReader.images(file(gz(images(3, 1000, 1000, pixels)))).pixels();

    assertThat(read).hasSize(pixels.length);
    for (int i = 0; i < read.length; i++) {
      if (read[i] != i % 251) {
        assertThat(read[i]).as("pixel " + i).isEqualTo(i % 251);
      }
    }
  }

  @Test
  void refusesWrongMagic() throws IOException {
    assertImagesRefused(labels(1, 2), "not an IDX file of images: it starts with 2049, not 2051");
    assertImagesRefused(
        idx(new int[] {-1, 1, 1, 1}, 5),
        "not an IDX file of images: it starts with 4294967295, not 2051");
    Path file = file(TWO);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> IdxReader.labels(file))
        .withMessage(file + ": not an IDX file of labels: it starts with 2051, not 2049");
  }

  @Test
  void refusesSizesThatAreNotPositive() throws IOException {
    assertImagesRefused(images(-1, 1, 1), "size 0 in its header is -1, not positive");
    assertImagesRefused(images(0, 28, 28), "size 0 in its header is 0, not positive");
    assertImagesRefused(images(1, 28, -28), "size 2 in its header is -28, not positive");
  }

  @Test
  void refusesSizesWhoseProductOverflows() throws IOException {
    int most = Integer.MAX_VALUE;
    // 65536^4 / 4 = 2^62 fits a long; 2^31 * 2^31 * 2^31 does not; 65536 * 65536 is 0 in an int.
    String problem = "more than the 2147483639 values that can be held";
    assertImagesRefused(images(most, most, most), problem);
    assertImagesRefused(images(1, 65536, 65536), problem);
    assertImagesRefused(images(1 << 30, 1 << 30, 4), problem);
  }

  @Test
  void aSmallFileThatClaimsMuchMakesLittle() throws IOException {
    // 400 million pixels would be 1.6 GB; what is really made is one chunk of 1 MiB and buffers.
    Path file = file(images(400, 1000, 1000));
    long allocated =
        Allocation.of(
            () ->
                assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> IdxReader.images(file))
                    .withMessageMatching(".*(truncated|MiB, the Java heap).*"));

    assertThat(allocated).isLessThan(16 << 20);
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    String body = "truncated: it ends after 5 of the 6 bytes that its header announces";
    assertImagesRefused(Arrays.copyOf(TWO, TWO.length - 1), body);
    assertImagesRefused(gz(Arrays.copyOf(TWO, TWO.length - 1)), body);
    String header = "truncated: it ends within its header";
    assertImagesRefused(new byte[0], header);
    assertImagesRefused(Arrays.copyOf(TWO, 15), header);
    assertImagesRefused(Arrays.copyOf(TWO, 3), header);
  }

  @Test
  void refusesTruncatedGz() throws IOException {
    byte[] packed = gz(TWO);
    assertImagesRefused(Arrays.copyOf(packed, 5), "truncated: its gzip data ends too early");
    assertImagesRefused(Arrays.copyOf(packed, 12), "truncated: it ends within its header");
    // Without the last byte all pixels are there, but not the whole checksum.
    assertImagesRefused(
        Arrays.copyOf(packed, packed.length - 1), "truncated: its gzip data ends too early");
  }

  @Test
  void refusesDamagedGz() throws IOException {
    byte[] packed = gz(TWO);
    packed[packed.length - 8] ^= 1;
    assertImagesRefused(packed, "damaged gzip data (Corrupt GZIP trailer)");
    packed[2] = 7;
    assertImagesRefused(packed, "damaged gzip data (Unsupported compression method)");
  }

  @Test
  void refusesBytesAfterTheLastPixel() throws IOException {
    String problem = "goes on after the 6 bytes that its header announces";
    assertImagesRefused(Arrays.copyOf(TWO, TWO.length + 1), problem);
    assertImagesRefused(gz(Arrays.copyOf(TWO, TWO.length + 1)), problem);
  }

  @Test
  void aGzThatExpandsBeyondItsHeaderIsNotUnpacked() throws IOException {
    // 64 MiB of zeros in 64 KiB.
    Path file = file(gz(Arrays.copyOf(TWO, 64 << 20)));
    long allocated =
        Allocation.of(
            () ->
                assertThatExceptionOfType(DataException.class)
                    .isThrownBy(() -> IdxReader.images(file))
                    .withMessage(file + ": goes on after the 6 bytes that its header announces"));

    assertThat(allocated).isLessThan(16 << 20);
  }

  @Test
  void refusesWhatIsNoFile() {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> IdxReader.images(folder))
        .withMessage(folder + ": is a folder, not a file");
    Path missing = folder.resolve("missing");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> IdxReader.labels(missing))
        .withMessage(missing + ": no such file");
  }

  @Test
  void heapLimitSaysHowMuchIsNeeded() {
    HeapLimit.check("file", 1000, 5, 5000);
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> HeapLimit.check("file", 1L << 30, 5, 1L << 30))
        .withMessage("file: 1073741824 values need 5120 MiB, the Java heap has 1024");
  }

  @Test
  void namesOtherReasonsWhyAFileCannotBeRead() {
    assertThat(Source.failure("f", new AccessDeniedException("f")))
        .hasMessage("f: permission denied");
    assertThat(Source.failure("f", new IOException("Input/output error")))
        .hasMessage("f: cannot be read (Input/output error)");
  }
}
