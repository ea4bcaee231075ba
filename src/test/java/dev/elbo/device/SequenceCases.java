package dev.elbo.device;

import static dev.elbo.device.Values.LARGE;
import static dev.elbo.device.Values.NORMAL;
import static dev.elbo.device.Values.POSITIVE;

import dev.elbo.device.OpCase.Operand;
import dev.elbo.graph.CausalAttention;
import dev.elbo.graph.CausalAttentionBackward;
import dev.elbo.graph.Embedding;
import dev.elbo.graph.EmbeddingBackward;
import dev.elbo.graph.LayerNorm;
import dev.elbo.graph.LayerNormBackward;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Embeddings, layer normalisation and attention, with their gradients. */
final class SequenceCases {
  private final List<OpCase> rows = new ArrayList<>();

  private SequenceCases() {}

  static List<OpCase> rows() {
    SequenceCases cases = new SequenceCases();
    for (int samples : List.of(1, 3)) {
      cases.embedding(samples, 1, 1, 1);
      cases.embedding(samples, 5, 7, 3);
      cases.embedding(samples, 65, 33, 64);
      cases.embedding(samples, 17, 257, 65);
      cases.embedding(samples, 2, 1026, 31);
    }
    for (int groups : List.of(1, 3)) {
      for (int columns : List.of(1, 2, 7, 16, 33, 64, 127, 192)) {
        cases.layerNorm(groups, 5, columns);
      }
      // So many rows that a device may sum them in parts.
      cases.layerNorm(groups, 515, 17);
    }
    cases.attention();
    return cases.rows;
  }

  private static Operand normal(String name, Shape shape) {
    return new Operand(name, shape, NORMAL);
  }

  private void embedding(int samples, int vocabulary, int count, int columns) {
    for (boolean shared : List.of(true, false)) {
      String variant =
          "V=%d R=%d D=%d S=%d%s"
              .formatted(vocabulary, count, columns, samples, shared ? " shared" : "");
      Operand table = normal("table", Shape.of(samples * vocabulary, columns));
      Operand tokens =
          new Operand(
              "tokens", Shape.of(shared ? count : samples * count, 1), Values.labels(vocabulary));
      Operand dy = normal("dy", Shape.of(samples * count, columns));
      rows.add(OpCase.of(new Embedding(samples, shared), variant, table, tokens));
      rows.add(OpCase.of(new EmbeddingBackward(samples, shared, vocabulary), variant, dy, tokens));
    }
  }

  private void layerNorm(int groups, int each, int columns) {
    Shape x = Shape.of(groups * each, columns);
    Shape parameters = groups == 1 ? Shape.of(columns) : Shape.of(groups, columns);
    Shape statistic = Shape.of(x.rows(), 1);
    String variant = x + " groups " + groups;
    Operand gamma = normal("gamma", parameters);
    rows.add(
        OpCase.of(new LayerNorm(1e-5), variant, normal("x", x), gamma, normal("beta", parameters)));
    rows.add(
        OpCase.of(
            new LayerNormBackward(),
            variant,
            normal("dy", x),
            normal("x", x),
            gamma,
            normal("mean", statistic),
            new Operand("rstd", statistic, POSITIVE)));
  }

  private void attention() {
    for (int length : List.of(1, 2, 7, 16, 17, 32, 33, 65)) {
      attention(2, 1, length, 5);
    }
    for (int width : List.of(1, 3, 16, 31, 32, 33, 64, 65, 128)) {
      attention(1, 2, 19, width);
    }
    attention(2, 3, 131, 8);
    attention(2, 3, 1, 1);
    Size heads = new Size(1, 2, 19, 16);
    rows.add(OpCase.of(heads.op(), heads + " large", new Operand("qkv", heads.qkv(), LARGE)));
    Size narrow = new Size(1, 1, 67, 3);
    rows.add(OpCase.of(narrow.op(), narrow + " large", new Operand("qkv", narrow.qkv(), LARGE)));
    // All scores are 1e4, and probabilities e^-3: what is left of them in float32 is their
    // gradient.
    backward(new Size(2, 2, 35, 1), " large", Values.constant(100), 10_003);
  }

  private void attention(int sequences, int heads, int length, int width) {
    Size size = new Size(sequences, heads, length, width);
    rows.add(OpCase.of(size.op(), size.toString(), normal("qkv", size.qkv())));
    // A sum of exponentials that is larger than all of them: probabilities stay below 1.
    backward(size, "", NORMAL, 2.0 * width + 5);
  }

  private void backward(Size size, String variant, Values values, double logSum) {
    rows.add(
        OpCase.of(
            new CausalAttentionBackward(size.op()),
            size + variant,
            normal("dy", size.y()),
            new Operand("qkv", size.qkv(), values),
            normal("y", size.y()),
            new Operand(
                "log_sum",
                Shape.of(size.sequences * size.length, size.heads),
                Values.constant(logSum))));
  }

  /** Sequences of T rows, and heads of d columns. */
  private record Size(int sequences, int heads, int length, int width) {
    CausalAttention op() {
      return new CausalAttention(heads, length);
    }

    Shape y() {
      return Shape.of(sequences * length, heads * width);
    }

    Shape qkv() {
      return Shape.of(sequences * length, 3 * heads * width);
    }

    @Override
    public String toString() {
      return "B=%d heads=%d T=%d d=%d".formatted(sequences, heads, length, width);
    }
  }
}
