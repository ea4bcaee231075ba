package dev.elbo.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;

class CsvFuzzTest {
  private static final Schema KNOWN =
      new Schema(
          Task.CLASSIFICATION,
          List.of("0", "1"),
          Optional.of("2"),
          List.of("0", "b"),
          new Content.Table());

  @FuzzTest(maxDuration = "10s")
  void newTable(byte[] bytes) {
    ReaderFuzz.check(
        bytes,
        source -> {
          NewCsv csv = new NewCsv(new CsvRows(source), Optional.empty());
          Dataset set = csv.read("fuzz", Optional.empty());
          Examples train = set.train();
          assertThat(train.size()).isPositive().isEqualTo(train.targets().length);
          ReaderFuzz.assertFinite(train.inputs());
          ReaderFuzz.assertFinite(train.targets());
          if (set.schema().task() == Task.CLASSIFICATION) {
            for (float target : train.targets()) {
              assertThat(target).isBetween(0f, set.schema().classes().size() - 1f);
            }
          }
        });
  }

  @FuzzTest(maxDuration = "10s")
  void knownTable(byte[] bytes) {
    ReaderFuzz.check(
        bytes,
        source -> {
          Examples examples = new KnownCsv(new CsvRows(source), KNOWN).examples();
          assertThat(examples.size()).isPositive().isEqualTo(examples.targets().length);
          ReaderFuzz.assertFinite(examples.inputs());
          for (float target : examples.targets()) {
            assertThat(target).isBetween(0f, 1f);
          }
        });
  }

  @FuzzTest(maxDuration = "10s")
  void knownInputs(byte[] bytes) {
    ReaderFuzz.check(
        bytes,
        source -> {
          Examples examples = new KnownCsv(new CsvRows(source), KNOWN).inputs();
          assertThat(examples.size()).isPositive();
          ReaderFuzz.assertFinite(examples.inputs());
        });
  }
}
