package dev.elbo.graph;

import static dev.elbo.graph.ShapeRuleTest.bad;
import static dev.elbo.graph.ShapeRuleTest.m;

import dev.elbo.graph.Reduction.LogMeanExp;
import dev.elbo.graph.Reduction.LogMeanExpBackward;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** Rows of {@link ShapeRuleTest}: what operations on sequences and on latent variables refuse. */
final class ModelShapeRows {
  private static final NoiseSite TWO = new NoiseSite(0, 2, false);

  private ModelShapeRows() {}

  static Stream<Arguments> refused() {
    return Stream.of(
        bad(new LogMeanExp(2), "LogMeanExp: [3x1] does not hold 2 samples", m(3, 1)),
        bad(new LogMeanExp(0), "LogMeanExp: [3x1] does not hold 0 samples", m(3, 1)),
        bad(
            new LogMeanExpBackward(2),
            "LogMeanExpBackward: the gradient [3x1] is not that of 2 samples [4x1]",
            m(4, 1),
            m(3, 1)),
        bad(
            new Dropout(TWO, 0.5),
            "Dropout: the rows of [3x4] are not those of 2 samples",
            m(3, 4)),
        bad(
            new ColumnSample(TWO),
            "ColumnSample: mean [3x4] and std [4x3] are not matrices of one shape",
            m(3, 4),
            m(4, 3)),
        bad(
            new LatentSample(TWO, false),
            "LatentSample: the rows of [3x4] are not those of 2 samples",
            m(3, 4),
            m(3, 4)),
        bad(
            new LatentSampleBackward(TWO, true),
            "LatentSampleBackward: the gradient [4x4] is not that of 2 samples of [3x4]",
            m(4, 4),
            m(3, 4)));
  }

  static Stream<Arguments> refusedBySequences() {
    CausalAttention attention = new CausalAttention(2, 3);
    return Stream.of(
        bad(new Embedding(2, true), "Embedding: [3x4] does not hold 2 tables", m(3, 4), m(5, 1)),
        bad(
            new Embedding(2, false),
            "Embedding: the tokens [5x1] are not those of 2 samples",
            m(4, 4),
            m(5, 1)),
        bad(
            new Embedding(1, true),
            "Embedding: the table has 16777217 rows, float32 numbers them to 16777216",
            m((1 << 24) + 1, 1),
            m(2, 1)),
        bad(
            new EmbeddingBackward(2, true, 7),
            "EmbeddingBackward: gradient [5x4] does not have 10 rows",
            m(5, 4),
            m(5, 1)),
        bad(
            new LayerNorm(1e-5),
            "LayerNorm: gamma [4] does not fit rows [2x3]",
            m(2, 3),
            m(4),
            m(4)),
        bad(
            new LayerNorm(1e-5),
            "LayerNorm: gamma [3] and beta [1x3] have different shapes",
            m(2, 3),
            m(3),
            m(1, 3)),
        bad(
            new LayerNormBackward(),
            "LayerNormBackward: gradient [2x3], mean [2x1] and rstd [1x1] for rows [2x3]",
            m(2, 3),
            m(2, 3),
            m(3),
            m(2, 1),
            m(1, 1)),
        bad(
            attention,
            "CausalAttention: the columns of [6x9] are not q, k and v of 2 heads",
            m(6, 9)),
        bad(attention, "CausalAttention: heads of 129 columns are wider than 128", m(6, 6 * 129)),
        bad(attention, "CausalAttention: the rows of [7x12] are not sequences of 3", m(7, 12)),
        bad(
            new CausalAttentionBackward(attention),
            "CausalAttentionBackward: gradient [6x4], result [6x4] and log-sum-exp [6x1] for an"
                + " input [6x12]",
            m(6, 4),
            m(6, 12),
            m(6, 4),
            m(6, 1)));
  }
}
