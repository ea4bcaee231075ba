package dev.elbo.device.cuda;

import dev.elbo.device.DeviceException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is taken from the driver together and given back together, the last first. Closing goes on
 * after a failure, so that nothing stays behind, and tells the first.
 */
final class Scope implements AutoCloseable {
  private final Ledger ledger;
  private final @Nullable Scope parent;
  private final Deque<Owned> owned = new ArrayDeque<>();

  private record Owned(Object identity, Runnable release) {}

  /** The outermost scope of a device. */
  Scope(Ledger ledger) {
    this(ledger, null);
  }

  private Scope(Ledger ledger, @Nullable Scope parent) {
    this.ledger = ledger;
    this.parent = parent;
  }

  /** A scope that is closed with this one, if not before. */
  Scope nested() {
    Scope scope = new Scope(ledger, this);
    owned.push(new Owned(scope, scope::release));
    return scope;
  }

  /**
   * Owns a driver object.
   *
   * @param what named when it cannot be given back
   * @param free the driver call that gives it back
   */
  void own(Ledger.Kind kind, String what, IntSupplier free) {
    ledger.taken(kind);
    owned.push(
        new Owned(
            free,
            () -> {
              ledger.givenBack(kind);
              Driver.check(free.getAsInt(), "freeing " + what);
            }));
  }

  @Override
  public void close() {
    if (parent != null) {
      parent.owned.removeIf(item -> item.identity().equals(this));
    }
    release();
  }

  /** Gives back what a failed attempt has taken; what fails in this is added to the failure. */
  void abandon(Throwable failure) {
    try {
      close();
    } catch (DeviceException e) {
      failure.addSuppressed(e);
    }
  }

  private void release() {
    DeviceException failure = null;
    while (!owned.isEmpty()) {
      try {
        owned.pop().release().run();
      } catch (DeviceException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
