package dev.elbo.layer;

import dev.elbo.distribution.Covariance;
import dev.elbo.graph.CholeskyFactor;
import dev.elbo.graph.Elementwise.Add;
import dev.elbo.graph.Elementwise.AddBias;
import dev.elbo.graph.Elementwise.Multiply;
import dev.elbo.graph.Elementwise.MultiplyRow;
import dev.elbo.graph.Elementwise.Scale;
import dev.elbo.graph.Elementwise.Unary;
import dev.elbo.graph.Function;
import dev.elbo.graph.Graph;
import dev.elbo.graph.Linear;
import dev.elbo.graph.LogDeterminant;
import dev.elbo.graph.NoiseSite;
import dev.elbo.graph.Rearrangement.RepeatRows;
import dev.elbo.graph.Rearrangement.Reshape;
import dev.elbo.graph.Rearrangement.Transpose;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Sample;
import dev.elbo.graph.Value;
import dev.elbo.tensor.Shape;

/**
 * Draws of the D weights [N, K] of a layer from a Gaussian with correlations, all S samples of a
 * step [S·N, K], and its divergence from Normal(0, s²), which is remembered by the builder:
 *
 * <pre>
 * KL = (tr(C) + |m|²) / (2 s²) - D/2 + D log s - log det(C) / 2
 * </pre>
 *
 * <p>with the mean m and the covariance C.
 *
 * @param mean m [N, K]
 * @param logSigma where the logarithms of standard deviations start
 * @param scale s
 * @param noise of the draws
 */
record CorrelatedWeights(
    NetworkBuilder builder,
    Shape shape,
    Value mean,
    double logSigma,
    double scale,
    NoiseSite noise) {
  /** Where the columns of V start: far below sigma, for at 0 they would have no gradient. */
  private static final double FIRST_V = 0.1;

  private Graph graph() {
    return builder.graph();
  }

  private int weights() {
    return shape.elements();
  }

  /** C = L·Lᵀ: w = m + L·eps. */
  Value full() {
    int d = weights();
    if (d > Covariance.MOST_WEIGHTS) {
      throw new IllegalArgumentException(
          "a full covariance of %d weights is more than %d: use a low rank or a Kronecker one"
              .formatted(d, Covariance.MOST_WEIGHTS));
    }
    Value logDiagonal = diagonal("log_diagonal", d, logSigma);
    Value l = factor("cholesky", logDiagonal);
    divergence(squares(l), graph().add(new Scale(2), sum(logDiagonal)));
    return draws(graph().add(new Linear(1, false), normals(d, noise), l));
  }

  /** C = diag(sigma²) + V·Vᵀ: w = m + sigma·eps + V·eta. */
  Value lowRank(int rank, NoiseSite factors) {
    int d = weights();
    Value logScale = diagonal("log_sigma", d, logSigma);
    Initial start =
        new Initial.Normal(FIRST_V * Math.exp(logSigma) / Math.sqrt(rank), factors.site());
    Value v = builder.posteriorPoint("factor", Shape.of(rank, d), start);
    Value sigma = graph().add(new Unary(Function.EXP), logScale);
    Value trace = graph().add(new Add(), squares(sigma), squares(v));
    divergence(trace, logDeterminant(logScale, v));
    Value own = graph().add(new MultiplyRow(), normals(d, noise), row(sigma));
    Value columns = graph().add(new Transpose(), v);
    Value common = graph().add(new Linear(1, false), normals(rank, factors), columns);
    return draws(graph().add(new Add(), own, common));
  }

  /** log det(diag(sigma²) + V·Vᵀ) = 2 sum log sigma + log det(I + Vᵀ·diag(sigma⁻²)·V). */
  private Value logDeterminant(Value logScale, Value v) {
    Value inverse = graph().add(new Unary(Function.EXP), graph().add(new Scale(-1), logScale));
    Value scaled = graph().add(new MultiplyRow(), v, row(inverse));
    Value products = graph().add(new Linear(1, false), scaled, scaled);
    Value small = graph().add(new Add(), products, identity(v.shape().rows()));
    Value twice = graph().add(new Scale(2), sum(logScale));
    return graph().add(new Add(), twice, graph().add(new LogDeterminant(), small));
  }

  /** C = (A·Aᵀ) x (B·Bᵀ): W = M + A·E·Bᵀ. */
  Value kronecker() {
    int n = shape.rows();
    int k = shape.columns();
    Value logRows = diagonal("rows.log_diagonal", n, logSigma / 2);
    Value logColumns = diagonal("columns.log_diagonal", k, logSigma / 2);
    Value a = factor("rows.cholesky", logRows);
    Value b = factor("columns.cholesky", logColumns);
    Value trace = graph().add(new Multiply(), squares(a), squares(b));
    Value ofRows = graph().add(new Scale(2.0 * k), sum(logRows));
    Value ofColumns = graph().add(new Scale(2.0 * n), sum(logColumns));
    divergence(trace, graph().add(new Add(), ofRows, ofColumns));
    Value eps = graph().add(new Sample(noise, 1), zeros(shape), zeros(shape));
    Value right = graph().add(new Linear(noise.samples(), true), b, eps);
    Value both = graph().add(new Linear(noise.samples(), true), a, right);
    return graph().add(new Add(), both, graph().add(new RepeatRows(noise.samples()), mean));
  }

  /** m + the perturbations [S, D] of all samples, as matrices. */
  private Value draws(Value perturbations) {
    Value w = graph().add(new AddBias(), perturbations, row(mean));
    Shape all = Shape.of(noise.samples() * shape.rows(), shape.columns());
    return graph().add(new Reshape(all), w);
  }

  /** Independent normals [S, count]. */
  private Value normals(int count, NoiseSite from) {
    Value zeros = zeros(Shape.of(count));
    return graph().add(new Sample(from, 1), zeros, zeros);
  }

  private Value zeros(Shape of) {
    return graph().constant(0, of);
  }

  private Value identity(int n) {
    return graph().add(new CholeskyFactor(), zeros(Shape.of(n, n)), zeros(Shape.of(n)));
  }

  private Value diagonal(String name, int count, double start) {
    return builder.posteriorPoint(name, Shape.of(count), new Initial.Constant(start));
  }

  private Value factor(String name, Value logDiagonal) {
    int n = logDiagonal.shape().elements();
    Value below = builder.posteriorPoint(name, Shape.of(n, n), new Initial.Constant(0));
    return graph().add(new CholeskyFactor(), below, logDiagonal);
  }

  private Value row(Value x) {
    return graph().add(new Reshape(Shape.of(1, x.shape().elements())), x);
  }

  private Value sum(Value x) {
    return graph().add(new Sum(), x);
  }

  private Value squares(Value x) {
    return sum(graph().add(new Unary(Function.SQUARE), x));
  }

  private void divergence(Value trace, Value logDeterminant) {
    Value moments = graph().add(new Add(), trace, squares(mean));
    Value scaled = graph().add(new Scale(0.5 / (scale * scale)), moments);
    Value volume = graph().add(new Scale(-0.5), logDeterminant);
    double constant = weights() * (Math.log(scale) - 0.5);
    Value kl = graph().add(new Add(), graph().add(new Add(), scaled, volume), scalar(constant));
    builder.divergence(kl);
  }

  private Value scalar(double value) {
    return graph().constant(value, Shape.SCALAR);
  }
}
