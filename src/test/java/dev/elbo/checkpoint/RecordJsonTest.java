package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordJsonTest {
  enum Activation {
    RELU,
    TANH {
      @Override
      public String toString() {
        return "not the name";
      }
    }
  }

  sealed interface Layer permits Linear, Simple {}

  record Linear(int units, Optional<Double> scale) implements Layer {
    Linear {
      if (units < 1) {
        throw new IllegalArgumentException("units must be positive, got " + units);
      }
    }
  }

  sealed interface Simple extends Layer permits Act, Sequence {}

  record Act(Activation activation) implements Simple {}

  record Sequence(List<Layer> layers) implements Simple {}

  record Model(String name, List<Layer> layers, Map<String, Float> options) {}

  record Numbers(int i, long l, double d, float f, boolean b) {}

  private static final Model MODEL =
      new Model(
          "mlp",
          List.of(
              new Linear(50, Optional.of(0.1)),
              new Act(Activation.TANH),
              new Sequence(List.of(new Linear(1, Optional.empty())))),
          Map.of("z", 1.5f, "a", -0f));

  private static final String MODEL_JSON =
      "{\"name\":\"mlp\",\"layers\":[{\"type\":\"Linear\",\"units\":50,\"scale\":0.1},"
          + "{\"type\":\"Act\",\"activation\":\"TANH\"},{\"type\":\"Sequence\",\"layers\":["
          + "{\"type\":\"Linear\",\"units\":1,\"scale\":null}]}],"
          + "\"options\":{\"a\":-0.0,\"z\":1.5}}";

  @Test
  void recordsAreWrittenInTheOrderOfTheirComponents() {
    assertThat(RecordJson.write(MODEL)).isEqualTo(MODEL_JSON);
  }

  @Test
  void whatIsWrittenIsReadBack() {
    assertThat(RecordJson.read(Model.class, MODEL_JSON, "model")).isEqualTo(MODEL);
    assertThat(RecordJson.read(Model.class, RecordJson.writePretty(MODEL), "model"))
        .isEqualTo(MODEL);
  }

  @Test
  void aSealedInterfaceCanBeTheRoot() {
    Layer layer = new Act(Activation.RELU);
    String json = "{\"type\":\"Act\",\"activation\":\"RELU\"}";
    assertThat(RecordJson.write(layer)).isEqualTo(json);
    assertThat(RecordJson.read(Layer.class, json, "layer")).isEqualTo(layer);
    assertThat(RecordJson.read(Simple.class, json, "layer")).isEqualTo(layer);
    assertThat(RecordJson.read(Act.class, json, "layer")).isEqualTo(layer);
  }

  @Test
  void keysMayComeInAnyOrder() {
    String json = "{\"b\":true,\"f\":1,\"d\":2,\"l\":3,\"i\":4}";
    assertThat(RecordJson.read(Numbers.class, json, "n")).isEqualTo(new Numbers(4, 3, 2, 1, true));
  }

  @Test
  void prettyJsonIsIndentedByTwoSpaces() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("task", "classification");
    metrics.put("seconds", 1.5);
    metrics.put("test", Map.of("nll", 0.25f, "accuracy", 1.0));
    metrics.put("hidden", List.of(400, 300L));
    metrics.put("none", Map.of());
    metrics.put("empty", List.of());
    assertThat(RecordJson.writePretty(metrics))
        .isEqualTo(
            """
            {
              "task": "classification",
              "seconds": 1.5,
              "test": {
                "accuracy": 1.0,
                "nll": 0.25
              },
              "hidden": [400, 300],
              "none": {},
              "empty": []
            }
            """);
  }

  @Test
  void numbersKeepEveryBit() {
    for (double d :
        new double[] {
          0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1.0 / 3, 1e16, 2e-3, Math.PI
        }) {
      for (float f : new float[] {0.1f, Float.MIN_VALUE, Float.MAX_VALUE, 1f / 3, (float) Math.E}) {
        Numbers numbers = new Numbers(Integer.MIN_VALUE, Long.MAX_VALUE, d, f, false);
        // Records compare doubles by their bits, so this tells -0.0 from 0.0.
        assertThat(RecordJson.read(Numbers.class, RecordJson.write(numbers), "n"))
            .isEqualTo(numbers);
      }
    }
  }

  @Test
  void stringsKeepEveryCharacter() {
    String odd = "\"\\/\n\t\u0000\u007f\u2028é中😀";
    Model model = new Model(odd, List.of(), Map.of(odd, 1f));
    assertThat(RecordJson.read(Model.class, RecordJson.write(model), "model")).isEqualTo(model);
  }

  @Test
  void readValuesAreUnmodifiable() {
    Model model = RecordJson.read(Model.class, MODEL_JSON, "model");
    assertThatThrownBy(() -> model.layers().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> model.options().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void depthIsLimitedInBothDirections() {
    // Every Sequence is two levels: the object and its list; the innermost list is empty.
    Layer deepest = sequences(32);
    assertThat(RecordJson.read(Layer.class, RecordJson.write(deepest), "m")).isEqualTo(deepest);
    assertThatThrownBy(() -> RecordJson.write(sequences(33)))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("Sequence.layers[0].layers[0]")
        .hasMessageEndingWith(": nested deeper than 64 levels");
    String json = "{'type':'Sequence','layers':[".repeat(33) + "]}".repeat(33);
    assertThatThrownBy(() -> read(Layer.class, json))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(": too large: Document nesting depth (65) exceeds the maximum");
    assertThatThrownBy(() -> read(Layer.class, "[".repeat(1_000_000)))
        .hasMessage("model: expected an object, got a list");
  }

  @Test
  void theLastLevelWrittenIsThe64th() {
    List<Object> nested = List.of();
    for (int level = 2; level <= 64; level++) {
      nested = List.of(nested);
    }
    assertThat(RecordJson.write(nested)).isEqualTo("[".repeat(64) + "]".repeat(64));
    List<Object> deeper = List.of(nested);
    assertThatThrownBy(() -> RecordJson.write(deeper))
        .hasMessage("value" + "[0]".repeat(64) + ": nested deeper than 64 levels");
  }

  @Test
  void halvesOfSurrogatePairsAreRefused() {
    assertThatThrownBy(() -> read(Model.class, "{'name':'\ud800'}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("surrogate");
    assertThatThrownBy(() -> read(Model.class, "{'options':{'\udc00':1}}"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("surrogate");
    assertThatThrownBy(() -> RecordJson.write(Map.of("a", "\ud800")))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("value.a: half a surrogate pair in '\ud800'");
    assertThatThrownBy(() -> RecordJson.write(Map.of("\ud800", 1)))
        .hasMessage("value: half a surrogate pair in '\ud800'");
  }

  @Test
  void whatJsonCannotHoldIsNotWritten() {
    assertThatThrownBy(() -> RecordJson.write(new Numbers(1, 1, Double.NaN, 1f, true)))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("Numbers.d: NaN is not a JSON number");
    assertThatThrownBy(() -> RecordJson.write(new Numbers(1, 1, 1, Float.NEGATIVE_INFINITY, true)))
        .hasMessage("Numbers.f: -Infinity is not a JSON number");
    assertThatThrownBy(() -> RecordJson.write(Map.of("a b", List.of(1, Double.NaN))))
        .hasMessage("value['a b'][1]: NaN is not a JSON number");
    Map<String, Object> holey = new LinkedHashMap<>();
    holey.put("a", null);
    assertThatThrownBy(() -> RecordJson.write(holey)).hasMessage("value.a: is null");
    assertThatThrownBy(() -> RecordJson.write(Map.of(1, 2)))
        .hasMessage("value: key 1 is not a string");
    assertThatThrownBy(() -> RecordJson.write(List.of(new Object())))
        .hasMessage("value[0]: type java.lang.Object has no JSON form");
    assertThatThrownBy(() -> RecordJson.write(List.of(Optional.of(Optional.empty()))))
        .hasMessage("value[0]: type java.util.Optional has no JSON form");
  }

  private static Layer sequences(int count) {
    Layer layer = new Sequence(List.of());
    for (int i = 1; i < count; i++) {
      layer = new Sequence(List.of(layer));
    }
    return layer;
  }

  private static <T> T read(Class<T> type, String json) {
    return RecordJson.read(type, json.replace('\'', '"'), "model");
  }
}
