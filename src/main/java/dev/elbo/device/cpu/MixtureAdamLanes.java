package dev.elbo.device.cpu;

/**
 * {@link OnePass} with a scale mixture as the prior, at the one draw of the weights; its first sum
 * is -log p(w) less the entropy of q. C2 does not take {@link MixtureLanes} and the steps in one
 * loop: the row, which is in the first-level cache, is passed over several times.
 */
final class MixtureAdamLanes implements OnePass.Loop {
  private final MixtureLanes prior;
  private final AdamLanes adam;

  MixtureAdamLanes(MixtureLanes prior, AdamLanes adam) {
    this.prior = prior;
    this.adam = adam;
  }

  @Override
  public void prepare() {
    adam.prepare();
  }

  @Override
  public void divergence(Tile tile, double[] sums, int at) {
    sums[at] += prior.divergence(tile);
  }

  @Override
  public void run(Streams s, int count, float upstream, float[] sums, int sums0, Tile scratch) {
    prior.add(
        s.array[Streams.MU],
        s.at[Streams.MU],
        s.array[Streams.LOG_SIGMA],
        s.at[Streams.LOG_SIGMA],
        s.array[Streams.WEIGHTS],
        s.at[Streams.WEIGHTS],
        s.array[Streams.D_MU],
        s.at[Streams.D_MU],
        s.array[Streams.D_LOG_SIGMA],
        s.at[Streams.D_LOG_SIGMA],
        count,
        upstream,
        1,
        sums,
        sums0,
        scratch.mass);
    step(s, Streams.MU, Streams.MU_MEAN, Streams.MU_SQUARE, Streams.D_MU, count);
    step(
        s,
        Streams.LOG_SIGMA,
        Streams.LOG_SIGMA_MEAN,
        Streams.LOG_SIGMA_SQUARE,
        Streams.D_LOG_SIGMA,
        count);
  }

  private void step(Streams s, int parameter, int mean, int square, int gradient, int count) {
    adam.step(
        s.array[parameter],
        s.at[parameter],
        s.array[gradient],
        s.at[gradient],
        s.array[mean],
        s.at[mean],
        s.array[square],
        s.at[square],
        count);
  }
}
