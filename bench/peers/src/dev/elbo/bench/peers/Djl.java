package dev.elbo.bench.peers;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import dev.elbo.bench.StepGraph;
import dev.elbo.layer.Estimator;
import java.util.ArrayList;
import java.util.List;

/**
 * The Deep Java Library over libtorch with MKL, eager. Its arrays have no addcmul and no noise in
 * place; all else is as in {@link Libtorch}. Threads are libtorch's: OMP_NUM_THREADS.
 */
final class Djl implements Contender {
  private final Problem problem;
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final NDArray x;
  private final NDArray y;
  private final List<NDArray> parameters = new ArrayList<>();
  private final Loss crossEntropy = Loss.softmaxCrossEntropyLoss();
  private final Adam adam =
      Adam.builder().optLearningRateTracker(Tracker.fixed((float) StepGraph.RATE)).build();
  private float loss;

  /** Where the noise of a step comes from. */
  private interface Source {
    /** Of weights [K, N], or of outputs [B, N] under local reparameterisation. */
    NDArray eps(NDManager in, int layer, int sample, Shape shape);

    NDArray biasEps(NDManager in, int layer, int sample, Shape shape);

    NDArray inputSigns(NDManager in, int layer, int sample, Shape shape);

    NDArray outputSigns(NDManager in, int layer, int sample, Shape shape);
  }

  Djl(Problem problem) {
    this.problem = problem;
    x = manager.create(problem.graph().x(), new Shape(problem.step().batch(), problem.inputs(0)));
    float[] targets = problem.graph().y();
    NDArray numbers = manager.create(targets);
    y =
        problem.classes()
            ? numbers.toType(DataType.INT64, true)
            : numbers.reshape(targets.length, 1);
    List<float[]> initial = problem.initial();
    for (int i = 0; i < initial.size(); i++) {
      int k = problem.inputs(i / 4);
      int n = problem.outputs(i / 4);
      NDArray p =
          i % 4 < 2
              ? manager.create(Problem.transposed(initial.get(i), n, k), new Shape(k, n))
              : manager.create(initial.get(i), new Shape(n));
      p.setRequiresGradient(true);
      parameters.add(p);
    }
  }

  /** Fresh noise. */
  private static final class Fresh implements Source {
    @Override
    public NDArray eps(NDManager in, int layer, int sample, Shape shape) {
      return in.randomNormal(0f, 1f, shape, DataType.FLOAT32);
    }

    @Override
    public NDArray biasEps(NDManager in, int layer, int sample, Shape shape) {
      return in.randomNormal(0f, 1f, shape, DataType.FLOAT32);
    }

    @Override
    public NDArray inputSigns(NDManager in, int layer, int sample, Shape shape) {
      return in.randomUniform(-1f, 1f, shape).signi();
    }

    @Override
    public NDArray outputSigns(NDManager in, int layer, int sample, Shape shape) {
      return in.randomUniform(-1f, 1f, shape).signi();
    }
  }

  /** The noise that contenders are compared by. */
  private record Given(Problem problem) implements Source {
    @Override
    public NDArray eps(NDManager in, int layer, int sample, Shape shape) {
      boolean local = problem.estimator() == Estimator.LOCAL;
      float[] values =
          local ? problem.outputNoise(layer, sample) : problem.weightNoise(layer, sample);
      return in.create(values, shape);
    }

    @Override
    public NDArray biasEps(NDManager in, int layer, int sample, Shape shape) {
      int copies = (int) shape.size() / problem.outputs(layer);
      return in.create(problem.biasNoise(layer, sample, copies), shape);
    }

    @Override
    public NDArray inputSigns(NDManager in, int layer, int sample, Shape shape) {
      return in.create(problem.inputSigns(layer, sample), shape);
    }

    @Override
    public NDArray outputSigns(NDManager in, int layer, int sample, Shape shape) {
      return in.create(problem.outputSigns(layer, sample), shape);
    }
  }

  @Override
  public List<float[]> results() {
    List<float[]> gradients = new ArrayList<>();
    try (NDManager scope = manager.newSubManager()) {
      attach(scope);
      backward(scope, new Given(problem));
      for (int i = 0; i < parameters.size(); i++) {
        int k = i % 4 < 2 ? problem.inputs(i / 4) : 1;
        float[] g = parameters.get(i).getGradient().toFloatArray();
        gradients.add(Problem.transposed(g, k, problem.outputs(i / 4)));
      }
      zeroGradients();
    }
    return gradients;
  }

