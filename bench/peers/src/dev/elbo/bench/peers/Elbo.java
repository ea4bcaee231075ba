package dev.elbo.bench.peers;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Schedule;
import dev.elbo.graph.StepRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** This library: the fused step, as {@code Trainer} runs it. */
final class Elbo implements Contender {
  private final Problem problem;
  private final Device device;
  private final Map<String, Buffer> state;
  private final Program program;
  private final float[] nll = new float[1];
  private int steps;

  Elbo(Problem problem, Device device) {
    this.problem = problem;
    this.device = device;
    state = problem.graph().state(device);
    program = problem.graph().program(device, Schedule.fused(problem.graph().graph()), state);
  }

  /** Adam's first average is (1 - beta1) times the gradient. */
  @Override
  public List<float[]> results() {
    step();
    List<float[]> gradients = new ArrayList<>();
    for (String name : problem.graph().initial().keySet()) {
      Buffer average = Objects.requireNonNull(state.get(name + ".adam_m"));
      float[] g = new float[average.shape().elements()];
      average.read(g);
      for (int i = 0; i < g.length; i++) {
        g[i] /= (float) (1 - StepRule.Adam.DEFAULT.beta1());
      }
      gradients.add(g);
    }
    return gradients;
  }

  @Override
  public void step() {
    program.run(++steps, 0);
    program.output("nll").read(nll);
  }

  @Override
  public void close() {
    program.close();
    device.close();
  }
}
