package dev.elbo.device.cuda;

import java.util.EnumMap;
import java.util.Map;

/** Counts what a device holds of the driver's, so that a test can tell that nothing is left. */
final class Ledger {
  private final Map<Kind, Integer> held = new EnumMap<>(Kind.class);

  /** What a driver gives and wants back. */
  enum Kind {
    CONTEXT,
    STREAM,
    EVENT,
    MODULE,
    MEMORY,
    PINNED_MEMORY,
    GRAPH,
    LIBRARY
  }

  void taken(Kind kind) {
    held.merge(kind, 1, Integer::sum);
  }

  void givenBack(Kind kind) {
    held.computeIfPresent(kind, (k, count) -> count > 1 ? count - 1 : null);
  }

  /** How many of each kind are held; kinds of which there are none are absent. */
  Map<Kind, Integer> held() {
    return Map.copyOf(held);
  }
}
