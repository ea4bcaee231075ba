package dev.elbo.layer;

import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.ParameterSource;
import dev.elbo.distribution.Prior;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What layers build a graph with: it names parameters, numbers noise sites in the order in which
 * they are asked for, and remembers the factors of the posterior.
 */
public final class NetworkBuilder implements ParameterSource {
  private final Graph graph;
  private final int batch;
  private final Sampling sampling;
  private final Prior prior;
  private final LatentUse latentUse;
  private final List<Latent> latents = new ArrayList<>();
  private final List<Parameter> points = new ArrayList<>();
  private final List<Factor> factors = new ArrayList<>();
  private final List<Value> divergences = new ArrayList<>();
  private String scope = "";
  private int nextSite;
  private int members = 1;
  private double initialScale = 1;
  private Optional<Double> pointPrior = Optional.empty();

  /**
   * Starts a graph.
   *
   * @param graph where nodes go
   * @param batch B, the examples of a run
   * @param sampling how weights are drawn
   * @param prior the prior of all weights
   * @param latentUse what is wanted of latent variables
   */
  public NetworkBuilder(
      Graph graph, int batch, Sampling sampling, Prior prior, LatentUse latentUse) {
    this.graph = graph;
    this.batch = batch;
    this.sampling = sampling;
    this.prior = prior;
    this.latentUse = latentUse;
  }

  /** The graph that is being built. */
  public Graph graph() {
    return graph;
  }

  /** The prior of all weights. */
  Prior prior() {
    return prior;
  }

  /** How weights are drawn. */
  public Sampling sampling() {
    return sampling;
  }

  /** Parameters learned as points, in the order of building. */
  public List<Parameter> points() {
    return Collections.unmodifiableList(points);
  }

  /** The factors of the posterior, in the order of building. */
  public List<Factor> factors() {
    return Collections.unmodifiableList(factors);
  }

  /**
   * KL(q || p) of all weights in nats, a scalar: that of the factors, and for points that have a
   * prior -log p(w) above its value at 0. Of all members of an ensemble together.
   */
  public Value divergence() {
    return Stream.concat(factors.stream().map(Factor::divergence), divergences.stream())
        .reduce((a, b) -> graph.add(new Add(), a, b))
        .orElseGet(() -> graph.constant(0, Shape.SCALAR));
  }

  /** Adds a divergence that is no factor's. */
  void divergence(Value nats) {
    divergences.add(nats);
  }

  /** Whether all of the divergence is that of factors. */
  public boolean hasFactorsOnly() {
    return divergences.isEmpty();
  }

  /** What is wanted of latent variables. */
  public LatentUse latentUse() {
    return latentUse;
  }

  /** The latent variables, in the order of drawing; none under {@link LatentUse#PRIOR}. */
  public List<Latent> latents() {
    return Collections.unmodifiableList(latents);
  }

  /** Remembers the latent variables of a layer; its name is that of the layer being built. */
  void latent(String name, Value z, Value taken, Value term) {
    latents.add(new Latent(scope + name, z, taken, term));
  }

  /**
   * The networks that are built as one: each parameter is that of every member, one below the
   * other, and each has rows of its own. 1 where there is no ensemble.
   */
  public int members() {
    return members;
  }

  /** Makes all that is built from here on that of an ensemble. */
  void ensemble(int count) {
    if (!scope.isEmpty()) {
      throw new IllegalArgumentException(
          "an ensemble is the whole body of a network, not its part '%s'".formatted(scope));
    }
    if (sampling.samples() != 1) {
      throw new IllegalArgumentException(
          "the members of an ensemble have one sample each, not " + sampling.samples());
    }
    members = count;
  }

  /** Reserves the next noise sites and returns the first. */
  int sites(int count) {
    int first = nextSite;
    nextSite += count;
    return first;
  }

  /** The noise of a site under the sampling of this graph. */
  NoiseSite noise(int site) {
    return new NoiseSite(site, sampling.samples(), sampling.antithetic());
  }

