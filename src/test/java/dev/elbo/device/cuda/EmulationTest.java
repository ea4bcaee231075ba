package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.cuda.Emulation.Order;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the emulation says of faulty kernels: those of kernels/emulation/faulty.cu. */
@Tag("cuda")
class EmulationTest {
  private static final int ILLEGAL_ADDRESS = 700;
  private static final int LAUNCH_FAILED = 719;

  @BeforeAll
  static void load() {
    EmulatedDriver.loadWithoutCard();
  }

  @AfterEach
  void reset() {
    Emulation.reset();
  }

  /** Runs one block of a kernel without arguments, which is to fail. */
  private static String reportOf(String kernel, int threads) {
    try (EmulatedCard card = new EmulatedCard(kernel)) {
      assertThat(card.run(kernel, 1, threads)).isEqualTo(LAUNCH_FAILED);
      return Emulation.report();
    }
  }

  @Test
  void threadsAtDifferentBarriers() {
    assertThat(reportOf("divergent_barrier", 32))
        .isEqualTo(
            "kernel divergent_barrier, block (0, 0, 0), thread (16, 0, 0): divergent barrier: it is"
                + " at faulty.cu:10, others of its block at faulty.cu:8");
  }

  @Test
  void aBarrierThatEndedThreadsNeverReach() {
    assertThat(reportOf("ended_before_barrier", 32))
        .isEqualTo(
            "kernel ended_before_barrier, block (0, 0, 0), thread (8, 0, 0): divergent barrier: it"
                + " is at faulty.cu:17, others of its block have ended");
  }

  @Test
  void threadsThatEndWhileOthersWait() {
    Emulation.configure(1, Order.REVERSE, 0);
    assertThat(reportOf("ended_before_barrier", 32))
        .isEqualTo(
            "kernel ended_before_barrier, block (0, 0, 0), thread (7, 0, 0): divergent barrier: it"
                + " has ended, others of its block are at faulty.cu:17");
  }

  @Test
  void aDeadlock() {
    assertThat(reportOf("deadlock", 32))
        .isEqualTo(
            "kernel deadlock, block (0, 0, 0), thread (31, 0, 0): deadlock, no thread can go on: 16"
                + " of 32 threads wait at faulty.cu:23; in warp 0 the lanes 0xffff0000 wait for"
                + " 0xffffffff");
  }

  @Test
  void lanesThatDoNotAgreeOnTheirMask() {
    assertThat(reportOf("different_masks", 32))
        .endsWith(
            "deadlock, no thread can go on: in warp 0 the lanes 0x0000ffff wait for 0x0001ffff; in"
                + " warp 0 the lanes 0xffff0000 wait for 0xffffffff");
  }

  @Test
  void aCollectiveOfWhichTheCallerIsNoPart() {
    assertThat(reportOf("outside_mask", 32))
        .isEqualTo(
            "kernel outside_mask, block (0, 0, 0), thread (16, 0, 0): a warp collective with the"
                + " mask 0x0000ffff, which leaves out the lane that calls it");
  }

  @Test
  void anInstructionForWholeWarpsInHalfAWarp() {
    try (EmulatedCard card = new EmulatedCard("product_of_half_a_warp")) {
      assertThat(card.run("product_of_half_a_warp", 1, 16, card.put(new float[4])))
          .isEqualTo(LAUNCH_FAILED);
    }
    assertThat(Emulation.report())
        .endsWith("an instruction for whole warps in a warp of which lanes have ended");
  }

  @Test
  void aMatrixThatIsNotAligned() {
    try (EmulatedCard card = new EmulatedCard("misaligned_matrix")) {
      assertThat(card.run("misaligned_matrix", 1, 32, card.put(new int[4])))
          .isEqualTo(LAUNCH_FAILED);
    }
    assertThat(Emulation.report()).endsWith("ldmatrix of a row that is not aligned to 16 bytes");
  }

  @Test
  void aMissingBarrierShowsWhenThreadsRunInReverse() {
    assertThat(neighbours(Order.FORWARD)).isNotEqualTo(neighbours(Order.REVERSE));
  }

  private static float[] neighbours(Order order) {
    Emulation.configure(1, order, 0);
    try (EmulatedCard card = new EmulatedCard("missing_barrier")) {
      Address values = card.put(new float[64]);
      EmulatedCard.succeed(card.run("missing_barrier", 1, 64, values));
      return card.floats(values, 64);
    }
  }

  @Test
  void aCopyThatNobodyWaitsForIsNotThere() {
    try (EmulatedCard card = new EmulatedCard("missing_wait")) {
      Address to = card.put(new float[32]);
      EmulatedCard.succeed(card.run("missing_wait", 1, 32, card.put(new float[32]), to));
      assertThat(card.floats(to, 32)).containsOnly(Float.NaN);
    }
  }

  @Test
  void aValueOfALaneThatIsNotThereIsNoNumber() {
    try (EmulatedCard card = new EmulatedCard("shuffle_from_nobody")) {
      Address values = card.put(new float[8]);
      EmulatedCard.succeed(card.run("shuffle_from_nobody", 1, 8, values));
      assertThat(card.floats(values, 8)).containsExactly(1, 1, 1, 1, 1, 1, 1, Float.NaN);
    }
  }

  @Test
  void aWriteBehindAnAllocation() {
    try (EmulatedCard card = new EmulatedCard("writes_outside")) {
      assertThat(card.run("writes_outside", 1, 1, card.put(new float[5]), 5))
          .isEqualTo(ILLEGAL_ADDRESS);
    }
    assertThat(Emulation.report())
        .isEqualTo("kernel writes_outside: it has written behind an allocation of 20 bytes");
  }

  @Test
  void aWriteInFrontOfAnAllocation() {
    try (EmulatedCard card = new EmulatedCard("writes_outside")) {
      assertThat(card.run("writes_outside", 1, 1, card.put(new float[5]), -1))
          .isEqualTo(ILLEGAL_ADDRESS);
    }
    assertThat(Emulation.report())
        .isEqualTo("kernel writes_outside: it has written in front of an allocation of 20 bytes");
  }

  @Test
  void anArgumentThatIsNoAddress() {
    try (EmulatedCard card = new EmulatedCard("writes_outside")) {
      assertThat(card.run("writes_outside", 1, 1, 0x1234L, 0)).isEqualTo(ILLEGAL_ADDRESS);
    }
    assertThat(Emulation.report())
        .isEqualTo("kernel writes_outside: argument 0 is no address of the card's memory");
  }

  @Test
  void blocksRunInTheOrderAskedFor() {
    assertThat(turns(Order.FORWARD, 0)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(turns(Order.REVERSE, 0)).containsExactly(7, 6, 5, 4, 3, 2, 1, 0);
    int[] shuffled = turns(Order.SHUFFLED, 1);
    assertThat(shuffled).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(shuffled)
        .isNotEqualTo(turns(Order.FORWARD, 0))
        .isNotEqualTo(turns(Order.SHUFFLED, 2));
  }

  private static int[] turns(Order order, int seed) {
    Emulation.configure(1, order, seed);
    try (EmulatedCard card = new EmulatedCard("probe_order")) {
      Address turns = card.put(new int[8]);
      EmulatedCard.succeed(card.run("probe_order", 8, 32, card.put(new int[1]), turns));
      return card.ints(turns, 8);
    }
  }
}
