package dev.elbo.inference;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Value;
import dev.elbo.layer.Estimator;
import dev.elbo.layer.Factor;
import dev.elbo.layer.LatentUse;
import dev.elbo.layer.NetworkBuilder;
import dev.elbo.layer.Sampling;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The network at the posterior's mean: the same network with every sigma 0, so that each draw of a
 * weight is its mean. One sample of it is all there is.
 */
public final class MeanNetwork implements AutoCloseable {
  /** exp of it is 0. */
  private static final float NO_SPREAD = -1000;

  private final Map<String, Buffer> parameters;
  private final Map<String, Buffer> own = new HashMap<>();

  /**
   * Prepares the parameters of the mean network on a device.
   *
   * @param parameters the parameters of the network by name, as {@link Trainer#buffers}; their
   *     means are shared, not copied
   */
  public MeanNetwork(Device device, Model model, Map<String, Buffer> parameters) {
    this.parameters = new HashMap<>(parameters);
    Graph graph = new Graph();
    int rows = model.network().observations().window();
    Sampling one = new Sampling(Estimator.NAIVE, 1, false);
    NetworkBuilder builder =
        new NetworkBuilder(graph, rows, one, model.network().prior(), LatentUse.DIVERGENCE);
    Value x = graph.input("x", model.network().inputShape(rows));
    model.network().build(builder, x);
    for (Factor factor : builder.factors()) {
      Buffer logSigma = device.allocate(factor.logSigma().value().shape());
      float[] values = new float[logSigma.shape().elements()];
      Arrays.fill(values, NO_SPREAD);
      logSigma.write(values);
      own.put(factor.logSigma().name(), logSigma);
    }
    this.parameters.putAll(own);
  }

  /** The parameters by name, to predict with by one sample. */
  public Map<String, Buffer> parameters() {
    return parameters;
  }

  /** Whether it is another network than one sample: whether there are weights with a sigma. */
  public boolean differs() {
    return !own.isEmpty();
  }

  /** Gives back what it took beside the parameters it was given. */
  @Override
  public void close() {
    own.values().forEach(Buffer::close);
  }
}
