package dev.elbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.cuda.CudaDevices;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluating and predicting with trained models. */
class UseTest {
  @TempDir private static Path folder;
  private static Path classifier = Path.of("");
  private static Path regressor = Path.of("");
  private static Path classes = Path.of("");
  private static Path numbers = Path.of("");

  @BeforeAll
  static void train() {
    classes = Tables.classes(folder, "classes.csv", 60);
    numbers = Tables.numbers(folder, "numbers.csv", 60);
    classifier = folder.resolve("classifier");
    regressor = folder.resolve("regressor");
    Path test = Tables.classes(folder, "test.csv", 30);
    Object[] options = {"--epochs", 30, "--lr", 0.05, "--kl-weight", 0.01, Cli.SMALL};
    Cli.run("train", classes, "--test", test, "--out", classifier, List.of(options));
    Cli.run("train", numbers, "--out", regressor, List.of(options));
  }

  private static double number(String json, String key) {
    return Double.parseDouble(json.replaceAll("(?s).*\"" + key + "\": ([-+0-9.eE]+).*", "$1"));
  }

  @Test
  void evaluatingAgainGivesTheMetricsOfTraining() throws IOException {
    Cli.Result result = Cli.run("evaluate", classifier, folder.resolve("test.csv"));
    assertThat(result.code()).as(result.err()).isZero();
    String metrics = Files.readString(classifier.resolve("metrics.json"));
    String test =
        metrics.substring(
            metrics.indexOf("\"test\""), metrics.indexOf("},", metrics.indexOf("\"test\"")));
    assertThat(result.out()).contains(test).contains("\"samples\": 3", "\"n\": 30");
    assertThat(result.err()).contains("accuracy", "test  ");
    assertThat(number(result.out(), "accuracy")).isGreaterThan(0.8);
  }

  @Test
  void jsonAloneIsQuiet() {
    Cli.Result result = Cli.run("evaluate", classifier, classes, "--json", "--samples", 7);
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("{").contains("\"samples\": 7", "\"n\": 60");
  }

  @Test
  void otherDataIsToldByItsUncertainty() {
    // Rows on the border between the classes, where entropy is highest.
    StringBuilder text = new StringBuilder("a,b\n");
    for (int i = 0; i < 40; i++) {
      text.append(0.01 * i).append(',').append(-0.01 * i).append('\n');
    }
    Path border = Tables.write(folder, "border.csv", text.toString());
    Cli.Result result = Cli.run("evaluate", classifier, classes, "--ood", border);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(number(result.out(), "entropy_auroc")).isBetween(0.8, 1.0);
    assertThat(number(result.out(), "entropy_fpr95")).isBetween(0.0, 1.0);
    assertThat(number(result.out(), "mutual_information_auroc")).isBetween(0.0, 1.0);
    assertThat(result.err()).contains("\nood  ");
  }

  @Test
  void otherDataIsForClassifiers() {
    refused(
        "--ood needs a model of classes, this one has none",
        "evaluate",
        regressor,
        numbers,
        "--ood",
        numbers);
  }

