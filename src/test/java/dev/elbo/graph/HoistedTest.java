package dev.elbo.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.elbo.device.Buffer;
import dev.elbo.device.Program;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Update.SgdUpdate;
import dev.elbo.tensor.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What runs once and what runs for each sample, and that the results are what they were. */
class HoistedTest {
  private static final int ROWS = 3;
  private static final NoiseSite FIRST = new NoiseSite(0, 1, false);
  private static final NoiseSite SECOND = new NoiseSite(4, 1, false);

  private final Graph graph = new Graph();
  private final Value x = graph.input("x", Shape.of(ROWS, 5));

  private static String operations(Graph graph) {
    return graph.nodes().stream()
        .map(Node::op)
        .filter(op -> !(op instanceof Leaf))
        .map(Op::name)
        .collect(Collectors.joining(" "));
  }

  private Value drawn(String name, NoiseSite noise, Value of, int units) {
    Shape shape = Shape.of(units, of.shape().columns());
    Value mu = graph.parameter(name + ".mu", shape);
    Value logSigma = graph.parameter(name + ".log_sigma", shape);
    return graph.add(new VariationalLinear(noise, false), of, mu, logSigma);
  }

  private Value point(String name, Value of, int units) {
    Value w = graph.parameter(name, Shape.of(units, of.shape().columns()));
    return graph.add(new Linear(1, false), of, w);
  }

  private static Value relu(Graph graph, Value of) {
    return graph.add(new Unary(Function.RELU), of);
  }

  /** x -> drawn 7 -> RELU -> drawn 2, with drawn biases. */
  private void twoLayers() {
    Value y = relu(graph, biased("a", FIRST, drawn("a", FIRST, x, 7)));
    graph.output("y", biased("b", SECOND, drawn("b", SECOND, y, 2)));
  }

  private Value biased(String name, NoiseSite weights, Value y) {
    Shape shape = Shape.of(y.shape().columns());
    Value mu = graph.parameter(name + ".bias.mu", shape);
    Value logSigma = graph.parameter(name + ".bias.log_sigma", shape);
    NoiseSite noise = new NoiseSite(weights.site() + 1, 1, false);
    return graph.add(new AddBias(), y, graph.add(new Sample(noise, 1), mu, logSigma));
  }

  @Test
  void whatComesBeforeTheNoiseRunsOnce() {
    Value hidden = relu(graph, point("a", x, 7));
    Value dropped = graph.add(new Dropout(FIRST, 0.5), hidden);
    graph.output("y", graph.add(new Add(), point("b", dropped, 2), point("skip", x, 2)));
    graph.output("hidden", hidden);
    Hoisted hoisted = Hoisted.of(graph);
    assertThat(hoisted.split()).isTrue();
    assertThat(operations(hoisted.once())).isEqualTo("Linear Unary Linear");
    assertThat(operations(hoisted.each())).isEqualTo("Dropout Linear Add");
    assertThat(hoisted.each().outputs()).containsOnlyKeys("y", "hidden");
    assertSameAs(hoisted);
  }

  @Test
  void aProductWithDrawnWeightsStaysUnlessRowsStandAlone() {
    twoLayers();
    Hoisted hoisted = Hoisted.of(graph);
    assertThat(hoisted.split()).isFalse();
    assertThat(operations(hoisted.each())).isEqualTo(operations(graph));
    assertSameAs(hoisted);
  }

  @Test
  void theFirstLayerIsDrawnByItsResults() {
    twoLayers();
    Hoisted hoisted = Hoisted.ofRows(graph, ROWS);
    assertThat(operations(hoisted.once())).isEqualTo("Linear Scale Unary Unary Linear Unary");
    assertThat(operations(hoisted.each()))
        .isEqualTo("ColumnSample Sample AddBias Unary VariationalLinear Sample AddBias");
  }

  /** Each row's mean, variance and covariance of results, by 20,000 draws of either kind. */
  @Test
  void everyRowIsDistributedAsBefore() {
    twoLayers();
    int samples = 20_000;
    double[][] drawn = moments(new Hoisted(new Graph(), graph), samples);
    double[][] marginal = moments(Hoisted.ofRows(graph, ROWS), samples);
    for (int row = 0; row < ROWS; row++) {
      double v0 = drawn[row][2];
      double v1 = drawn[row][3];
      // Five standard errors of differences; the fourth moment is at most 9 times that of the
      // square, as for a product of two normals.
      double mean = 5 * Math.sqrt(2.0 / samples);
      double square = 5 * Math.sqrt(2.0 * 8 / samples);
      assertThat(marginal[row][0]).isCloseTo(drawn[row][0], within(mean * Math.sqrt(v0)));
      assertThat(marginal[row][1]).isCloseTo(drawn[row][1], within(mean * Math.sqrt(v1)));
      assertThat(marginal[row][2]).isCloseTo(v0, within(square * v0));
      assertThat(marginal[row][3]).isCloseTo(v1, within(square * v1));
      assertThat(marginal[row][4]).isCloseTo(drawn[row][4], within(square * Math.sqrt(v0 * v1)));
    }
  }

