package dev.elbo.inference;

import dev.elbo.data.Batches;
import dev.elbo.data.Examples;
import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Schedule;
import dev.elbo.layer.Network;
import dev.elbo.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Trains a model by stochastic variational inference: a step maximises the ELBO on a batch.
 *
 * <p>Everything follows from the seed and the step: two trainers with the same model, training,
 * examples and {@link State} give the same bits. Examples and results are in the user's units. The
 * numbers of an ensemble are means over its members.
 */
public final class Trainer implements AutoCloseable {
  private static final int VALIDATION_SAMPLES = 16;

  private final Device device;
  private final Model model;
  private final Training training;
  private final int examples;
  private final boolean latent;
  private final Optional<Examples> validation;
  private final TrainingGraph step;
  private final Batches batches;
  private final Map<String, Buffer> buffers = new LinkedHashMap<>();
  private final Map<String, Buffer> parameters = new LinkedHashMap<>();
  private final Program program;
  private final BatchRows rows;
  private final float[] scalar = new float[1];
  // Read by those who show progress from another thread.
  private volatile int stepsDone;
  private Optional<State.Best> best = Optional.empty();

  /**
   * Prepares a run and initialises the parameters.
   *
   * @param validation examples for early stopping
   * @throws IllegalArgumentException when network, training and examples do not fit each other
   */
  public Trainer(
      Device device,
      Model model,
      Training training,
      Examples examples,
      Optional<Examples> validation) {
    if (training.earlyStopping().isPresent() && validation.isEmpty()) {
      throw new IllegalArgumentException("early stopping needs validation examples");
    }
    this.device = device;
    this.model = model;
    this.training = training;
    this.examples = examples.size();
    this.validation = validation;
    Windows windows = Windows.of(model.network().observations(), examples.size());
    int batch = Math.min(training.batch(), windows.count());
    batches = new Batches(training.seed(), windows.count(), batch);
    Math.toIntExact(batches.stepsPerEpochs(training.epochs()));
    int batchRows = Math.multiplyExact(batch, windows.length());
    step = TrainingGraph.of(model.network(), training, examples.size(), batchRows);
    latent = step.graph().outputs().containsKey(TrainingGraph.LATENT_KL);
    for (StateTensor tensor : step.state()) {
      Buffer buffer = device.allocate(tensor.shape());
      buffer.write(tensor.initial().tensor(tensor.shape(), training.seed()).values());
      buffers.put(tensor.name(), buffer);
    }
    parameters.putAll(buffers);
    parameters.putAll(TrainingGraph.data(device, model, examples));
    program = device.compile(Schedule.fused(step.graph()), parameters, training.seed());
    rows = new BatchRows(model.network().members(), training.seed(), windows, batch);
  }

  /**
   * The graph of a step as it is compiled for a device, for those who plan without one.
   *
   * @param examples N, all of the data
   * @throws IllegalArgumentException when network and training do not fit each other
   */
  public static Graph graph(Network network, Training training, int examples) {
    int batch = Math.min(training.batch(), examples);
    return Schedule.fused(TrainingGraph.of(network, training, examples, batch).graph());
  }

  /** Steps done so far. */
  public int step() {
    return stepsDone;
  }

  /** Steps of the whole run. */
  public int steps() {
    return Math.toIntExact(batches.stepsPerEpochs(training.epochs()));
  }

  /** Whole epochs done so far. */
  public int epoch() {
    return Math.toIntExact((long) stepsDone * batches.batch() / batches.size());
  }

  /** Whether the run is at its end, by epochs or by early stopping. */
  public boolean finished() {
    boolean impatient =
        training.earlyStopping().isPresent()
            && best.isPresent()
            && epoch() - best.get().epoch() >= training.earlyStopping().get().patience();
    return impatient || stepsDone >= steps();
  }

  /** The parameters and the optimizer's state on the device, by name, until this is closed. */
  public Map<String, Buffer> buffers() {
    return Collections.unmodifiableMap(buffers);
  }

  /**
   * Trains to the end of the current epoch.
   *
   * @throws NonFiniteException when a step gives a value that is not finite
   * @throws IllegalStateException when the run is finished
   */
  public EpochReport epochOfSteps() {
    if (finished()) {
      throw new IllegalStateException("the run is finished");
    }
    int target = epoch() + 1;
    double nll = 0;
    double latentKl = 0;
    int count = 0;
    while (epoch() < target && stepsDone < steps()) {
      nll += oneStep();
      latentKl += latent ? read(TrainingGraph.LATENT_KL) : 0;
      count++;
    }
    double kl = read(TrainingGraph.KL);
    double meanNll = nll / count + model.logUnit();
    double klWeight = klWeight(stepsDone);
    Optional<Double> meanLatentKl = latent ? Optional.of(latentKl / count) : Optional.empty();
    double elbo = -(meanNll + klWeight * (kl / examples + meanLatentKl.orElse(0.0)));
    Optional<Double> score = training.earlyStopping().map(s -> compare(s, target, kl));
    return new EpochReport(
        target, meanNll, meanLatentKl, kl, klWeight, elbo, learningRate(stepsDone), score);
  }

