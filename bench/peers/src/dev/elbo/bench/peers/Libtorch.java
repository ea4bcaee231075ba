package dev.elbo.bench.peers;

import dev.elbo.bench.StepGraph;
import dev.elbo.layer.Estimator;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch through JavaCPP, eager, with the fewest temporaries that autograd allows: noise is drawn
 * into buffers, weights are one addcmul, the KL is dot products.
 */
@SuppressWarnings("try") // scopes free what is made inside them, unnamed
final class Libtorch implements Contender {
  private static final Scalar HALF = new Scalar(0.5f);

  private final Problem problem;
  private final Tensor x;
  private final Tensor y;

  /** mu and log_sigma of the weights [K, N], then of the biases [N], layer after layer. */
  private final List<Tensor> parameters = new ArrayList<>();

  private final Adam adam;
  private final NoiseBuffers noise;
  private double loss;

  Libtorch(Problem problem, int threads) {
    this.problem = problem;
    torch.set_num_threads(threads);
    x = tensor(problem.graph().x(), problem.step().batch(), problem.inputs(0));
    y = targets(problem);
    TensorVector all = new TensorVector();
    List<float[]> initial = problem.initial();
    for (int i = 0; i < initial.size(); i++) {
      int layer = i / 4;
      int k = problem.inputs(layer);
      int n = problem.outputs(layer);
      Tensor p =
          i % 4 < 2
              ? tensor(Problem.transposed(initial.get(i), n, k), k, n)
              : tensor(initial.get(i), n);
      p.requires_grad_(true);
      parameters.add(p);
      all.push_back(p);
    }
    adam = new Adam(all, new AdamOptions(StepGraph.RATE));
    noise = new NoiseBuffers(problem);
  }

  private static Tensor targets(Problem problem) {
    float[] y = problem.graph().y();
    if (!problem.classes()) {
      return tensor(y, y.length, 1);
    }
    long[] labels = new long[y.length];
    for (int i = 0; i < y.length; i++) {
      labels[i] = (long) y[i];
    }
    TensorOptions longs = new TensorOptions(torch.ScalarType.Long);
    return torch.from_blob(new LongPointer(labels), new long[] {y.length}, longs).clone();
  }

  static Tensor tensor(float[] values, long... shape) {
    return torch.from_blob(new FloatPointer(values), shape).clone();
  }

  /** The tensors that noise is drawn into, kept from step to step: one set for each sample. */
  private static final class NoiseBuffers {
    /** Weights or outputs, biases, and flipout's signs, layer after layer, sample after sample. */
    final List<Tensor> normals = new ArrayList<>();

    final List<Tensor> signs = new ArrayList<>();

    NoiseBuffers(Problem p) {
      int b = p.step().batch();
      for (int s = 0; s < p.step().samples(); s++) {
        for (int l = 0; l < p.step().layers(); l++) {
          int k = p.inputs(l);
          int n = p.outputs(l);
          boolean local = p.estimator() == Estimator.LOCAL;
          normals.add(
              local ? tensor(p.outputNoise(l, s), b, n) : tensor(p.weightNoise(l, s), k, n));
          normals.add(local ? tensor(p.biasNoise(l, s, b), b, n) : tensor(p.biasNoise(l, s, 1), n));
          if (p.estimator() == Estimator.FLIPOUT) {
            signs.add(tensor(p.inputSigns(l, s), b, k));
            signs.add(tensor(p.outputSigns(l, s), b, n));
          }
        }
      }
    }

    void draw() {
      for (Tensor t : normals) {
        t.normal_(0, 1, new GeneratorOptional());
      }
      for (Tensor t : signs) {
        t.bernoulli_(0.5, new GeneratorOptional()).mul_(new Scalar(2)).sub_(new Scalar(1));
      }
    }
  }

  @Override
  public List<float[]> results() {
    List<float[]> gradients = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      loss().backward();
      for (int i = 0; i < parameters.size(); i++) {
        int layer = i / 4;
        int k = i % 4 < 2 ? problem.inputs(layer) : 1;
        float[] g = new float[k * problem.outputs(layer)];
        new FloatPointer(parameters.get(i).grad().contiguous().data_ptr()).get(g);
        gradients.add(Problem.transposed(g, k, problem.outputs(layer)));
      }
    }
    return gradients;
  }

  @Override
  public void step() {
    try (PointerScope scope = new PointerScope()) {
      noise.draw();
      adam.zero_grad();
      Tensor total = loss();
      total.backward();
      adam.step();
      loss = total.item_float();
    }
  }

  private Tensor loss() {
    List<Tensor> sigmas = new ArrayList<>();
    Tensor kl = null;
    for (int i = 0; i < parameters.size(); i += 2) {
      Tensor mu = parameters.get(i).flatten();
      Tensor sigma = parameters.get(i + 1).exp();
      Tensor s = sigma.flatten();
      Tensor term = mu.dot(mu).add(s.dot(s)).mul(HALF).sub(parameters.get(i + 1).sum());
      kl = kl == null ? term : kl.add(term);
      sigmas.add(sigma);
    }
    Tensor nll = null;
    int samples = problem.step().samples();
    for (int s = 0; s < samples; s++) {
      Tensor one = nll(forward(sigmas, s));
      nll = nll == null ? one : nll.add(one);
    }
    Tensor mean = samples == 1 ? nll : nll.div(new Scalar(samples));
    return mean.add(kl.mul(new Scalar(1.0 / StepGraph.EXAMPLES)));
  }

  private Tensor nll(Tensor outputs) {
    if (problem.classes()) {
      return torch.cross_entropy_loss(outputs, y);
    }
    double scale = 0.5 / (StepGraph.NOISE_SCALE * StepGraph.NOISE_SCALE);
    return torch.mse_loss(outputs, y).mul(new Scalar(scale));
  }

  private Tensor forward(List<Tensor> sigmas, int sample) {
    int layers = problem.step().layers();
    Tensor h = x;
    for (int l = 0; l < layers; l++) {
      h = layer(h, l, sample * layers + l, sigmas.get(2 * l), sigmas.get(2 * l + 1));
      if (l < layers - 1) {
        h = torch.relu(h);
      }
    }
    return h;
  }

  private Tensor layer(Tensor h, int l, int draw, Tensor sigma, Tensor biasSigma) {
    Tensor mu = parameters.get(4 * l);
    Tensor bias =
        torch.addcmul(parameters.get(4 * l + 2), biasSigma, noise.normals.get(2 * draw + 1));
    Tensor eps = noise.normals.get(2 * draw);
    return switch (problem.estimator()) {
      case NAIVE -> torch.addmm(bias, h, torch.addcmul(mu, sigma, eps));
      case LOCAL ->
          torch.addcmul(torch.addmm(bias, h, mu), h.square().mm(sigma.square()).sqrt(), eps);
      case FLIPOUT ->
          torch.addcmul(
              torch.addmm(bias, h, mu),
              h.mul(noise.signs.get(2 * draw)).mm(sigma.mul(eps)),
              noise.signs.get(2 * draw + 1));
    };
  }

  @Override
  public void close() {
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException("libtorch's loss became " + loss);
    }
  }
}
