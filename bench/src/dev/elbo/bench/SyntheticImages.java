package dev.elbo.bench;

import dev.elbo.data.Examples;
import java.util.SplittableRandom;

/**
 * A data set of the size of Fashion-MNIST that needs no file: images of a few latent causes, whose
 * classes overlap, so that the best accuracy is well below 1.
 */
final class SyntheticImages {
  private static final int CAUSES = 12;
  private static final int CLASSES = 10;

  /** Spread of the classes' means in units of the spread within a class. */
  private static final double SEPARATION = 0.9;

  private static final double PIXEL_NOISE = 0.5;

  private final int pixels;
  private final double[] mixing;
  private final double[] means = new double[CLASSES * CAUSES];
  private final SplittableRandom random = new SplittableRandom(11);

  SyntheticImages(int pixels) {
    this.pixels = pixels;
    mixing = new double[pixels * CAUSES];
    for (int i = 0; i < mixing.length; i++) {
      mixing[i] = random.nextGaussian() / Math.sqrt(CAUSES);
    }
    for (int i = 0; i < means.length; i++) {
      means[i] = SEPARATION * random.nextGaussian();
    }
  }

  /** The next images. */
  Examples draw(int count) {
    float[] x = new float[count * pixels];
    float[] y = new float[count];
    double[] causes = new double[CAUSES];
    for (int n = 0; n < count; n++) {
      int label = random.nextInt(CLASSES);
      y[n] = label;
      for (int k = 0; k < CAUSES; k++) {
        causes[k] = means[label * CAUSES + k] + random.nextGaussian();
      }
      for (int p = 0; p < pixels; p++) {
        double value = PIXEL_NOISE * random.nextGaussian();
        for (int k = 0; k < CAUSES; k++) {
          value += mixing[p * CAUSES + k] * causes[k];
        }
        x[n * pixels + p] = (float) value;
      }
    }
    return new Examples(pixels, x, y);
  }
}