  /** Whether a value is the same for all samples: it has a row an example. */
  boolean shared(Value x) {
    return x.shape().rows() == batch;
  }

  /** The value with a row for every sample and example. */
  Value sampled(Value x) {
    int samples = Math.max(members, sampling.samples());
    return samples > 1 && shared(x) ? graph.add(new RepeatRows(samples), x) : x;
  }

  /** Builds a layer whose parameters' names start with a prefix. */
  Value within(String name, Layer layer, Value x) {
    String outer = scope;
    scope = outer + name + ".";
    Value y = layer.build(this, x);
    scope = outer;
    return y;
  }

  /** Builds a layer whose points have the prior Normal(0, scale²). */
  Value withPointPrior(double scale, Layer layer, Value x) {
    Optional<Double> outer = pointPrior;
    pointPrior = Optional.of(scale);
    Value y = layer.build(this, x);
    pointPrior = outer;
    return y;
  }

  /** Builds a layer whose drawn weights start at a multiple of their usual scale. */
  Value withInitialScale(double factor, Layer layer, Value x) {
    double outer = initialScale;
    initialScale = outer * factor;
    Value y = layer.build(this, x);
    initialScale = outer;
    return y;
  }

  /** A parameter of a likelihood or a prior, learned as a point; it has no prior of its own. */
  @Override
  public Value point(String name, Shape shape, double initial) {
    return learned(name, shape, new Initial.Constant(initial));
  }

  /** A parameter of a layer, learned as a point. */
  Value point(String name, Shape shape, Initial initial) {
    Value value = learned(name, shape, initial);
    pointPrior.ifPresent(
        scale -> {
          Value squares = graph.add(new Sum(), graph.add(new Unary(Function.SQUARE), value));
          divergence(graph.add(new Scale(0.5 / (scale * scale)), squares));
        });
    return value;
  }

  /** A number of a posterior, learned as any point; its prior is that of the weights. */
  Value posteriorPoint(String name, Shape shape, Initial initial) {
    return learned(name, shape, initial);
  }

  private Value learned(String name, Shape shape, Initial initial) {
    Parameter parameter =
        members == 1
            ? parameter(name, shape, initial)
            : parameter(
                name,
                Shape.of(members * shape.rows(), shape.columns()),
                new Initial.Members(members, initial));
    points.add(parameter);
    return parameter.value();
  }

  /**
   * The mean-field Gaussian of a tensor of weights, with its divergence from the prior.
   *
   * @param name the tensor's name within the layer
   * @param mean how mu starts
   * @param draws the noise at which a sampled divergence is estimated
   */
  Factor factor(
      String name, Shape shape, Initial mean, GaussianPosterior posterior, NoiseSite draws) {
    if (members > 1 && prior instanceof Prior.LearnedGaussian) {
      throw new IllegalArgumentException(
          "an ensemble has no learned prior scale: its members would share it");
    }
    Shape all = ofMembers(shape);
    Initial start = new Initial.Constant(posterior.initialLogSigma());
    Parameter mu =
        parameter(name + ".mu", all, members == 1 ? mean : new Initial.Members(members, mean));
    Parameter logSigma = parameter(name + ".log_sigma", all, start);
    ParameterSource learned = (part, size, value) -> point(name + "." + part, size, value);
    Value divergence = prior.divergence(graph, learned, draws, mu.value(), logSigma.value());
    Factor factor = new Factor(mu, logSigma, divergence);
    factors.add(factor);
    return factor;
  }

  /** Of all members, one below the other; a vector stays one, for it draws by linear index. */
  private Shape ofMembers(Shape one) {
    return one.rank() == 1
        ? Shape.of(Math.multiplyExact(members, one.elements()))
        : Shape.of(Math.multiplyExact(members, one.rows()), one.columns());
  }

  private Parameter parameter(String name, Shape shape, Initial initial) {
    String full = scope + name;
    return new Parameter(full, graph.parameter(full, shape), initial.scaled(initialScale));
  }
}
