package dev.elbo.device.cuda;

import java.util.List;

/**
 * A kernel as its source declares it.
 *
 * @param unit the .cu file that holds it, without its ending
 * @param name the kernel's name
 * @param parameters the types of its parameters
 */
record Signature(String unit, String name, List<Type> parameters) {
  /** What a kernel's parameter can be. */
  enum Type {
    POINTER,
    INT,
    LONG,
    FLOAT;

    /** The type as which an argument is passed. */
    static Type of(Object argument) {
      return switch (argument) {
        case Address address -> POINTER;
        case Integer i -> INT;
        case Long l -> LONG;
        case Float f -> FLOAT;
        default ->
            throw new IllegalArgumentException(
                "a " + argument.getClass().getSimpleName() + " is no argument of a kernel");
      };
    }
  }

  /**
   * Does nothing when arguments fit.
   *
   * @throws IllegalArgumentException naming kernel and types when they do not
   */
  void check(List<Object> arguments) {
    List<Type> types = arguments.stream().map(Type::of).toList();
    if (!types.equals(parameters)) {
      throw new IllegalArgumentException(
          "kernel %s takes %s, got %s".formatted(name, parameters, types));
    }
  }
}
