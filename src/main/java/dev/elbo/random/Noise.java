package dev.elbo.random;

/**
 * The noise of one site, sample and step: the double-precision definition that every fast path is
 * held to.
 *
 * <p>Normals are Box-Muller pairs of the words (0, 1) and (2, 3) of a block: with the unsigned
 * words a and b, {@code u = (a + 1/2) 2^-32}, {@code r = sqrt(-2 ln u)}, {@code theta = 2 pi b
 * 2^-32}, the first word's element is {@code r cos(theta)} and the second's {@code r sin(theta)}.
 * Fast paths agree within 1e-5 absolute; the raw words are equal to the bit everywhere.
 *
 * <p>Source: Box, Muller, "A note on the generation of random normal deviates", Annals of
 * Mathematical Statistics 29, 1958.
 *
 * @param seed the run's seed; its low half is key word 0, its high half key word 1
 * @param site the tensor that consumes the noise, 0..65535; the reserved ones are below
 * @param sample the Monte Carlo sample, 0..65535
 * @param step the training step from 1, or {@link #PREDICTION}, {@link #INITIALISATION} or {@link
 *     #evaluation}
 */
public record Noise(long seed, int site, int sample, int step) {
  /** The step of every draw made for prediction and evaluation. */
  public static final int PREDICTION = 0;

  /** The step of every draw made for a batch of examples of an evaluation, from 0. */
  public static int evaluation(int batch) {
    return -2 - batch;
  }

  /** The first training step. */
  public static final int FIRST_TRAINING_STEP = 1;

  /** The step of the draws that initialise parameters (0xFFFFFFFF on a device). */
  public static final int INITIALISATION = -1;

  /**
   * The reserved site of the order in which training examples are visited; its step is the epoch.
   */
  public static final int DATA_ORDER_SITE = 0xFFFF;

  /** The reserved site of the split into training and validation rows. */
  public static final int SPLIT_SITE = 0xFFFE;

  /** The reserved site of data augmentation. */
  public static final int AUGMENTATION_SITE = 0xFFFD;

  /** The reserved site of the characters that a generated text is made of. */
  public static final int GENERATION_SITE = 0xFFFC;

  private static final double SCALE = 0x1p-32;

  /**
   * Checks the site and the sample.
   *
   * @throws IllegalArgumentException when either is outside 0..65535
   */
  public Noise {
    NoiseAddress.z(site, sample); // throws
  }

  /** The standard normal of element (o, i) of an [out, in] matrix. */
  public double matrix(int o, int i) {
    int[] words = block(NoiseAddress.matrixX(i), NoiseAddress.matrixY(o));
    return normal(words, NoiseAddress.matrixWord(o, i));
  }

  /** The standard normal of a linear index, from 0. */
  public double linear(long index) {
    int[] words = block(NoiseAddress.linearX(index), NoiseAddress.linearY(index));
    return normal(words, NoiseAddress.linearWord(index));
  }

  /** The 32 uniform bits of a linear index, from 0. */
  public int bits(long index) {
    int[] words = block(NoiseAddress.linearX(index), NoiseAddress.linearY(index));
    return words[NoiseAddress.linearWord(index)];
  }

  /** A random sign at a linear index: -1 where the top bit of {@link #bits} is set, else +1. */
  public double sign(long index) {
    return bits(index) < 0 ? -1 : 1;
  }

  private int[] block(int x, int y) {
    int[] words = new int[4];
    int z = NoiseAddress.z(site, sample);
    Philox.block(x, y, z, step, (int) seed, (int) (seed >>> 32), words, 0);
    return words;
  }

  // StrictMath, so that the definition has the same bits on every machine.
  private static double normal(int[] words, int word) {
    int pair = word & 2;
    double u = (Integer.toUnsignedLong(words[pair]) + 0.5) * SCALE;
    double theta = 2 * Math.PI * (Integer.toUnsignedLong(words[pair + 1]) * SCALE);
    double r = StrictMath.sqrt(-2 * StrictMath.log(u));
    return r * ((word & 1) == 0 ? StrictMath.cos(theta) : StrictMath.sin(theta));
  }
}
