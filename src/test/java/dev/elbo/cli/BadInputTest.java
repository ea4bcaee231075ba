package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.cuda.CudaDevices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong input: exit code 2, one line, and nothing left behind. */
class BadInputTest {
  @TempDir private Path folder;

  private void refused(String message, Object... args) {
    Path out = folder.resolve("run");
    Cli.Result result = Cli.run("train", List.of(args), "--out", out);
    assertThat(result.err()).isEqualTo("elbo: " + message + "\n");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(out).doesNotExist();
  }

  private Path table(String... rows) {
    return Tables.write(folder, "t.csv", "a,b,y\n" + String.join("\n", rows) + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          --batch 0, "--batch must be at least 1, got 0"
          --epochs 0, "--epochs must be at least 1, got 0"
          --samples 0, "--samples must be at least 1, got 0"
          --predict-samples 0, "--predict-samples must be at least 1, got 0"
          --patience 0, "--patience must be at least 1, got 0"
          --checkpoint-every 0, "--checkpoint-every must be at least 1, got 0"
          --threads 0, "--threads must be at least 1, got 0"
          --lr -1, "--lr must be above 0 and finite, got -1.0"
          --lr NaN, "--lr must be above 0 and finite, got NaN"
          --clip-norm 0, "--clip-norm must be above 0 and finite, got 0.0"
          --hessian-init 0, "--hessian-init must be above 0 and finite, got 0.0"
          --prior-scale 0, "--prior-scale must be above 0 and finite, got 0.0"
          --init-sigma -1, "--init-sigma must be above 0 and finite, got -1.0"
          --kl-weight -1, "--kl-weight must be at least 0 and finite, got -1.0"
          --kl-warmup -1, "--kl-warmup must be at least 0 and finite, got -1.0"
          --validation-fraction 1, "--validation-fraction must be at least 0 and below 1, got 1.0"
          --antithetic, "--antithetic needs an even number of --samples, got 1"
          --early-stopping nll, "--early-stopping needs a --validation-fraction above 0"
          --device gpu, "--device must be auto, cpu, reference or cuda[:n], got 'gpu'"
          --batch x, "Invalid value for option '--batch': 'x' is not an int"
          --bogus, "Unknown option: '--bogus'"
          """)
  void anOptionIsNamedWithItsValue(String option, String message) {
    refused(message, table("1,2,3", "2,3,4"), List.of(option.split(" ")));
  }

  @Test
  void choicesAreListed() {
    refused(
        "Invalid value for option '--prior': 'flat' is none of gaussian, scale-mixture, laplace, "
            + "learned",
        "digits",
        "--prior",
        "flat");
    refused(
        "Invalid value for option '--hidden': '4,0' is not 'none' or numbers of units, at least 1, "
            + "as in 400,400",
        "digits",
        "--hidden",
        "4,0");
    refused(
        "Invalid value for option '--hidden': '4,x' is not 'none' or numbers of units, at least 1, "
            + "as in 400,400",
        "digits",
        "--hidden",
        "4,x");
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() {
    refused(
        "--optimizer ivon learns a posterior: it does not go with --posterior none",
        "digits",
        "--optimizer",
        "ivon",
        "--posterior",
        "none");
    refused(
        "--prior laplace does not go with --optimizer ivon, which needs a gaussian prior",
        "digits",
        "--optimizer",
        "ivon",
        "--prior",
        "laplace");
    refused(
        "--init-sigma does not go with --optimizer ivon: its scales follow from --hessian-init",
        "digits",
        "--optimizer",
        "ivon",
        "--init-sigma",
        "0.1");
    refused(
        "--init-sigma 1.0E-30: the initial log_sigma must be in -30..30, got -69.07755278982137",
        "digits",
        "--init-sigma",
        "1e-30");
    refused("--batch is given more than once", "digits", "--batch", "1", "--batch", "2");
    refused(
        "--likelihood poisson does not go with classification",
        "digits",
        "--likelihood",
        "poisson");
    refused(
        "--likelihood poisson is for counts, but target 'y' has 0.5",
        table("1,2,0.5", "2,3,4"),
        "--likelihood",
        "poisson");
  }

  @Test
  void aDeviceThatIsNotThereIsNotReplaced() {
    String missing = CudaDevices.probe().missing(9999).orElseThrow();
    refused("--device cuda:9999: " + missing, "digits", "--device", "cuda:9999");
    refused(
        "--precision bf16 is for cuda devices only, the device is cpu",
        "digits",
        "--precision",
        "bf16",
        "--device",
        "cpu");
  }

  @Test
  void dataIsNamed() {
    refused(
        "<data> is missing: a built-in set (see elbo data), a folder of IDX files, or a CSV file");
    refused(
        "data 'nowhere.csv': no such built-in set (digits, binarized-mnist, fashion-mnist, mnist), folder or file",
        "nowhere.csv");
    refused(
        folder + ": no file train-images-idx3-ubyte or train-images-idx3-ubyte.gz in this folder",
        folder);
  }

  @Test
  void tablesAreReadStrictly() {
    Path file = folder.resolve("t.csv");
    refused(file + ": row 3, column 'b': missing value", table("1,2,3", "1,,4"));
    refused(file + ": row 3, column 'b': 'abc' is not a number", table("1,2,3", "1,abc,4"));
    refused(file + ": row 3, column 'b': 'NaN' is not a finite number", table("1,2,3", "1,NaN,4"));
    refused(file + ": row 3 has 4 fields, 3 expected", table("1,2,3", "1,2,3,4"));
    refused(file + ": target 'y' has only one class, 'u'", table("1,2,u", "1,3,u"));
    refused(
        file + ": no column 'q' to be the target; there are 'a', 'b', 'y'",
        table("1,2,3", "2,3,4"),
        "--target",
        "q");
    refused(file + ": has a header but no rows", Tables.write(folder, "t.csv", "a,b,y\n"));
    refused(file + ": is empty", Tables.write(folder, "t.csv", ""));
    refused("no.csv: no such file", table("1,2,3", "2,3,4"), "--test", "no.csv");
    refused(
        "validation fraction 0.99 of 2 rows leaves none to train with",
        table("1,2,3", "2,3,4"),
        "--validation-fraction",
        "0.99");
  }

  @Test
  void aLineOfTwoGigabytesEndsEarly() throws IOException {
    Path file = folder.resolve("long.csv");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(2_200_000_000L);
    }
    Cli.Result result = Cli.run("train", file, "--out", folder.resolve("run"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("elbo: " + file + ": ").contains("2097152");
  }

  @Test
  void damagedGzIsNamed() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(bytes)) {
      gz.write("a,b,y\n1,2,3\n4,5,6\n".getBytes(StandardCharsets.UTF_8));
    }
    Path file = folder.resolve("t.csv.gz");
    Files.write(file, Arrays.copyOf(bytes.toByteArray(), 20));
    refused(file + ": truncated: its gzip data ends too early", file);
  }

  @Test
  void picturesAreReadStrictly() throws IOException {
    Path images = folder.resolve("train-images-idx3-ubyte");
    Path labels = folder.resolve("train-labels-idx1-ubyte");
    Files.write(labels, new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 0, 1});
    Files.write(images, new byte[] {1, 2, 3, 4});
    refused(images + ": not an IDX file of images: it starts with 16909060, not 2051", folder);
    Files.write(images, new byte[] {0, 0, 8, 3, -1, -1, -1, -1, 0, 0, 0, 1, 0, 0, 0, 1});
    refused(images + ": size 0 in its header is -1, not positive", folder);
    Files.write(images, new byte[] {0, 0, 8, 3, 127, -1, -1, -1, 127, -1, -1, -1, 127, 0, 0, 0});
    refused(images + ": more than the 2147483639 values that can be held", folder);
    byte[] onePixelEach = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6, 7};
    gz(folder.resolve("train-images-idx3-ubyte.gz"), onePixelEach);
    Files.delete(images);
    refused(images + ".gz: goes on after the 2 bytes that its header announces", folder);
    gz(folder.resolve("train-images-idx3-ubyte.gz"), Arrays.copyOf(onePixelEach, 17));
    refused(
        images + ".gz: truncated: it ends after 1 of the 2 bytes that its header announces",
        folder);
  }

  private static void gz(Path file, byte[] content) throws IOException {
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
  }

  @Test
  void aFolderForResultsIsCheckedFirst() throws IOException {
    Path data = table("1,2,3", "2,3,4");
    Path file = Files.createFile(folder.resolve("file"));
    Cli.Result result = Cli.run("train", data, "--out", file);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).isEqualTo("elbo: --out " + file + ": is a file, not a folder\n");
    result = Cli.run("train", data, "--out", file.resolve("run"));
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo("elbo: --out " + file.resolve("run") + ": cannot be made: Not a directory\n");
    Path taken = Files.createDirectory(folder.resolve("taken"));
    Files.createFile(taken.resolve("metrics.json"));
    result = Cli.run("train", data, "--out", taken);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            ("elbo: --out %s: already holds a run (metrics.json); "
                    + "go on with it by --resume %s, or choose another\n")
                .formatted(taken, taken));
  }
}
