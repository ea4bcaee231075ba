package dev.elbo.bench.peers;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** libtorch through JavaCPP, whose matrix products are OpenBLAS's. */
@SuppressWarnings("try") // scopes free what is made inside them, unnamed
final class LibtorchWorks {
  private LibtorchWorks() {}

  static Contender of(Work work, int threads) {
    return switch (work) {
      case Work.Training training -> new Libtorch(training.problem(), threads);
      case Work.Prediction prediction -> {
        torch.set_num_threads(threads);
        Network network = new Network(prediction.problem());
        yield new Contender.Simple(network::compared, network::predict);
      }
      case Work.Product product -> {
        torch.set_num_threads(threads);
        yield product(product);
      }
      case Work.Normals normals -> {
        torch.set_num_threads(threads);
        Tensor values = Libtorch.tensor(new float[normals.count()], normals.count());
        yield new Contender.Simple(List::of, () -> values.normal_(0, 1, new GeneratorOptional()));
      }
    };
  }

  private static Contender product(Work.Product product) {
    Tensor x = Libtorch.tensor(product.x(), product.rows(), product.inputs());
    Tensor w = Libtorch.tensor(product.w(), product.outputs(), product.inputs()).t();
    float[] zeros = new float[product.rows() * product.outputs()];
    Tensor y = Libtorch.tensor(zeros, product.rows(), product.outputs());
    Runnable step = () -> torch.mm_out(y, x, w);
    return new Contender.Simple(
        () -> {
          step.run();
          return List.of(values(y, zeros.length));
        },
        step);
  }

  private static float[] values(Tensor tensor, int count) {
    float[] values = new float[count];
    new FloatPointer(tensor.contiguous().data_ptr()).get(values);
    return values;
  }

  /**
   * A trained network; nothing of it asks for gradients. As in Elbo, the first layer is drawn by
   * its results, whose mean and standard deviation are computed once, and the others by weights.
   */
  private static final class Network {
    private final Problem problem;
    private final Tensor x;
    private final List<Tensor> mus = new ArrayList<>();
    private final List<Tensor> sigmas = new ArrayList<>();

    /**
     * Of the results [N] of the first layer, of the weights [K, N] of the others, and of the biases
     * [N], layer after layer; drawn anew for each sample.
     */
    private final List<Tensor> noise = new ArrayList<>();

    Network(Problem problem) {
      this.problem = problem;
      x = Libtorch.tensor(problem.graph().x(), problem.step().batch(), problem.inputs(0));
      List<float[]> initial = problem.initial();
      for (int i = 0; i < initial.size(); i += 2) {
        mus.add(parameter(initial.get(i), i));
        sigmas.add(parameter(initial.get(i + 1), i).exp());
        noise.add(i == 0 ? Libtorch.tensor(new float[n0()], n0()) : mus.getLast().clone());
      }
    }

    private int n0() {
      return problem.outputs(0);
    }

    private Tensor parameter(float[] values, int index) {
      int k = problem.inputs(index / 4);
      int n = problem.outputs(index / 4);
      return index % 4 < 2
          ? Libtorch.tensor(Problem.transposed(values, n, k), k, n)
          : Libtorch.tensor(values, n);
    }

    void predict() {
      try (PointerScope scope = new PointerScope()) {
        First first = new First();
        Tensor sum = null;
        for (int s = 0; s < problem.step().samples(); s++) {
          for (Tensor eps : noise) {
            eps.normal_(0, 1, new GeneratorOptional());
          }
          sum = add(sum, first);
        }
        sum.div_(new Scalar(problem.step().samples()));
      }
    }

    List<float[]> compared() {
      First first = new First();
      Tensor sum = null;
      for (int s = 0; s < problem.step().samples(); s++) {
        noise.set(0, Libtorch.tensor(problem.columnNoise(0, s), n0()));
        noise.set(1, Libtorch.tensor(problem.biasNoise(0, s, 1), n0()));
        for (int l = 1; l < problem.step().layers(); l++) {
          int k = problem.inputs(l);
          int n = problem.outputs(l);
          noise.set(2 * l, Libtorch.tensor(problem.weightNoise(l, s), k, n));
          noise.set(2 * l + 1, Libtorch.tensor(problem.biasNoise(l, s, 1), n));
        }
        sum = add(sum, first);
      }
      int classes = problem.outputs(problem.step().layers() - 1);
      Tensor mean = sum.div(new Scalar(problem.step().samples()));
      return List.of(values(mean, problem.step().batch() * classes));
    }

    /** Mean and standard deviation of the first product. */
    private final class First {
      final Tensor mean = x.mm(mus.getFirst());
      final Tensor std = x.square().mm(sigmas.getFirst().square()).sqrt_();
    }

    private Tensor drawn(int index) {
      return torch.addcmul(mus.get(index), sigmas.get(index), noise.get(index));
    }

    /** Adds the probabilities under one drawn network. */
    private Tensor add(@Nullable Tensor sum, First first) {
      Tensor h = torch.addcmul(first.mean, first.std, noise.getFirst()).add_(drawn(1));
      for (int l = 1; l < problem.step().layers(); l++) {
        h.relu_();
        h = torch.addmm(drawn(2 * l + 1), h, drawn(2 * l));
      }
      Tensor probabilities = torch.softmax(h, 1);
      return sum == null ? probabilities : sum.add_(probabilities);
    }
  }
}