  @Test
  void predictedClassesHaveProbabilitiesThatSumToOne() throws IOException {
    Path out = folder.resolve("classes-out.csv");
    Cli.Result result = Cli.run("predict", classifier, classes, "--out", out);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out()).isEmpty();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(61);
    assertThat(lines.getFirst()).isEqualTo("class,p_no,p_yes,entropy,mutual_information");
    for (String line : lines.subList(1, 61)) {
      String[] fields = line.split(",");
      double no = Double.parseDouble(fields[1]);
      double yes = Double.parseDouble(fields[2]);
      // Doubles summed over three samples.
      assertThat(no + yes).isCloseTo(1, within(1e-9));
      assertThat(fields[0]).isEqualTo(yes > no ? "yes" : "no");
      assertThat(Double.parseDouble(fields[3])).isBetween(0.0, Math.log(2) + 1e-9);
      assertThat(Double.parseDouble(fields[4])).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void predictedNumbersAreInTheUsersUnits() {
    Path inputs = Tables.write(folder, "inputs.csv", "x\n0\n1\n");
    Cli.Result result = Cli.run("predict", regressor, inputs);
    assertThat(result.code()).as(result.err()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines.getFirst()).isEqualTo("mean,std,model_std,noise_std,lower_95,upper_95");
    assertThat(lines).hasSize(3);
    double[] row = Arrays.stream(lines.get(2).split(",")).mapToDouble(Double::valueOf).toArray();
    // The data is 100 + 30 x with noise of 5; in units of the standardised target it were near 1.
    assertThat(row[0]).isBetween(100.0, 160.0);
    assertThat(row[1]).isCloseTo(Math.hypot(row[2], row[3]), within(1e-9 * row[1]));
    assertThat(row[4]).isLessThan(row[0]);
    assertThat(row[5]).isGreaterThan(row[0]);
    assertThat(Cli.run("predict", regressor, inputs, "--out", "-").out()).isEqualTo(result.out());
  }

  private static void refused(String message, Object... args) {
    Cli.Result result = Cli.run(args);
    assertThat(result.err()).isEqualTo("elbo: " + message + "\n");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void dataWithOtherColumnsIsRefused() {
    refused(numbers + ": row 1 has no column 'kind'", "evaluate", classifier, numbers);
    Path narrow = Tables.write(folder, "narrow.csv", "a,kind\n1,yes\n");
    refused(
        narrow + ": row 1 names 1 inputs, 2 expected: 'a', 'b'", "evaluate", classifier, narrow);
    refused(narrow + ": row 1 names 1 inputs, 2 expected: 'a', 'b'", "predict", classifier, narrow);
    refused(
        "optdigits.tes.csv.gz: row 1 names no columns; expected are 'a', 'b'",
        "evaluate",
        classifier,
        "digits");
  }

  @Test
  void wrongOptionsAreRefused() {
    refused("--samples must be at least 1, got 0", "evaluate", classifier, classes, "--samples", 0);
    refused("--samples must be at least 1, got 0", "predict", classifier, classes, "--samples", 0);
    refused(
        "--device cuda:9999: " + CudaDevices.probe().missing(9999).orElseThrow(),
        "predict",
        classifier,
        classes,
        "--device",
        "cuda:9999");
    refused(
        "--train: a CSV file has no training part; " + classes + " is evaluated whole without it",
        "evaluate",
        classifier,
        classes,
        "--train");
    refused(
        "digits: has 64 inputs and 10 classes, the model 2 and 2",
        "evaluate",
        classifier,
        "digits",
        "--train");
    Path file = folder.resolve("no/file.csv");
    refused("--out " + file + ": no such folder", "predict", classifier, classes, "--out", file);
    refused("--out " + folder + ": is a folder", "predict", classifier, classes, "--out", folder);
    refused("Missing required parameter: '<data>'", "evaluate", classifier);
    refused(
        folder + ": holds no run: it has no file model.safetensors", "predict", folder, classes);
  }

  @Test
  void damagedModelsAreRefused() throws IOException {
    Path run = Files.createDirectories(folder.resolve("damaged"));
    Path model = run.resolve("model.safetensors");
    byte[] good = Files.readAllBytes(classifier.resolve("model.safetensors"));
    Files.write(model, Arrays.copyOf(good, good.length + 1));
    damaged(run);
    Files.write(model, Arrays.copyOf(good, good.length - 1));
    damaged(run);
    Files.write(model, new byte[0]);
    damaged(run);
    String text = new String(good, StandardCharsets.ISO_8859_1);
    Files.writeString(
        model, text.replace("\"format\":\"2\"", "\"format\":\"3\""), StandardCharsets.ISO_8859_1);
    refused(
        model + ": has format 3, this version of Elbo reads format 2", "evaluate", run, classes);
    String tensor = "\"%s\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%s]}";
    safetensors(model, "{" + tensor.formatted("a", "0,4") + "," + tensor.formatted("b", "0,4"));
    damaged(run);
    safetensors(model, "{" + tensor.formatted("a", "0,9223372036854775807"));
    damaged(run);
    safetensors(model, "{" + tensor.formatted("a", "0,4") + "," + tensor.formatted("a", "4,8"));
    damaged(run);
  }

  private static void safetensors(Path file, String header) throws IOException {
    byte[] json = (header + "}").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, bytes.putLong(json.length).put(json).array());
  }

  private static void damaged(Path run) {
    for (List<String> command :
        List.of(
            List.of("evaluate", run.toString(), classes.toString()),
            List.of("predict", run.toString(), classes.toString()),
            List.of("train", "--resume", run.toString()))) {
      Cli.Result result = Cli.run(command);
      assertThat(result.code()).as(result.err()).isEqualTo(2);
      assertThat(result.err().lines()).hasSize(1);
      assertThat(result.err()).startsWith("elbo: " + run.resolve("model.safetensors"));
    }
  }

  @Test
  void theDoctorSaysWhatThereIs() {
    Cli.Result result = Cli.run("doctor");
    assertThat(result.code()).isZero();
    CudaDevices devices = CudaDevices.probe();
    assertThat(result.out().lines().map(line -> line.split("\\s+")[0]))
        .startsWith("elbo", "java", "machine", "processors", "memory", "vectors", "cuda")
        .endsWith("kernels", "cublas", "curand", "device")
        .hasSize(11 + devices.cards().size());
    String choice = devices.missing(0).map(why -> "cpu: " + why).orElse("cuda:0: ");
    assertThat(result.out()).contains("device      auto chooses " + choice);
  }

  @Test
  void aJavaWithoutVectorsTrainsByScalarCode() throws IOException, InterruptedException {
    Path err = folder.resolve("err");
    Process doctor = Child.startWithoutVectors(err, List.of("doctor"));
    String out = new String(doctor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(doctor.waitFor()).as(Files.readString(err)).isZero();
    String why = "the CPU device needs the Vector API: start Java with --add-modules";
    assertThat(out)
        .contains("vectors     " + why)
        .containsPattern("device      auto chooses (cuda:0|reference: .*; " + why + ")");
    String table = Tables.numbers(folder, "scalar.csv", 20).toString();
    String run = folder.resolve("scalar").toString();
    List<String> train = List.of("train", table, "--epochs", "1", "--hidden", "3", "--out", run);
    assertThat(Child.startWithoutVectors(err, train).waitFor()).as(Files.readString(err)).isZero();
  }

  @Test
  void namedDataIsListedWithItsPlace() throws IOException {
    Path digits = Files.createDirectories(folder.resolve("sets/mnist"));
    Files.createFile(digits.resolve("train-images-idx3-ubyte"));
    Cli.Result result = Cli.runIn(Map.of(), false, "data", "--data-dir", folder.resolve("sets"));
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("digits ", "built in", "fashion-mnist ", "mnist ", digits.toString());
  }
}
