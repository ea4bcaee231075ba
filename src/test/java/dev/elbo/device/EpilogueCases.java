package dev.elbo.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.graph.ColumnSample;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Elementwise.UnaryBackward;
import dev.elbo.graph.Epilogues;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Groups;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.Node;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Op;
import dev.elbo.graph.Value;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * What products do in their epilogues has the bits of the same operations one by one; naming the
 * product's result as an output keeps them apart.
 */
public final class EpilogueCases {
  private static final int SAMPLES = 2;
  private static final int EXAMPLES = 67;

  /** The second is a sum of two parts, in products that split theirs. */
  private static final List<Integer> DEPTHS = List.of(19, 259);

  private static final NoiseSite NOISE = new NoiseSite(3, SAMPLES, true);
  private static final FlipoutLinear FLIPOUT = new FlipoutLinear(NOISE, 4, 5, false);

  private final Device device;
  private final Epilogues epilogues;

  /** Cases for a device and what its products are said to do. */
  public EpilogueCases(Device device, Epilogues epilogues) {
    this.device = device;
    this.epilogues = epilogues;
  }

  /** Bias and RELU after the forward products; the sum is read by others, or by RELU alone. */
  public Stream<DynamicTest> biasAndRelu() {
    List<Op> products =
        List.of(
            new Linear(SAMPLES, false),
            new VariationalLinear(NOISE, false),
            new LocalLinear(NOISE, false),
            FLIPOUT,
            new ColumnSample(NOISE));
    return products.stream()
        .filter(epilogues::of)
        .flatMap(
            product ->
                Stream.of(1, SAMPLES, SAMPLES * EXAMPLES)
                    .filter(rows -> epilogues.takes(Shape.of(rows, 7), SAMPLES, SAMPLES * EXAMPLES))
                    .flatMap(rows -> biasAndRelu(product, rows)));
  }

  private Stream<DynamicTest> biasAndRelu(Op product, int biases) {
    return DEPTHS.stream()
        .flatMap(
            inputs ->
                Stream.of(7, 66)
                    .map(
                        outputs ->
                            DynamicTest.dynamicTest(
                                "%s K=%d N=%d biases=%d"
                                    .formatted(product.name(), inputs, outputs, biases),
                                () -> {
                                  forward(product, biases, inputs, outputs, List.of("relu"));
                                  forward(
                                      product, biases, inputs, outputs, List.of("relu", "half"));
                                })));
  }

  private void forward(Op product, int biases, int inputs, int outputs, List<String> names) {
    Graph together = new Graph();
    Graph apart = new Graph();
    for (Graph graph : List.of(together, apart)) {
      Value x = graph.input("x", Shape.of(SAMPLES * EXAMPLES, inputs));
      Value y = graph.addAll(product, operands(graph, x, product, inputs, outputs)).getFirst();
      Value bias = graph.input("bias", Shape.of(biases, outputs));
      Value sum = graph.add(new AddBias(), y, bias);
      Value relu = graph.add(new Unary(Function.RELU), sum);
      graph.output("relu", relu);
      if (names.contains("half")) {
        graph.output("half", graph.add(new Unary(Function.SQUARE), sum));
      }
      if (graph.equals(apart)) {
        graph.output("product", y);
      }
    }
    assertThat(Groups.of(together, epilogues)).anyMatch(group -> group.nodes().size() == 3);
    assertThat(Groups.of(apart, epilogues)).allMatch(group -> group.nodes().size() == 1);
    assertSame(together, apart, names);
  }

  /**
   * A second product of what the first has activated, which others read too, or do not.
   *
   * @param sizes numbers of examples
   */
  public Stream<DynamicTest> chain(List<Integer> sizes) {
    List<Op> products =
        List.of(
            new Linear(SAMPLES, false),
            new VariationalLinear(NOISE, false),
            new Linear(1, false),
            new ColumnSample(NOISE));
    return products.stream()
        .filter(epilogues::of)
        .flatMap(
            product ->
                sizes.stream()
                    .flatMap(
                        examples ->
                            Stream.of(
                                    List.of("y"),
                                    List.of("y", "relu"),
                                    List.of("y", "half"),
                                    List.of("y", "one"),
                                    List.of("one"))
                                .map(
                                    names ->
                                        DynamicTest.dynamicTest(
                                            "%s B=%d %s".formatted(product.name(), examples, names),
                                            () -> chain(product, examples, names)))));
  }