  /**
   * Makes one step.
   *
   * @return the step's estimate of the negative log-likelihood per example, in model units
   * @throws NonFiniteException when it is not finite; the state is then that before the step
   */
  public double oneStep() {
    int next = stepsDone + 1;
    program.input(TrainingGraph.ROWS).write(rows.of(next));
    write(TrainingGraph.LEARNING_RATE, learningRate(next));
    write(TrainingGraph.KL_WEIGHT, klWeight(next) / examples);
    if (training.optimizer() instanceof Optimizer.Ivon ivon) {
      write(TrainingGraph.POINT_RATE, ivon.pointRate() * factor(next));
    }
    program.run(next, 0);
    double nll = read(TrainingGraph.NLL);
    if (!Double.isFinite(nll) || !Double.isFinite(read(TrainingGraph.KL))) {
      throw nonFinite(next, (float) nll);
    }
    stepsDone = next;
    return nll;
  }

  /**
   * A copy of all that the run has to remember.
   *
   * @throws NonFiniteException when a tensor has a value that is not finite, as after a gradient
   *     that overflowed: such a state is not worth keeping
   */
  public State state() {
    return new State(stepsDone, tensors(), best);
  }

  /**
   * The same in the tensors of an earlier state of this trainer, which then is no longer what it
   * was: for those who look often, as at every checkpoint.
   *
   * @throws NonFiniteException as {@link #state}; the earlier state is lost then, too
   */
  public State stateInto(State earlier) {
    earlier.tensors().forEach(this::read);
    return new State(stepsDone, earlier.tensors(), best);
  }

  /**
   * Goes on from a state.
   *
   * @throws IllegalArgumentException when the state is not one of this network and training
   */
  public void restore(State state) {
    if (state.step() < 0 || state.step() > steps()) {
      throw new IllegalArgumentException(
          "step %d is not in 0..%d".formatted(state.step(), steps()));
    }
    write(state.tensors());
    stepsDone = state.step();
    best = state.best();
  }

  /** Goes back to the parameters of the best epoch, where early stopping has kept one. */
  public void restoreBest() {
    best.ifPresent(b -> write(b.tensors()));
  }

  private void write(Map<String, Tensor> tensors) {
    if (!tensors.keySet().equals(buffers.keySet())) {
      throw new IllegalArgumentException(
          "the state has tensors %s, the run %s".formatted(tensors.keySet(), buffers.keySet()));
    }
    tensors.forEach(
        (name, tensor) -> {
          Buffer buffer = Objects.requireNonNull(buffers.get(name));
          if (!buffer.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(
                "tensor '%s' is %s, the run has %s"
                    .formatted(name, tensor.shape(), buffer.shape()));
          }
          buffer.write(tensor.values());
        });
  }

  private Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    buffers.forEach((name, buffer) -> tensors.put(name, Tensor.zeros(buffer.shape())));
    tensors.forEach(this::read);
    return tensors;
  }

  private void read(String name, Tensor tensor) {
    Objects.requireNonNull(buffers.get(name)).read(tensor.values());
    int bad = NonFiniteSearch.firstNonFinite(tensor.values());
    if (bad >= 0) {
      throw new NonFiniteException(stepsDone, name, bad, tensor.values()[bad]);
    }
  }

  private double compare(EarlyStopping stopping, int epoch, double kl) {
    int samples = model.network().samples(VALIDATION_SAMPLES);
    Evaluation evaluation =
        new Predictor(device, model, buffers, samples, training.seed())
            .terms(validation.orElseThrow());
    double score =
        switch (stopping.score()) {
          case NLL -> evaluation.nll();
          case ELBO ->
              evaluation.expectedNll()
                  + training.objective().klWeight()
                      * (kl / examples + evaluation.latentKl().orElse(0.0));
        };
    if (best.isEmpty() || score < best.get().score()) {
      best = Optional.of(new State.Best(epoch, score, tensors()));
    }
    return score;
  }

  private NonFiniteException nonFinite(int next, float nll) {
    Map<String, float[]> inputs = new LinkedHashMap<>();
    inputs.put(TrainingGraph.ROWS, rows.of(next));
    inputs.put(TrainingGraph.KL_WEIGHT, new float[] {(float) (klWeight(next) / examples)});
    return new NonFiniteSearch(device, step.graph(), parameters, training.seed())
        .find(next, inputs, nll);
  }

  private double klWeight(int at) {
    double epochs = (double) at * batches.batch() / batches.size();
    return training.objective().klWeight(epochs);
  }

  private double learningRate(int at) {
    return training.optimizer().rate() * factor(at);
  }

  /** The schedule's factor for a step from 1: the first step is at progress 0. */
  private double factor(int at) {
    return training.schedule().factor((at - 1.0) / steps());
  }

  private void write(String input, double value) {
    scalar[0] = (float) value;
    program.input(input).write(scalar);
  }

  private double read(String output) {
    program.output(output).read(scalar);
    return scalar[0];
  }

  @Override
  public void close() {
    program.close();
    parameters.values().forEach(Buffer::close);
  }
}