  @Test
  void weightsThatAreUsedTwiceAreDrawn() {
    Value mu = graph.parameter("mu", Shape.of(4, 5));
    Value logSigma = graph.parameter("log_sigma", Shape.of(4, 5));
    Value other = graph.input("other", Shape.of(ROWS, 5));
    VariationalLinear product = new VariationalLinear(FIRST, false);
    Value y = graph.add(product, x, mu, logSigma);
    graph.output("y", graph.add(new Add(), y, graph.add(product, other, mu, logSigma)));
    Hoisted hoisted = Hoisted.ofRows(graph, ROWS);
    assertThat(hoisted.split()).isFalse();
    assertSameAs(hoisted);
  }

  @Test
  void rowsThatAreNotTheExamplesAreNotDrawnAlone() {
    graph.output("y", drawn("a", FIRST, x, 2));
    assertThat(Hoisted.ofRows(graph, ROWS + 1).split()).isFalse();
    assertThat(Hoisted.ofRows(graph, ROWS).split()).isTrue();
  }

  @Test
  void withoutNoiseNothingIsSplit() {
    graph.output("y", point("a", x, 2));
    Hoisted hoisted = Hoisted.ofRows(graph, ROWS);
    assertThat(hoisted.split()).isFalse();
    assertThat(hoisted.each()).isSameAs(graph);
  }

  @Test
  void aGraphThatLearnsIsRefused() {
    Value w = graph.parameter("w", Shape.of(5));
    Value one = graph.constant(1, Shape.SCALAR);
    graph.addAll(new SgdUpdate(new StepRule.Sgd(0)), List.of(one, one, w, w, w));
    assertThatThrownBy(() -> Hoisted.of(graph))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a graph with updates has nothing that is the same for all samples");
  }

  /** Mean of each of two results, their variances and their covariance, a line a row. */
  private static double[][] moments(Hoisted hoisted, int samples) {
    double[][] sums = new double[ROWS][5];
    try (Loop loop = new Loop(hoisted)) {
      for (int s = 0; s < samples; s++) {
        float[] y = loop.run(s).get("y");
        for (int row = 0; row < ROWS; row++) {
          double a = y[2 * row];
          double b = y[2 * row + 1];
          double[] terms = {a, b, a * a, b * b, a * b};
          for (int i = 0; i < terms.length; i++) {
            sums[row][i] += terms[i] / samples;
          }
        }
      }
    }
    for (double[] row : sums) {
      row[2] -= row[0] * row[0];
      row[3] -= row[1] * row[1];
      row[4] -= row[0] * row[1];
    }
    return sums;
  }

  private void assertSameAs(Hoisted hoisted) {
    try (Loop whole = new Loop(new Hoisted(new Graph(), graph));
        Loop parts = new Loop(hoisted)) {
      for (int s = 0; s < 3; s++) {
        Map<String, float[]> expected = whole.run(s);
        // What is carried over is rounded to float32, 6e-8 of numbers of order 1.
        parts
            .run(s)
            .forEach(
                (name, y) ->
                    assertThat(y).as(name).containsExactly(expected.get(name), within(1e-6f)));
      }
    }
  }

  /** Both parts on the reference device, with numbers that depend on the names alone. */
  private static final class Loop implements AutoCloseable {
    private static final ReferenceDevice DEVICE = new ReferenceDevice();

    private final Hoisted hoisted;
    private final Program each;

    Loop(Hoisted hoisted) {
      this.hoisted = hoisted;
      Map<String, float[]> carried = new HashMap<>();
      try (Program once = compile(hoisted.once(), Map.of())) {
        once.run(1, 0);
        hoisted.once().outputs().keySet().forEach(n -> carried.put(n, read(once.output(n))));
      }
      each = compile(hoisted.each(), carried);
    }

    private static Program compile(Graph graph, Map<String, float[]> given) {
      Map<String, Buffer> parameters = new HashMap<>();
      for (Node node : graph.nodes()) {
        if (node.op() instanceof Leaf.Parameter(String label, Shape shape)) {
          Buffer buffer = DEVICE.allocate(shape);
          buffer.write(random(label, shape.elements()));
          parameters.put(label, buffer);
        }
      }
      Program program = DEVICE.compile(graph, parameters, 5);
      for (Node node : graph.nodes()) {
        if (node.op() instanceof Leaf.Input(String label, Shape shape)) {
          float[] values = given.get(label);
          program.input(label).write(values != null ? values : random(label, shape.elements()));
        }
      }
      return program;
    }

    /** Standard deviations about 0.6. */
    private static float[] random(String label, int elements) {
      SplittableRandom random = new SplittableRandom(label.hashCode());
      float[] values = new float[elements];
      for (int i = 0; i < elements; i++) {
        double shift = label.endsWith("log_sigma") ? -0.5 : 0;
        values[i] = (float) (shift + random.nextDouble(-1, 1));
      }
      return values;
    }

    private static float[] read(Buffer buffer) {
      float[] values = new float[buffer.shape().elements()];
      buffer.read(values);
      return values;
    }

    Map<String, float[]> run(int sample) {
      each.run(1, sample);
      return hoisted.each().outputs().keySet().stream()
          .collect(Collectors.toMap(name -> name, name -> read(each.output(name))));
    }

    @Override
    public void close() {
      each.close();
    }
  }
}
