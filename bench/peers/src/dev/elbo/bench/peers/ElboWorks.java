package dev.elbo.bench.peers;

import dev.elbo.bench.StepGraph;
import dev.elbo.data.Examples;
import dev.elbo.data.Standardization;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Linear;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Predictions;
import dev.elbo.inference.Predictor;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** This library. */
final class ElboWorks {
  private static final int COLUMNS = 1024;

  private ElboWorks() {}

  static Contender of(Work work, int threads) {
    Device device = new CpuDevice(threads);
    return switch (work) {
      case Work.Training training -> new Elbo(training.problem(), device);
      case Work.Prediction prediction -> prediction(prediction.problem(), device);
      case Work.Product product -> product(product, device);
      case Work.Normals normals -> normals(normals, device);
    };
  }

  private static Contender prediction(Problem problem, Device device) {
    StepGraph graph = problem.graph();
    Standardization units = Standardization.scale(problem.inputs(0), 1);
    Model model =
        new Model(StepGraph.network(problem.step()), new Normalization(units, Optional.empty()));
    Examples batch = new Examples(problem.inputs(0), graph.x(), graph.y());
    Predictor predictor =
        new Predictor(device, model, graph.state(device), problem.step().samples(), StepGraph.SEED);
    return new Contender.Simple(
        () -> List.of(probabilities(predictor.predict(batch), problem)),
        () -> predictor.predict(batch));
  }

  private static float[] probabilities(Predictions predictions, Problem problem) {
    if (!(predictions instanceof Predictions.Classes classes)) {
      throw new IllegalArgumentException("only classes are predicted here");
    }
    int columns = problem.outputs(problem.step().layers() - 1);
    float[] all = new float[problem.step().batch() * columns];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) Math.exp(classes.logProbabilities().at(i / columns, i % columns));
    }
    return all;
  }

  /**
   * Both operands as they come: of an input the device would keep the panels from run to run, of a
   * parameter it makes them each time.
   */
  private static Contender product(Work.Product product, Device device) {
    Graph graph = new Graph();
    Value x = graph.parameter("x", Shape.of(product.rows(), product.inputs()));
    Value w = graph.input("w", Shape.of(product.outputs(), product.inputs()));
    graph.output("y", graph.add(new Linear(1, false), x, w));
    Buffer operand = device.allocate(x.shape());
    operand.write(product.x());
    Program program = device.compile(graph, Map.of("x", operand), StepGraph.SEED);
    program.input("w").write(product.w());
    return new Contender.Simple(
        () -> {
          program.run(1, 0);
          float[] y = new float[product.rows() * product.outputs()];
          program.output("y").read(y);
          return List.of(y);
        },
        () -> program.run(1, 0));
  }

  /** As weights are drawn: mu + sigma·eps of a matrix. */
  private static Contender normals(Work.Normals normals, Device device) {
    Shape shape = Shape.of(normals.count() / COLUMNS, COLUMNS);
    Graph graph = new Graph();
    Value mu = graph.input("mu", shape);
    Value logSigma = graph.input("log_sigma", shape);
    graph.output("w", graph.add(new Sample(new NoiseSite(0, 1, false), 1), mu, logSigma));
    Program program = device.compile(graph, Map.of(), StepGraph.SEED);
    int[] step = {0};
    return new Contender.Simple(List::of, () -> program.run(++step[0], 0));
  }
}
