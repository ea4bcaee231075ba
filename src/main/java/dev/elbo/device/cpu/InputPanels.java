package dev.elbo.device.cpu;

/**
 * The transpose of a program's input in panels: made when the input was written, not at each run,
 * for one batch is predicted by many samples of the weights.
 */
final class InputPanels {
  private final Panels panels;
  private final ProgramInput input;
  private long seen = -1;

  InputPanels(Panels panels, ProgramInput input) {
    this.panels = panels;
    this.input = input;
  }

  /** The panels and what fills them when it is time. */
  Panels.Packed packed(CpuBuffer x, int samples, boolean shared, Binding b) {
    Kernel fill = panels.filledBy(x, samples, shared, b);
    return new Panels.Packed(
        panels,
        () -> {
          if (seen != input.writes()) {
            fill.run();
            seen = input.writes();
          }
        });
  }

  /** Elements held. */
  long size() {
    return panels.array().length;
  }
}
