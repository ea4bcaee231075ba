package dev.elbo.device.cuda;

import dev.elbo.graph.Divergence;
import dev.elbo.graph.Divergence.KlGaussian;
import dev.elbo.graph.Divergence.KlLaplace;
import dev.elbo.graph.Divergence.KlLearnedGaussian;
import dev.elbo.graph.Divergence.KlScaleMixture;

/**
 * What kernels are told of a prior: the members of {@code Prior} in weight.cuh but the last, in
 * order.
 */
final class PriorArguments {
  private static final int GAUSSIAN = 0;
  private static final int LEARNED_GAUSSIAN = 1;
  private static final int LAPLACE = 2;
  private static final int SCALE_MIXTURE = 3;

  private PriorArguments() {}

  /**
   * Adds them.
   *
   * @param parameter the position, among the inputs, of the prior's learned scale if it has one
   */
  static Arguments add(Arguments arguments, Divergence divergence, Binding b, int parameter) {
    return switch (divergence) {
      case KlGaussian(double scale) ->
          withoutSamples(numbers(arguments, GAUSSIAN, Math.log(scale), precision(scale), 0, 0));
      case KlLearnedGaussian learned ->
          numbers(arguments, LEARNED_GAUSSIAN, 0, 0, 0, 0).add(b.in(parameter).address(), 0, 1, 0);
      case KlLaplace(double scale) -> {
        double constant = Math.log(2 * scale) - 0.5 * (Math.log(2 * Math.PI) + 1);
        yield withoutSamples(numbers(arguments, LAPLACE, constant, 1 / scale, 0, 0));
      }
      case KlScaleMixture p ->
          numbers(
                  arguments,
                  SCALE_MIXTURE,
                  Math.log(p.mixture()) - Math.log(p.scale1()),
                  precision(p.scale1()),
                  Math.log1p(-p.mixture()) - Math.log(p.scale2()),
                  precision(p.scale2()))
              .add(new Address(), p.noise().site(), p.noise().samples())
              .add(p.noise().antithetic() ? 1 : 0);
    };
  }

  private static Arguments numbers(
      Arguments arguments, int kind, double a, double b, double c, double d) {
    return arguments.add(kind).number(a).number(b).number(c).number(d);
  }

  private static Arguments withoutSamples(Arguments arguments) {
    return arguments.add(new Address(), 0, 1, 0);
  }

  private static double precision(double scale) {
    return 1 / (scale * scale);
  }
}
