package dev.elbo.cli;

import dev.elbo.inference.Run;
import dev.elbo.report.History;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Saves a run while the training goes on, one save at a time: a checkpoint waits for the disk
 * longer than a short epoch takes.
 */
final class BackgroundSave implements AutoCloseable {
  private final RunDirectory directory;
  private Optional<Save> current = Optional.empty();
  private int epoch;

  private record Save(int epoch, FutureTask<Void> task) {}

  /**
   * Nothing is saved yet.
   *
   * @param epoch that of the checkpoint which is in the folder
   */
  BackgroundSave(RunDirectory directory, int epoch) {
    this.directory = directory;
    this.epoch = epoch;
  }

  /**
   * Begins to save a run, whose tensors must stay as they are until {@link #finish}, after the save
   * before it.
   *
   * @param of the epoch that has just ended
   * @throws FailedException as {@link #finish}
   */
  void begin(Run run, History history, int of) {
    finish();
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              directory.save(run, history);
              return null;
            });
    current = Optional.of(new Save(of, task));
    Thread.ofPlatform().daemon().name("save").start(task);
  }

  /**
   * Waits for the save that was begun last.
   *
   * @throws FailedException when it could not be written; the file of the save before it is kept
   */
  void finish() {
    if (current.isEmpty()) {
      return;
    }
    Save save = current.get();
    try {
      save.task.get();
      current = Optional.empty();
      epoch = save.epoch;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a checkpoint was being saved", e);
    } catch (ExecutionException e) {
      current = Optional.empty();
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /** The epoch of the newest checkpoint that is known to be in the folder. */
  int epoch() {
    return epoch;
  }

  /** Waits as {@link #finish}. */
  @Override
  public void close() {
    finish();
  }
}