  @Override
  public void step() {
    try (NDManager scope = manager.newSubManager()) {
      attach(scope);
      loss = backward(scope, new Fresh());
      for (int i = 0; i < parameters.size(); i++) {
        NDArray gradient = parameters.get(i).getGradient();
        gradient.attach(scope);
        adam.update(String.valueOf(i), parameters.get(i), gradient);
      }
      zeroGradients();
    }
  }

  /** What is computed from them then belongs to the step, and is freed with it. */
  private void attach(NDManager scope) {
    scope.tempAttachAll(parameters.toArray(NDArray[]::new));
    scope.tempAttachAll(x, y);
  }

  private void zeroGradients() {
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      collector.zeroGradients();
    }
  }

  private float backward(NDManager scope, Source noise) {
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray total = loss(scope, noise);
      collector.backward(total);
      return total.getFloat();
    }
  }

  private NDArray loss(NDManager scope, Source noise) {
    List<NDArray> sigmas = new ArrayList<>();
    NDArray kl = scope.create(0f);
    for (int i = 0; i < parameters.size(); i += 2) {
      NDArray mu = parameters.get(i);
      NDArray sigma = parameters.get(i + 1).exp();
      NDArray squares = mu.square().add(sigma.square()).mul(0.5f);
      kl = kl.add(squares.sub(parameters.get(i + 1)).sum());
      sigmas.add(sigma);
    }
    NDArray nll = scope.create(0f);
    int samples = problem.step().samples();
    for (int s = 0; s < samples; s++) {
      nll = nll.add(nll(forward(scope, sigmas, noise, s)));
    }
    return nll.div(samples).add(kl.mul(1f / StepGraph.EXAMPLES));
  }

  private NDArray nll(NDArray outputs) {
    if (problem.classes()) {
      return crossEntropy.evaluate(new NDList(y), new NDList(outputs));
    }
    double scale = 0.5 / (StepGraph.NOISE_SCALE * StepGraph.NOISE_SCALE);
    return outputs.sub(y).square().mean().mul((float) scale);
  }

  private NDArray forward(NDManager scope, List<NDArray> sigmas, Source noise, int sample) {
    int layers = problem.step().layers();
    NDArray h = x;
    for (int l = 0; l < layers; l++) {
      h = layer(scope, h, l, sigmas.get(2 * l), sigmas.get(2 * l + 1), noise, sample);
      if (l < layers - 1) {
        h = Activation.relu(h);
      }
    }
    return h;
  }

  private NDArray layer(
      NDManager scope,
      NDArray h,
      int l,
      NDArray sigma,
      NDArray biasSigma,
      Source noise,
      int sample) {
    Shape inputs = h.getShape();
    Shape outputs = new Shape(inputs.get(0), problem.outputs(l));
    Shape weights = sigma.getShape();
    boolean local = problem.estimator() == Estimator.LOCAL;
    NDArray mu = parameters.get(4 * l);
    NDArray biasEps = noise.biasEps(scope, l, sample, local ? outputs : biasSigma.getShape());
    NDArray bias = parameters.get(4 * l + 2).add(biasSigma.mul(biasEps));
    return switch (problem.estimator()) {
      case NAIVE -> h.matMul(mu.add(sigma.mul(noise.eps(scope, l, sample, weights)))).add(bias);
      case LOCAL -> {
        NDArray std = h.square().matMul(sigma.square()).sqrt();
        yield h.matMul(mu).add(std.mul(noise.eps(scope, l, sample, outputs))).add(bias);
      }
      case FLIPOUT -> {
        NDArray signed = h.mul(noise.inputSigns(scope, l, sample, inputs));
        NDArray drawn = signed.matMul(sigma.mul(noise.eps(scope, l, sample, weights)));
        NDArray turned = drawn.mul(noise.outputSigns(scope, l, sample, outputs));
        yield h.matMul(mu).add(turned).add(bias);
      }
    };
  }

  @Override
  public void close() {
    manager.close();
    if (!Float.isFinite(loss)) {
      throw new IllegalStateException("DJL's loss became " + loss);
    }
  }
}