  private void chain(Op product, int examples, List<String> names) {
    boolean shared = product.equals(new Linear(1, false));
    Graph together = new Graph();
    Graph apart = new Graph();
    for (Graph graph : List.of(together, apart)) {
      Value x = graph.input("x", Shape.of((shared ? 1 : SAMPLES) * examples, 19));
      Value first = graph.addAll(product, operands(graph, x, product, 19, 35)).getFirst();
      Value sum = graph.add(new AddBias(), first, graph.input("bias", Shape.of(1, 35)));
      Value relu = graph.add(new Unary(Function.RELU), sum);
      Value w = graph.input("second", Shape.of(SAMPLES * 7, 35));
      if (names.contains("y")) {
        graph.output("y", graph.add(new Linear(SAMPLES, shared), relu, w));
      }
      if (names.contains("one")) {
        Value matrix = graph.input("matrix", Shape.of(7, 35));
        graph.output("one", graph.add(new Linear(1, false), relu, matrix));
      }
      if (names.contains("relu")) {
        graph.output("relu", relu);
      }
      if (names.contains("half")) {
        graph.output("half", graph.add(new Unary(Function.SQUARE), sum));
      }
      if (graph.equals(apart)) {
        graph.output("product", first);
      }
    }
    assertThat(Groups.of(together, epilogues)).anyMatch(group -> group.nodes().size() == 3);
    assertSame(together, apart, names);
  }

  private static List<Value> operands(
      Graph graph, Value first, Op product, int inputs, int outputs) {
    int matrices = product.equals(new Linear(1, false)) ? 1 : SAMPLES;
    if (product instanceof ColumnSample) {
      Shape moments = Shape.of(first.shape().rows() / SAMPLES, outputs);
      return List.of(graph.input("mean", moments), graph.input("std", moments));
    }
    return product instanceof Linear || product instanceof LinearBackwardInput
        ? List.of(first, graph.input("w", Shape.of(matrices * outputs, inputs)))
        : List.of(
            first,
            graph.input("mu", Shape.of(outputs, inputs)),
            graph.input("log_sigma", Shape.of(outputs, inputs)));
  }

  /** The derivative of RELU after the products that give gradients of inputs. */
  public Stream<DynamicTest> mask() {
    List<Op> products =
        List.of(
            new LinearBackwardInput(SAMPLES, false),
            new VariationalLinearBackwardInput(NOISE, false),
            new LocalLinearBackwardInput(NOISE, false),
            new FlipoutLinearBackwardInput(FLIPOUT));
    return products.stream()
        .filter(epilogues::of)
        .flatMap(
            product ->
                DEPTHS.stream()
                    .map(
                        outputs ->
                            DynamicTest.dynamicTest(
                                product.name() + " N=" + outputs,
                                () -> backward(product, outputs))));
  }

  private void backward(Op product, int outputs) {
    int inputs = 35;
    Graph together = new Graph();
    Graph apart = new Graph();
    Shape dyShape = Shape.of(SAMPLES * EXAMPLES, outputs);
    Shape dxShape = Shape.of(SAMPLES * EXAMPLES, inputs);
    for (Graph graph : List.of(together, apart)) {
      Value mask = graph.input("mask", dxShape);
      List<Value> operands = operands(graph, graph.input("dy", dyShape), product, inputs, outputs);
      if (product instanceof LocalLinearBackwardInput) {
        Value std = graph.input("std", dyShape);
        Value x = graph.input("x", dxShape);
        operands = List.of(operands.get(0), std, x, operands.get(1), operands.get(2));
      }
      Value dx = graph.addAll(product, operands).getFirst();
      graph.output("masked", graph.add(new UnaryBackward(Function.RELU), mask, dx));
      if (graph.equals(apart)) {
        graph.output("product", dx);
      }
    }
    assertThat(Groups.of(together, epilogues)).anyMatch(group -> group.nodes().size() == 2);
    assertThat(Groups.of(apart, epilogues)).allMatch(group -> group.nodes().size() == 1);
    assertSame(together, apart, List.of("masked"));
  }

  private void assertSame(Graph together, Graph apart, List<String> names) {
    Map<String, float[]> expected = run(apart, names);
    run(together, names)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  private Map<String, float[]> run(Graph graph, List<String> names) {
    Map<String, float[]> results = new LinkedHashMap<>();
    try (Program program = device.compile(graph, Map.of(), 7)) {
      for (Node node : graph.nodes()) {
        if (node.op() instanceof Leaf.Input(String label, Shape shape)) {
          program.input(label).write(random(label, shape.elements()));
        }
      }
      program.run(3, 0);
      for (String name : names) {
        Buffer buffer = program.output(name);
        float[] values = new float[buffer.shape().elements()];
        buffer.read(values);
        assertThat(values).as(name).isNotEqualTo(new float[values.length]);
        results.put(name, values);
      }
    }
    return results;
  }

  /** The same for the same label; positive for standard deviations. */
  private static float[] random(String label, int elements) {
    SplittableRandom random = new SplittableRandom(label.length());
    float[] values = new float[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = label.equals("std") ? random.nextFloat(0.1f, 1) : random.nextFloat(-1, 1);
    }
    return values;
  }
}
