package dev.elbo.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The units of hidden layers, as {@code --hidden} takes them.
 *
 * @param units of each layer; none for a linear model
 */
record Widths(List<Integer> units) {
  private static final String NONE = "none";

  Widths {
    units = List.copyOf(units);
  }

  /** Reads "400,400" or "none". */
  static final class Converter implements ITypeConverter<Widths> {
    @Override
    public Widths convert(String value) {
      List<Integer> units = new ArrayList<>();
      if (!value.equals(NONE)) {
        for (String field : value.split(",", -1)) {
          units.add(width(field, value));
        }
      }
      return new Widths(units);
    }

    private static int width(String field, String value) {
      try {
        int width = Integer.parseInt(field.strip());
        if (width >= 1) {
          return width;
        }
      } catch (NumberFormatException e) {
        // Falls through to the message, which is the same.
      }
      throw new TypeConversionException(
          "'" + value + "' is not 'none' or numbers of units, at least 1, as in 400,400");
    }
  }
}
