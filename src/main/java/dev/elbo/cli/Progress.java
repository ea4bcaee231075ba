package dev.elbo.cli;

import dev.elbo.inference.EpochReport;
import dev.elbo.inference.Trainer;
import dev.elbo.report.Table;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells how a training run goes: one line that moves on a terminal, else plain lines, at most a
 * hundred of them.
 */
final class Progress implements AutoCloseable {
  private static final long REDRAW_NANOSECONDS = 200_000_000;
  private static final int BAR = 16;
  private static final int MOST_LINES = 100;
  private static final String REDRAW = "\r";
  private static final String ERASE_REST = "\u001b[K";

  private final Host host;
  private final Trainer trainer;
  private final int epochs;
  private final int examples;
  private final Optional<Thread> painter;
  private volatile String scores = "";
  private volatile double secondsPerEpoch;

  /**
   * Begins to tell.
   *
   * @param epochs of the whole run
   * @param examples N
   */
  Progress(Host host, Trainer trainer, int epochs, int examples) {
    this.host = host;
    this.trainer = trainer;
    this.epochs = epochs;
    this.examples = examples;
    painter =
        host.terminal().getAsBoolean()
            ? Optional.of(Thread.ofPlatform().daemon().name("progress").start(this::paint))
            : Optional.empty();
  }

  private void paint() {
    while (!Thread.currentThread().isInterrupted()) {
      draw();
      LockSupport.parkNanos(REDRAW_NANOSECONDS);
    }
  }

  /** Tells about an epoch that has just ended. */
  void epoch(EpochReport epoch, double seconds) {
    StringBuilder text = new StringBuilder();
    text.append("  elbo ").append(Table.format(epoch.elbo()));
    text.append("  nll ").append(Table.format(epoch.nll()));
    epoch.latentKl().ifPresent(kl -> text.append("  latent_kl ").append(Table.format(kl)));
    text.append("  kl ").append(Table.format(epoch.kl()));
    epoch.validation().ifPresent(v -> text.append("  validation ").append(Table.format(v)));
    text.append("  ").append(throughput(seconds));
    scores = text.toString();
    // The first epochs are slow, until Java has compiled what they run: they must not count long.
    boolean first = secondsPerEpoch == 0;
    secondsPerEpoch = first ? seconds : 0.5 * (secondsPerEpoch + seconds);
    int every = Math.ceilDiv(epochs, MOST_LINES);
    boolean told = epoch.epoch() % every == 0 || epoch.epoch() == 1 || trainer.finished();
    if (painter.isEmpty() && told) {
      host.tell("epoch %d/%d%s%s".formatted(epoch.epoch(), epochs, scores, remaining()));
    }
  }

  private String throughput(double seconds) {
    return String.format(Locale.ROOT, "%,.0f examples/s", seconds > 0 ? examples / seconds : 0);
  }

  // The step is read while the trainer moves it: a bar one step behind does no harm.
  private void draw() {
    int step = trainer.step();
    int filled = (int) ((long) BAR * step / trainer.steps());
    String bar = "=".repeat(filled) + " ".repeat(BAR - filled);
    host.err()
        .print(
            "%sepoch %d/%d [%s]%s%s%s"
                .formatted(
                    REDRAW,
                    Math.min(epochs, trainer.epoch() + 1),
                    epochs,
                    bar,
                    scores,
                    remaining(),
                    ERASE_REST));
    host.err().flush();
  }

  private String remaining() {
    if (trainer.finished() || secondsPerEpoch == 0) {
      return "";
    }
    double steps = trainer.steps() - trainer.step();
    long seconds = Math.round(secondsPerEpoch * epochs * steps / trainer.steps());
    return String.format(Locale.ROOT, "  %d:%02d left", seconds / 60, seconds % 60);
  }

  @Override
  public void close() {
    if (painter.isEmpty()) {
      return;
    }
    painter.get().interrupt();
    try {
      painter.get().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    draw();
    host.err().println();
  }
}
