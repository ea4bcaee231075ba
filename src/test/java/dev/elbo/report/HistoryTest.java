package dev.elbo.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.elbo.inference.EpochReport;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final String HEADER =
      "epoch,nll,latent_kl,kl,kl_weight,elbo,learning_rate,validation,seconds\n";

  private static EpochReport epoch(int number, Optional<Double> validation) {
    return new EpochReport(number, 0.5, Optional.empty(), 12, 1, -0.62, 1e-3, validation);
  }

  @Test
  void epochsBecomeRowsAndSecondsAddUp() {
    History history =
        History.EMPTY.plus(epoch(1, Optional.empty()), 0.25).plus(epoch(2, Optional.of(0.75)), 1.5);
    assertThat(history.csv())
        .isEqualTo(
            HEADER
                + "1,0.5,,12.0,1.0,-0.62,0.001,,0.250\n2,0.5,,12.0,1.0,-0.62,0.001,0.75,1.750\n");
    assertThat(history.seconds()).isEqualTo(1.75);
  }

  @Test
  void whatIsWrittenIsReadBackEqual() {
    History history =
        History.EMPTY.plus(epoch(1, Optional.of(1.0 / 3)), 0.5).plus(epoch(2, Optional.empty()), 1);
    assertThat(History.parse(history.csv(), "h")).isEqualTo(history);
  }

  @Test
  void epochsAfterACheckpointAreCutOff() {
    History history =
        History.EMPTY.plus(epoch(1, Optional.empty()), 1).plus(epoch(2, Optional.empty()), 1);
    assertThat(history.upTo(1).rows()).hasSize(1);
    assertThat(history.upTo(1).seconds()).isEqualTo(1);
    assertThat(history.upTo(0)).isEqualTo(History.EMPTY);
  }

  @Test
  void otherTextIsRefusedWithItsRow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> History.parse("epoch,nll\n", "h.csv"))
        .withMessage("h.csv: row 1 is not '" + HEADER.strip() + "'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> History.parse("", "h.csv"))
        .withMessageStartingWith("h.csv: row 1 is not");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> History.parse(HEADER + "1,2\n", "h.csv"))
        .withMessage("h.csv: row 2 has 2 fields, not 9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> History.parse(HEADER + "1,x,,3,4,5,6,,8\n", "h.csv"))
        .withMessage("h.csv: row 2 is not numbers: '1,x,,3,4,5,6,,8'");
  }
}
