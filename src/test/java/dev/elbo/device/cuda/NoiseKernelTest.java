package dev.elbo.device.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.device.Program;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.graph.Graph;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.random.Noise;
import dev.elbo.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The normals of the kernels: their accuracy, their addresses, and that the CPU has the same. */
@Tag("cuda")
class NoiseKernelTest {
  private static final long SEED = 0xfedc_ba98_7654_3210L;

  /** What a normal may be off by, on any device. */
  private static final double ALLOWED = 1e-5;

  /** Measured: 1.22e-6, of normals around 6. */
  private static final double EXACT = 1.5e-6;

  @BeforeAll
  static void load() {
    EmulatedDriver.load();
  }

  /**
   * Pairs of words: many of any, and of first words near 0, 1/2, 1 and where a series takes over.
   */
  private static int[] pairs() {
    SplittableRandom random = new SplittableRandom(2);
    int[] words = random.ints(1 << 21).toArray();
    int[] places = {0, Integer.MIN_VALUE, 0xff000000, 0xff800000};
    for (int i = 0; i < 1 << 19; i += 2) {
      int distance = i / 2 / places.length;
      words[i] = places[i / 2 % places.length] + (i % 4 == 0 ? distance : -distance);
    }
    return words;
  }

  @Test
  void bothFormsAreAccurate() {
    int[] words = pairs();
    int pairs = words.length / 2;
    try (WordKernels kernels = new WordKernels()) {
      List<int[]> normals =
          kernels.run("normal_pairs", pairs, List.of(pairs), words, words.length, words.length);
      assertThat(largestError(words, normals.get(0))).as("exact form").isLessThan(EXACT);
      assertThat(largestError(words, normals.get(1))).as("fast form").isLessThan(ALLOWED);
    }
  }

  /** Against the definition in {@link Noise}. */
  private static double largestError(int[] words, int[] bits) {
    double largest = 0;
    for (int i = 0; i < words.length; i += 2) {
      double u = (Integer.toUnsignedLong(words[i]) + 0.5) * 0x1p-32;
      double theta = 2 * Math.PI * (Integer.toUnsignedLong(words[i + 1]) * 0x1p-32);
      double r = Math.sqrt(-2 * Math.log(u));
      double first = Math.abs(Float.intBitsToFloat(bits[i]) - r * Math.cos(theta));
      double second = Math.abs(Float.intBitsToFloat(bits[i + 1]) - r * Math.sin(theta));
      largest = Math.max(largest, Math.max(first, second));
    }
    return largest;
  }

  /** The draws of a tensor with mu = 0 and sigma = 1: eps itself. */
  private static float[] eps(Device device, Shape shape, Sample op, int step, int firstSample) {
    Graph graph = new Graph();
    Value mu = graph.input("mu", shape);
    Value logSigma = graph.input("log_sigma", shape);
    graph.output("w", graph.add(op, mu, logSigma));
    try (device;
        Program program = device.compile(graph, Map.of(), SEED)) {
      program.input("mu").write(new float[shape.elements()]);
      program.input("log_sigma").write(new float[shape.elements()]);
      program.run(step, firstSample);
      Buffer w = program.output("w");
      float[] values = new float[w.shape().elements()];
      w.read(values);
      return values;
    }
  }

  private static CudaDevice cuda() {
    return new CudaDevice(0, Precision.F32);
  }

  @Test
  void matricesDrawByQuads() {
    Shape shape = Shape.of(1021, 1031);
    NoiseSite site = new NoiseSite(9, 1, false);
    float[] eps = eps(cuda(), shape, new Sample(site, 1), 12345, 3);
    Noise noise = new Noise(SEED, 9, 3, 12345);
    for (int o = 0; o < shape.rows(); o++) {
      for (int i = 0; i < shape.columns(); i++) {
        float actual = eps[o * shape.columns() + i];
        assertClose(actual, noise.matrix(o, i), "(" + o + ", " + i + ")");
      }
    }
  }

  @Test
  void vectorsDrawLinearly() {
    NoiseSite site = new NoiseSite(0xFFF0, 3, false);
    float[] eps = eps(cuda(), Shape.of(1013), new Sample(site, 7), -2, 5);
    int each = 7 * 1013;
    for (int s = 0; s < 3; s++) {
      Noise noise = new Noise(SEED, 0xFFF0, 5 + s, -2);
      for (int i = 0; i < each; i++) {
        assertClose(eps[s * each + i], noise.linear(i), "sample " + s + " [" + i + "]");
      }
    }
  }

  private static void assertClose(float actual, double expected, String place) {
    if (Math.abs(actual - expected) > ALLOWED) { // assertThat for every element would take minutes
      throw new AssertionError(place + ": " + actual + ", not " + expected);
    }
  }

  @Test
  void antitheticSamplesAreNegatives() {
    Shape shape = Shape.of(19, 33);
    NoiseSite site = new NoiseSite(4, 4, true);
    float[] eps = eps(cuda(), shape, new Sample(site, 1), 1, 6);
    int each = shape.elements();
    Noise third = new Noise(SEED, 4, 3, 1);
    for (int i = 0; i < each; i++) {
      assertThat(eps[each + i]).isEqualTo(-eps[i]);
      assertThat(eps[3 * each + i]).isEqualTo(-eps[2 * each + i]);
      assertClose(eps[i], third.matrix(i / 33, i % 33), "[" + i + "]");
    }
  }

  @Test
  void theCpuHasTheSameBits() {
    NoiseSite site = new NoiseSite(2, 4, true);
    for (Shape shape : List.of(Shape.of(131, 67), Shape.of(1, 5), Shape.of(4099))) {
      Sample op = new Sample(site, 1);
      float[] cpu = eps(new CpuDevice(1), shape, op, 77, 2);
      assertThat(eps(cuda(), shape, op, 77, 2)).as("eps of %s", shape).isEqualTo(cpu);
    }
  }
}
