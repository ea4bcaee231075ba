package dev.elbo.device.cpu;

import dev.elbo.graph.CausalAttention;
import dev.elbo.graph.CausalAttentionBackward;
import dev.elbo.graph.CholeskyFactor;
import dev.elbo.graph.CholeskyFactorBackward;
import dev.elbo.graph.ColumnSample;
import dev.elbo.graph.Divergence;
import dev.elbo.graph.DivergenceBackward;
import dev.elbo.graph.Dropout;
import dev.elbo.graph.Elementwise;
import dev.elbo.graph.Embedding;
import dev.elbo.graph.EmbeddingBackward;
import dev.elbo.graph.FlipoutLinear;
import dev.elbo.graph.FlipoutLinearBackwardInput;
import dev.elbo.graph.LatentSample;
import dev.elbo.graph.LatentSampleBackward;
import dev.elbo.graph.LayerNorm;
import dev.elbo.graph.LayerNormBackward;
import dev.elbo.graph.Leaf;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LinearBackwardInput;
import dev.elbo.graph.LinearBackwardWeight;
import dev.elbo.graph.LocalLinear;
import dev.elbo.graph.LocalLinearBackwardInput;
import dev.elbo.graph.LogDeterminant;
import dev.elbo.graph.LogDeterminantBackward;
import dev.elbo.graph.LogLikelihood;
import dev.elbo.graph.LogLikelihoodBackward;
import dev.elbo.graph.Rearrangement;
import dev.elbo.graph.Reduction;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Update;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient;

/** The kernel of each operation. */
final class Kernels {
  private Kernels() {}

  /** The kernel of a node; none runs for a leaf. */
  static Kernel of(Binding b) {
    return switch (b.node().op()) {
      case Leaf leaf -> throw new IllegalStateException("a leaf is not computed");
      case Elementwise op -> ElementwiseKernel.of(op, b);
      case Rearrangement op -> RearrangementKernel.of(op, b);
      case Reduction op -> ReductionKernel.of(op, b);
      case Linear op -> LinearKernel.of(op, b);
      case LinearBackwardInput op -> LinearKernel.backwardInput(op, b);
      case LinearBackwardWeight op -> LinearKernel.backwardWeight(op, b);
      case Sample op -> SampleKernel.of(op, b);
      case ColumnSample op -> ColumnSampleKernel.of(op, b);
      case LatentSample op -> LatentSampleKernel.of(op, b);
      case LatentSampleBackward op -> LatentSampleKernel.backward(op, b);
      case Dropout op -> DropoutKernel.of(op, b);
      case CholeskyFactor op -> CovarianceKernel.factor(b);
      case CholeskyFactorBackward op -> CovarianceKernel.factorBackward(b);
      case LogDeterminant op -> CovarianceKernel.logDeterminant(b);
      case LogDeterminantBackward op -> CovarianceKernel.logDeterminantBackward(b);
      case VariationalLinear op -> VariationalLinearKernel.of(op, b);
      case VariationalLinearBackwardInput op -> VariationalLinearKernel.backwardInput(op, b);
      case LocalLinear op -> LocalLinearKernel.of(op, b);
      case LocalLinearBackwardInput op -> LocalLinearKernel.backwardInput(op, b);
      case FlipoutLinear op -> FlipoutLinearKernel.of(op, b);
      case FlipoutLinearBackwardInput op -> FlipoutLinearKernel.backwardInput(op, b);
      case WeightGradient op -> WeightGradientKernel.of(op, b);
      case Embedding op -> EmbeddingKernel.of(op, b);
      case EmbeddingBackward op -> EmbeddingKernel.backward(op, b);
      case LayerNorm op -> LayerNormKernel.of(op, b);
      case LayerNormBackward op -> LayerNormKernel.backward(b);
      case CausalAttention op -> CausalAttentionKernel.of(op, b);
      case CausalAttentionBackward(CausalAttention op) -> CausalAttentionKernel.backward(op, b);
      case LogLikelihood op -> LogLikelihoodKernel.of(op, b);
      case LogLikelihoodBackward op -> LogLikelihoodKernel.backward(op.likelihood(), b);
      case Divergence op -> DivergenceKernel.of(op, b);
      case DivergenceBackward op -> DivergenceKernel.backward(op, b);
      case Update op -> UpdateKernel.of(op, b);
    };
  }
}
