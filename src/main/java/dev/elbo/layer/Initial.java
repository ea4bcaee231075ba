package dev.elbo.layer;

import dev.elbo.random.Noise;
import dev.elbo.tensor.Shape;
import dev.elbo.tensor.Tensor;
import java.util.Arrays;

/** How a parameter starts. */
public sealed interface Initial {
  /** The first values of a parameter of a shape. */
  Tensor tensor(Shape shape, long seed);

  /** The same with a multiple of the scale of what is drawn; constants stay. */
  default Initial scaled(double factor) {
    return switch (this) {
      case Constant constant -> constant;
      case Normal normal -> new Normal(factor * normal.scale, normal.site);
      case Members all -> new Members(all.members, all.one.scaled(factor));
    };
  }

  /**
   * The parameters of the members of an ensemble one below the other, each as in a run of its own:
   * that of member m starts from seed + m.
   *
   * @param members how many there are; the rows of a matrix, or the elements of a vector, are
   *     theirs in equal parts
   * @param one how each starts
   */
  record Members(int members, Initial one) implements Initial {
    @Override
    public Tensor tensor(Shape shape, long seed) {
      Tensor tensor = Tensor.zeros(shape);
      Shape own =
          shape.rank() == 1
              ? Shape.of(shape.elements() / members)
              : Shape.of(shape.rows() / members, shape.columns());
      for (int m = 0; m < members; m++) {
        float[] values = one.tensor(own, seed + m).values();
        System.arraycopy(values, 0, tensor.values(), m * values.length, values.length);
      }
      return tensor;
    }
  }

  /** Every element the same. */
  record Constant(double value) implements Initial {
    @Override
    public Tensor tensor(Shape shape, long seed) {
      Tensor tensor = Tensor.zeros(shape);
      Arrays.fill(tensor.values(), (float) value);
      return tensor;
    }
  }

  /**
   * Normal(0, scale²), drawn at the parameter's noise site with the step of initialisation.
   *
   * @param scale the standard deviation
   * @param site the noise site
   */
  record Normal(double scale, int site) implements Initial {
    @Override
    public Tensor tensor(Shape shape, long seed) {
      Tensor tensor = Tensor.zeros(shape);
      Noise noise = new Noise(seed, site, 0, Noise.INITIALISATION);
      int columns = shape.columns();
      for (int o = 0; o < shape.rows(); o++) {
        for (int i = 0; i < columns; i++) {
          tensor.values()[o * columns + i] = (float) (scale * noise.matrix(o, i));
        }
      }
      return tensor;
    }
  }
}
