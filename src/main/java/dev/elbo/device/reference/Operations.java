package dev.elbo.device.reference;

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
import dev.elbo.graph.Op;
import dev.elbo.graph.Rearrangement;
import dev.elbo.graph.Reduction;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Update;
import dev.elbo.graph.VariationalLinear;
import dev.elbo.graph.VariationalLinearBackwardInput;
import dev.elbo.graph.WeightGradient;
import dev.elbo.graph.WeightGradient.FlipoutLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.LocalLinearBackwardWeight;
import dev.elbo.graph.WeightGradient.SampleBackward;
import dev.elbo.graph.WeightGradient.VariationalLinearBackwardWeight;
import java.util.List;

/** The switch over all operations. */
final class Operations {
  private Operations() {}

  /** Computes the results of an operation; every element of {@code out} is written. */
  static void run(Op op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    switch (op) {
      case Leaf leaf -> {}
      case Elementwise elementwise -> ElementwiseLoops.run(elementwise, in, out.getFirst());
      case Rearrangement move -> RearrangementLoops.run(move, in, out.getFirst());
      case Reduction reduction -> ReductionLoops.run(reduction, in, out);
      case Linear linear -> LinearLoops.forward(linear, in, out.getFirst());
      case LinearBackwardInput linear -> LinearLoops.backwardInput(linear, in, out.getFirst());
      case LinearBackwardWeight linear -> LinearLoops.backwardWeight(linear, in, out.getFirst());
      case Sample sample -> SampleLoops.forward(sample, in, out.getFirst(), run);
      case ColumnSample sample -> ColumnSampleLoops.run(sample, in, out.getFirst(), run);
      case LatentSample sample -> LatentSampleLoops.forward(sample, in, out.getFirst(), run);
      case LatentSampleBackward sample -> LatentSampleLoops.backward(sample, in, out, run);
      case Dropout dropout -> DropoutLoops.run(dropout, in.getFirst(), out.getFirst(), run);
      case CholeskyFactor factor -> CovarianceLoops.factor(in, out.getFirst());
      case CholeskyFactorBackward factor -> CovarianceLoops.factorBackward(in, out);
      case LogDeterminant log -> CovarianceLoops.logDeterminant(in.getFirst(), out.getFirst());
      case LogDeterminantBackward log ->
          CovarianceLoops.logDeterminantBackward(in.get(0), in.get(1), out.getFirst());
      case VariationalLinear linear ->
          VariationalLinearLoops.forward(linear, in, out.getFirst(), run);
      case VariationalLinearBackwardInput linear ->
          VariationalLinearLoops.backwardInput(linear, in, out.getFirst(), run);
      case LocalLinear linear -> LocalLinearLoops.forward(linear, in, out, run);
      case LocalLinearBackwardInput linear ->
          LocalLinearLoops.backwardInput(linear, in, out.getFirst(), run);
      case FlipoutLinear linear -> FlipoutLinearLoops.forward(linear, in, out.getFirst(), run);
      case FlipoutLinearBackwardInput linear ->
          FlipoutLinearLoops.backwardInput(linear.forward(), in, out.getFirst(), run);
      case WeightGradient gradient -> weightGradient(gradient, in, out, run);
      case Embedding embedding -> EmbeddingLoops.forward(embedding, in, out.getFirst());
      case EmbeddingBackward embedding -> EmbeddingLoops.backward(embedding, in, out.getFirst());
      case LayerNorm norm -> LayerNormLoops.forward(norm, in, out);
      case LayerNormBackward norm -> LayerNormLoops.backward(in, out);
      case CausalAttention attention -> CausalAttentionLoops.forward(attention, in, out);
      case CausalAttentionBackward attention ->
          CausalAttentionLoops.backward(attention.forward(), in, out.getFirst());
      case LogLikelihood likelihood -> LogLikelihoodLoops.forward(likelihood, in, out.getFirst());
      case LogLikelihoodBackward backward ->
          LogLikelihoodLoops.backward(backward.likelihood(), in, out);
      case Divergence divergence ->
          out.getFirst().set(0, DivergenceLoops.forward(divergence, in, run));
      case DivergenceBackward backward ->
          DivergenceLoops.backward(backward.divergence(), in, out, run);
      case Update update -> UpdateLoops.run(update, in, out, run);
    }
  }

  private static void weightGradient(
      WeightGradient op, List<ReferenceBuffer> in, List<ReferenceBuffer> out, Run run) {
    switch (op) {
      case VariationalLinearBackwardWeight naive ->
          VariationalLinearLoops.backwardWeight(naive, in, out, run);
      case LocalLinearBackwardWeight local -> LocalLinearLoops.backwardWeight(local, in, out, run);
      case FlipoutLinearBackwardWeight flipout ->
          FlipoutLinearLoops.backwardWeight(flipout.forward(), in, out, run);
      case SampleBackward sample -> SampleLoops.backward(sample, in, out, run);
    }
  }
}
