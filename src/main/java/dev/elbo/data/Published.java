package dev.elbo.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * A data set that others publish as four IDX files.
 *
 * @param name its name, also that of its folder
 * @param description one line about it
 * @param origin where its files are, ending in a slash
 * @param files what is published there
 */
record Published(String name, String description, URI origin, List<Part> files) {
  /** The data set of Xiao, Rasul and Vollgraf, 2017. */
  static final Published FASHION_MNIST =
      new Published(
          "fashion-mnist",
          "60000 + 10000 pictures of clothes, 28 x 28, 10 classes (Zalando)",
          URI.create(
              "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
          parts(
              "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
              "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
              "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
              "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"));

  /** The data set of LeCun, Cortes and Burges, 1998. */
  static final Published MNIST =
      new Published(
          "mnist",
          "60000 + 10000 handwritten digits, 28 x 28, 10 classes (LeCun, Cortes, Burges)",
          URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
          parts(
              "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
              "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
              "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
              "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"));

  /**
   * One file, published as gz.
   *
   * @param name its name without {@code .gz}
   * @param size the number of bytes when unpacked
   * @param sha256 the SHA-256 of the unpacked bytes, as servers differ in how they packed them
   */
  record Part(String name, long size, String sha256) {}

  /** The labels to train with: small, and no other data set has them. */
  Part trainingLabels() {
    return files.get(1);
  }

  /** Whether a folder has all the files. */
  boolean isWhole(Path folder) {
    return files.stream().allMatch(part -> IdxFolder.file(folder, part.name()).isPresent());
  }

  private static List<Part> parts(
      String trainImages, String trainLabels, String testImages, String testLabels) {
    return List.of(
        new Part("train-images-idx3-ubyte", 16 + 60_000L * 784, trainImages),
        new Part("train-labels-idx1-ubyte", 8 + 60_000L, trainLabels),
        new Part("t10k-images-idx3-ubyte", 16 + 10_000L * 784, testImages),
        new Part("t10k-labels-idx1-ubyte", 8 + 10_000L, testLabels));
  }
}
