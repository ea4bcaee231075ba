package dev.elbo.bench.peers;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Deep Java Library over libtorch, whose matrix products are MKL's. */
final class DjlWorks {
  private DjlWorks() {}

  static Contender of(Work work) {
    NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    return switch (work) {
      case Work.Training training -> new Djl(training.problem());
      case Work.Prediction prediction -> {
        Network network = new Network(prediction.problem(), manager);
        yield new Contender.Simple(network::compared, network::predict);
      }
      case Work.Product product -> product(product, manager);
      case Work.Normals normals -> {
        Shape shape = new Shape(normals.count());
        yield new Contender.Simple(
            List::of, () -> manager.randomNormal(0f, 1f, shape, DataType.FLOAT32).close());
      }
    };
  }

  private static Contender product(Work.Product product, NDManager manager) {
    NDArray x = manager.create(product.x(), new Shape(product.rows(), product.inputs()));
    NDArray w =
        manager.create(product.w(), new Shape(product.outputs(), product.inputs())).transpose();
    return new Contender.Simple(
        () -> List.of(x.matMul(w).toFloatArray()), () -> x.matMul(w).close());
  }

  /**
   * A trained network; nothing of it asks for gradients. As in Elbo, the first layer is drawn by
   * its results, whose mean and standard deviation are computed once, and the others by weights.
   */
  private static final class Network {
    private final Problem problem;
    private final NDManager manager;
    private final NDArray x;
    private final List<NDArray> mus = new ArrayList<>();
    private final List<NDArray> sigmas = new ArrayList<>();

    Network(Problem problem, NDManager manager) {
      this.problem = problem;
      this.manager = manager;
      Shape shape = new Shape(problem.step().batch(), problem.inputs(0));
      x = manager.create(problem.graph().x(), shape);
      List<float[]> initial = problem.initial();
      for (int i = 0; i < initial.size(); i += 2) {
        mus.add(parameter(initial.get(i), i));
        sigmas.add(parameter(initial.get(i + 1), i).exp());
      }
    }

    private NDArray parameter(float[] values, int index) {
      int k = problem.inputs(index / 4);
      int n = problem.outputs(index / 4);
      return index % 4 < 2
          ? manager.create(Problem.transposed(values, n, k), new Shape(k, n))
          : manager.create(values, new Shape(n));
    }

    void predict() {
      mean(Network::fresh).close();
    }

    List<float[]> compared() {
      return List.of(mean(this::given).toFloatArray());
    }

    /**
     * Where noise comes from: of the results of the first layer or the weights of another, and of
     * the biases, in turn.
     */
    private interface Source {
      NDArray eps(NDManager in, int index, int sample, Shape shape);
    }

    private static NDArray fresh(NDManager in, int index, int sample, Shape shape) {
      return in.randomNormal(0f, 1f, shape, DataType.FLOAT32);
    }

    private NDArray given(NDManager in, int index, int sample, Shape shape) {
      float[] values;
      if (index % 2 == 1) {
        values = problem.biasNoise(index / 2, sample, 1);
      } else {
        values =
            index == 0 ? problem.columnNoise(0, sample) : problem.weightNoise(index / 2, sample);
      }
      return in.create(values, shape);
    }

    private NDArray mean(Source noise) {
      try (NDManager scope = manager.newSubManager()) {
        scope.tempAttachAll(x);
        scope.tempAttachAll(mus.getFirst(), sigmas.getFirst());
        NDArray mean = x.matMul(mus.getFirst());
        NDArray std = x.square().matMul(sigmas.getFirst().square()).sqrt();
        NDArray sum = null;
        for (int s = 0; s < problem.step().samples(); s++) {
          sum = add(sum, mean, std, noise, s);
        }
        if (sum == null) {
          throw new IllegalArgumentException("a prediction needs samples");
        }
        return sum.divi(problem.step().samples());
      }
    }

    /** Adds the probabilities under one drawn network, whose arrays are freed. */
    private NDArray add(
        @Nullable NDArray sum, NDArray mean, NDArray std, Source noise, int sample) {
      try (NDManager scope = manager.newSubManager()) {
        scope.tempAttachAll(mean, std);
        scope.tempAttachAll(mus.toArray(NDArray[]::new));
        scope.tempAttachAll(sigmas.toArray(NDArray[]::new));
        NDArray eps = noise.eps(scope, 0, sample, new Shape(problem.outputs(0)));
        NDArray h = std.mul(eps).addi(mean).addi(drawn(scope, 1, noise, sample));
        for (int l = 1; l < problem.step().layers(); l++) {
          h = Activation.relu(h);
          h = h.matMul(drawn(scope, 2 * l, noise, sample));
          h = h.addi(drawn(scope, 2 * l + 1, noise, sample));
        }
        NDArray probabilities = h.softmax(1);
        if (sum == null) {
          probabilities.attach(manager);
          return probabilities;
        }
        return sum.addi(probabilities);
      }
    }

    private NDArray drawn(NDManager scope, int index, Source noise, int sample) {
      NDArray sigma = sigmas.get(index);
      NDArray eps = noise.eps(scope, index, sample, sigma.getShape());
      return eps.muli(sigma).addi(mus.get(index));
    }
  }
}
