package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs that were interrupted and go on: what a process leaves when it dies is a copy of its folder.
 */
class ResumeTest {
  private static final String MODEL = "model.safetensors";

  @TempDir private Path folder;
  private Path data = Path.of("");
  private List<String> small = Cli.SMALL;

  @BeforeEach
  void makeData() {
    data = Tables.classes(folder, "train.csv", 45);
  }

  /** Trains to the end, and keeps a copy of the folder as it was when an epoch was told. */
  private Path trainAndCopy(Path out, String epoch, Object... options) {
    Path copy = folder.resolve("copy");
    StringWriter err =
        new StringWriter() {
          @Override
          public void write(String text, int offset, int length) {
            super.write(text, offset, length);
            if (text.startsWith("epoch " + epoch + "/", offset)) {
              Interrupted.copy(out, copy);
            }
          }
        };
    Host host =
        new Host(new PrintWriter(new StringWriter()), new PrintWriter(err), () -> false, Map.of());
    List<String> args = new ArrayList<>(List.of("train", data.toString(), "--out", out.toString()));
    for (Object option : options) {
      args.add(option.toString());
    }
    args.addAll(small);
    assertThat(Main.run(args, host)).as(err.toString()).isZero();
    return copy;
  }

  private static List<String> withoutSeconds(Path history) throws IOException {
    return Files.readAllLines(history).stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  private void goesOnToTheSameBits(String epoch, Object... options) throws IOException {
    Path whole = folder.resolve("whole");
    Path broken = trainAndCopy(whole, epoch, options);
    assertThat(broken.resolve(MODEL)).exists();
    assertThat(Files.readAllBytes(broken.resolve(MODEL)))
        .isNotEqualTo(Files.readAllBytes(whole.resolve(MODEL)));
    Cli.Result result = Cli.run("train", "--resume", broken, "--threads", 2);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEqualTo(broken + "\n");
    assertThat(result.err()).contains("going on after epoch ");
    assertThat(broken.resolve(MODEL)).hasSameBinaryContentAs(whole.resolve(MODEL));
    assertThat(withoutSeconds(broken.resolve("history.csv")))
        .isEqualTo(withoutSeconds(whole.resolve("history.csv")));
    assertThat(scores(broken)).isEqualTo(scores(whole));
  }

  /** The metrics from the seed on, without the times. */
  private static String scores(Path run) throws IOException {
    return Files.readString(run.resolve("metrics.json"))
        .replaceAll("\"(seconds|examples_per_second)\": [^,]*,", "");
  }

  @Test
  void aRunGoesOnToTheSameBits() throws IOException {
    // 45 rows by 16: batches run from one epoch into the next.
    goesOnToTheSameBits("1", "--epochs", 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "sgd", "ivon"})
  void everyOptimizerGoesOn(String optimizer) throws IOException {
    goesOnToTheSameBits("2", "--epochs", 4, "--optimizer", optimizer, "--samples", 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--ensemble 3 --prior gaussian",
        "--dropout 0.2",
        "--posterior last-layer",
        "--posterior none --prior gaussian"
      })
  void everyKindOfWeightsGoesOn(String options) throws IOException {
    goesOnToTheSameBits("2", (Object[]) ("--epochs 4 " + options).split(" "));
  }

  @Test
  void aTextGoesOn() throws IOException {
    data = Files.writeString(folder.resolve("text.txt"), "a rose is a rose. ".repeat(30));
    String sizes = "--layers 1 --width 8 --heads 2 --context 8 --batch 7 --predict-samples 2";
    small = List.of(sizes.split(" "));
    goesOnToTheSameBits("2", "--epochs", 4, "--samples", 2, "--threads", 1);
  }

  @Test
  void earlyStoppingGoesOn() throws IOException {
    goesOnToTheSameBits(
        "3",
        "--epochs",
        9,
        "--validation-fraction",
        0.3,
        "--early-stopping",
        "elbo",
        "--patience",
        3);
  }

  @Test
  void whatCameAfterTheCheckpointIsDoneAgain() throws IOException {
    // Told after epoch 3, saved after epoch 2: the history of epoch 3 is not there yet.
    goesOnToTheSameBits("3", "--epochs", 4, "--checkpoint-every", 2);
  }

  @Test
  void aHistoryThatIsAheadIsCutOff() throws IOException {
    Path whole = folder.resolve("whole");
    Path broken = trainAndCopy(whole, "1", "--epochs", 3);
    Files.copy(
        whole.resolve("history.csv"),
        broken.resolve("history.csv"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.createFile(broken.resolve(".elbo-model.safetensors-1.tmp"));
    Cli.run("train", "--resume", broken);
    assertThat(withoutSeconds(broken.resolve("history.csv")))
        .isEqualTo(withoutSeconds(whole.resolve("history.csv")));
    assertThat(broken.resolve(".elbo-model.safetensors-1.tmp")).doesNotExist();
  }

  @Test
  void aFinishedRunSaysSoAndGetsItsMetricsBack() throws IOException {
    Path whole = folder.resolve("whole");
    trainAndCopy(whole, "none", "--epochs", 2);
    String metrics = Files.readString(whole.resolve("metrics.json"));
    Cli.Result result = Cli.run("train", "--resume", whole);
    assertThat(result.code()).isZero();
    assertThat(result.err())
        .isEqualTo("the run in " + whole + " is finished, after 2 of 2 epochs\n");
    Files.delete(whole.resolve("metrics.json"));
    assertThat(Cli.run("train", "--resume", whole).code()).isZero();
    assertThat(scores(whole))
        .isEqualTo(metrics.replaceAll("\"(seconds|examples_per_second)\": [^,]*,", ""));
  }

  private void refused(String message, Object... args) {
    Cli.Result result = Cli.run("train", List.of(args));
    assertThat(result.err()).isEqualTo("elbo: " + message + "\n");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void optionsThatWouldChangeTheResultAreRefused() {
    Path run = folder.resolve("whole");
    trainAndCopy(run, "none", "--epochs", 1);
    String why = " cannot be given with --resume: the run goes on as it was started";
    for (String option :
        List.of("--lr=1", "--epochs=9", "--seed=2", "--device=cpu", "--out=x", "--test=x")) {
      refused(option.substring(0, option.indexOf('=')) + why, "--resume", run, option);
    }
    refused("<data> 'digits'" + why, "digits", "--resume", run);
  }

  @Test
  void dataThatChangedIsRefused() throws IOException {
    Path run = trainAndCopy(folder.resolve("whole"), "1", "--epochs", 2);
    String what = "data 'train.csv' has changed since the run was started: it has ";
    Tables.classes(folder, "train.csv", 44);
    refused(what + "44 training examples, not 45", "--resume", run);
    Tables.write(folder, "train.csv", "a,kind\n1,yes\n2,no\n");
    refused(what + "1 inputs, not 2", "--resume", run);
    Tables.write(folder, "train.csv", "a,c,kind\n1,2,yes\n2,3,no\n");
    refused(what + "other columns", "--resume", run);
    StringBuilder text = new StringBuilder("a,b,kind\n");
    for (int i = 0; i < 45; i++) {
      text.append(i).append(",1,").append(i % 2 == 0 ? "yes" : "no").append('\n');
    }
    Tables.write(folder, "train.csv", text.toString());
    refused(what + "other values", "--resume", run);
    Files.delete(data);
    Cli.Result result = Cli.run("train", "--resume", run);
    assertThat(result.code()).isEqualTo(2);
    // A long path is cut in the message, and how long this one is depends on the machine.
    assertThat(result.err())
        .startsWith("elbo: data '" + data.toString().substring(0, 5))
        .endsWith(
            ": no such built-in set (digits, binarized-mnist, fashion-mnist, mnist), folder or"
                + " file\n");
  }

  @Test
  void whatHoldsNoRunIsRefused() throws IOException {
    Path nowhere = folder.resolve("nowhere");
    refused(nowhere + ": no such folder", "--resume", nowhere);
    refused(data + ": is a file, not a folder", "--resume", data);
    refused(folder + ": holds no run: it has no file model.safetensors", "--resume", folder);
    Path run = trainAndCopy(folder.resolve("whole"), "1", "--epochs", 2);
    Files.writeString(run.resolve("history.csv"), "nonsense");
    refused(
        run.resolve("history.csv")
            + ": row 1 is not"
            + " 'epoch,nll,latent_kl,kl,kl_weight,elbo,learning_rate,validation,seconds'",
        "--resume",
        run);
  }

  @Test
  void twoProcessesDoNotTrainInOneFolder() throws Exception {
    Path broken = trainAndCopy(folder.resolve("whole"), "1", "--epochs", 2);
    byte[] before = Files.readAllBytes(broken.resolve(MODEL));
    List<String> command = List.of("train", "--resume", broken.toString());
    Path err = folder.resolve("err");
    try (RunLock _ = RunLock.of(broken)) {
      assertThat(Child.start(err, command).waitFor()).isEqualTo(2);
      String line = "elbo: %s: process %d is training there".formatted(broken, pid());
      assertThat(err).content().contains(line);
      assertThat(Cli.run("train", "--resume", broken).err()).isEqualTo(line + "\n");
      assertThat(broken.resolve(MODEL)).hasBinaryContent(before);
    }
    assertThat(broken.resolve(".lock")).doesNotExist();
  }

  @Test
  void whatAKilledProcessLeftLocksNobodyOut() throws IOException {
    Path broken = trainAndCopy(folder.resolve("whole"), "1", "--epochs", 2);
    Files.writeString(broken.resolve(".lock"), "1");
    assertThat(Cli.run("train", "--resume", broken).code()).isZero();
    assertThat(broken.resolve(".lock")).doesNotExist();
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }
}
