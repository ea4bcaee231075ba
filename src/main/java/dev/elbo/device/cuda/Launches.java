package dev.elbo.device.cuda;

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
import java.util.List;

/** The launches of each operation. */
final class Launches {
  private Launches() {}

  /** The launches that compute a node, in order; none for a leaf. */
  static List<Launch> of(Binding b) {
    return switch (b.node().op()) {
      case Leaf leaf -> List.of();
      case Elementwise op -> ElementwiseLaunch.of(op, b);
      case Rearrangement op -> RearrangementLaunch.of(op, b);
      case Reduction op -> ReductionLaunch.of(op, b);
      case Linear op -> LinearLaunch.forward(op, b);
      case LinearBackwardInput op -> LinearLaunch.backwardInput(op, b);
      case LinearBackwardWeight op -> LinearLaunch.backwardWeight(op, b);
      case Sample op -> SampleLaunch.of(op, b);
      case ColumnSample op -> ColumnSampleLaunch.of(op, b);
      case LatentSample op -> LatentSampleLaunch.of(op, b);
      case LatentSampleBackward op -> LatentSampleLaunch.backward(op, b);
      case Dropout op -> DropoutLaunch.of(op, b);
      case CholeskyFactor op -> CovarianceLaunch.factor(b);
      case CholeskyFactorBackward op -> CovarianceLaunch.factorBackward(b);
      case LogDeterminant op -> CovarianceLaunch.logDeterminant(b);
      case LogDeterminantBackward op -> CovarianceLaunch.logDeterminantBackward(b);
      case VariationalLinear op -> VariationalLinearLaunch.forward(op, b);
      case VariationalLinearBackwardInput op -> VariationalLinearLaunch.backwardInput(op, b);
      case LocalLinear op -> LocalLinearLaunch.forward(op, b);
      case LocalLinearBackwardInput op -> LocalLinearLaunch.backwardInput(op, b);
      case FlipoutLinear op -> FlipoutLinearLaunch.forward(op, b);
      case FlipoutLinearBackwardInput op -> FlipoutLinearLaunch.backwardInput(op, b);
      case WeightGradient op -> WeightGradientLaunch.of(op, b);
      case Embedding op -> EmbeddingLaunch.of(op, b);
      case EmbeddingBackward op -> EmbeddingLaunch.backward(op, b);
      case LayerNorm op -> LayerNormLaunch.of(op, b);
      case LayerNormBackward op -> LayerNormLaunch.backward(b);
      case CausalAttention op -> CausalAttentionLaunch.of(op, b);
      case CausalAttentionBackward(CausalAttention op) -> CausalAttentionLaunch.backward(op, b);
      case LogLikelihood op -> LogLikelihoodLaunch.forward(op, b);
      case LogLikelihoodBackward(LogLikelihood op) -> LogLikelihoodLaunch.backward(op, b);
      case Divergence op -> DivergenceLaunch.of(op, b);
      case DivergenceBackward op -> DivergenceLaunch.backward(op, b);
      case Update op -> UpdateLaunch.of(op, b);
    };
  }
}
