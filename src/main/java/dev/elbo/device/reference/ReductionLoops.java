package dev.elbo.device.reference;

import dev.elbo.graph.Reduction;
import dev.elbo.graph.Reduction.ClipFactor;
import dev.elbo.graph.Reduction.LogMeanExp;
import dev.elbo.graph.Reduction.LogMeanExpBackward;
import dev.elbo.graph.Reduction.SampleMoments;
import dev.elbo.graph.Reduction.Sum;
import dev.elbo.graph.Reduction.SumColumns;
import dev.elbo.graph.Reduction.SumRepeats;
import dev.elbo.graph.Reduction.SumRows;
import java.util.List;

/** {@link Reduction}. */
final class ReductionLoops {
  private ReductionLoops() {}

  static void run(Reduction op, List<ReferenceBuffer> in, List<ReferenceBuffer> out) {
    ReferenceBuffer x = in.getFirst();
    ReferenceBuffer y = out.getFirst();
    y.fill(0);
    switch (op) {
      case Sum sum -> sum(x, y);
      case SumRows rows -> sumRows(x, y);
      case SumRepeats repeats -> sumRepeats(x, y);
      case SumColumns columns -> sumColumns(x, y);
      case LogMeanExp mean -> logMeanExp(x, mean.samples(), y);
      case LogMeanExpBackward mean -> logMeanExpBackward(x, in.get(1), mean.samples(), y);
      case SampleMoments moments -> sampleMoments(x, moments.samples(), y, out.get(1));
      case ClipFactor clip -> y.set(0, Math.min(1, clip.limit() / norm(in)));
    }
  }

  private static void sum(ReferenceBuffer x, ReferenceBuffer y) {
    for (int i = 0; i < x.elements(); i++) {
      y.add(0, x.get(i));
    }
  }

  private static void sumRows(ReferenceBuffer x, ReferenceBuffer y) {
    int rowsOfGroup = x.rows() / y.rows();
    for (int r = 0; r < x.rows(); r++) {
      for (int c = 0; c < x.columns(); c++) {
        y.add(r / rowsOfGroup, c, x.get(r, c));
      }
    }
  }

  private static void sumRepeats(ReferenceBuffer x, ReferenceBuffer y) {
    for (int i = 0; i < x.elements(); i++) {
      y.add(i % y.elements(), x.get(i));
    }
  }

  private static void sumColumns(ReferenceBuffer x, ReferenceBuffer y) {
    for (int i = 0; i < x.elements(); i++) {
      y.add(i / x.columns(), x.get(i));
    }
  }

  private static void logMeanExp(ReferenceBuffer x, int samples, ReferenceBuffer y) {
    for (int i = 0; i < y.elements(); i++) {
      y.set(i, logSumExp(x, samples, y.elements(), i) - Math.log(samples));
    }
  }

  private static void logMeanExpBackward(
      ReferenceBuffer x, ReferenceBuffer dy, int samples, ReferenceBuffer dx) {
    for (int i = 0; i < dy.elements(); i++) {
      double total = logSumExp(x, samples, dy.elements(), i);
      for (int s = 0; s < samples; s++) {
        int at = s * dy.elements() + i;
        dx.set(at, dy.get(i) * Math.exp(x.get(at) - total));
      }
    }
  }

  /** Of element i of every sample. */
  private static double logSumExp(ReferenceBuffer x, int samples, int elements, int i) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int s = 0; s < samples; s++) {
      largest = Math.max(largest, x.get(s * elements + i));
    }
    double sum = 0;
    for (int s = 0; s < samples; s++) {
      sum += Math.exp(x.get(s * elements + i) - largest);
    }
    return largest + Math.log(sum);
  }

  private static void sampleMoments(
      ReferenceBuffer x, int samples, ReferenceBuffer mean, ReferenceBuffer variance) {
    variance.fill(0);
    for (int i = 0; i < mean.elements(); i++) {
      for (int s = 0; s < samples; s++) {
        mean.add(i, x.get(s * mean.elements() + i) / samples);
      }
      for (int s = 0; s < samples; s++) {
        double deviation = x.get(s * mean.elements() + i) - mean.get(i);
        variance.add(i, deviation * deviation / samples);
      }
    }
  }

  private static double norm(List<ReferenceBuffer> gradients) {
    double sum = 0;
    for (ReferenceBuffer gradient : gradients) {
      for (int i = 0; i < gradient.elements(); i++) {
        sum += gradient.get(i) * gradient.get(i);
      }
    }
    return Math.sqrt(sum);
  }
}
