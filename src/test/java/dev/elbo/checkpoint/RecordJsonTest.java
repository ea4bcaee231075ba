package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    assertThat(RecordJson.read(Numbers.class, json, "n"))
        .isEqualTo(new Numbers(4, 3, 2, 1, true));
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
          0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1.0 / 3, 1e16, 2e-3, 9007199254740993.0
        }) {
      for (float f : new float[] {0.1f, Float.MIN_VALUE, Float.MAX_VALUE, 1f / 3, 16777217f}) {
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'x'              | .units: expected a whole number, got 'x'
          1.0              | .units: expected a whole number, got 1.0
          1e2              | .units: expected a whole number, got 1e2
          null             | .units: expected a whole number, got null
          true             | .units: expected a whole number, got true
          []               | .units: expected a whole number, got a list
          2147483648       | .units: expected a whole number from -2147483648 to 2147483647, got 2147483648
          99999999999999999999 | .units: expected a whole number from -2147483648 to 2147483647, got 99999999999999999999
          0                | : units must be positive, got 0
          1,'units':2      | .units: duplicate key
          1,'width':2      | .width: unknown key, known are units, scale
          """)
  void wrongUnitsAreNamedWithTheirPath(String units, String message) {
    String json =
        "{'name':'m','layers':[{'type':'Linear','units':1,'scale':null},"
            + "{'type':'Sequence','layers':[{'type':'Linear','scale':1,'units':" + units + "}]}]}";
    assertRefused(Model.class, json, "model.layers[1].layers[0]" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'type':'Linear','units':1} | : key 'scale' is missing
          {'type':'Linear','units':1,'scale':'x'} | .scale: expected a number, got 'x'
          {'type':'Linear','units':1,'scale':1e999} | .scale: expected a number in the range of a double, got 1e999
          {'type':'Act','activation':'RELU6'} | .activation: expected one of RELU, TANH, got 'RELU6'
          {'type':'Act','activation':0} | .activation: expected a string, got 0
          {'type':'Conv'} | .type: unknown type 'Conv', known are Linear, Act, Sequence
          {'type':3} | .type: expected a string, got 3
          {'units':1,'type':'Linear'} | .units: expected 'type' as the first key
          {} | : expected 'type' as the first key
          {'type':'Act','type':'Act'} | .type: duplicate key
          'Linear' | : expected an object, got 'Linear'
          """)
  void wrongLayersAreNamedWithTheirPath(String layer, String message) {
    assertRefused(Model.class, "{'layers':[" + layer + "]}", "model.layers[0]" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'l':9223372036854775808} | .l: expected a whole number from -9223372036854775808 to 9223372036854775807, got 9223372036854775808
          {'f':1e39} | .f: expected a number in the range of a float, got 1e39
          {'f':null} | .f: expected a number, got null
          {'b':1}    | .b: expected true or false, got 1
          {'b':'true'} | .b: expected true or false, got 'true'
          {'a b':1} | ['a b']: unknown key, known are i, l, d, f, b
          {}        | : key 'i' is missing
          []        | : expected an object, got a list
          ``        | : expected an object, got nothing
          7         | : expected an object, got 7
          """)
  void wrongNumbersAreNamed(String json, String message) {
    assertRefused(Numbers.class, json, "model" + message);
  }

  @Test
  void mapsAreChecked() {
    assertRefused(Model.class, "{'options':{'a':[]}}", "model.options.a: expected a number, got a list");
    assertRefused(Model.class, "{'options':{'a':1,'a':1}}", "model.options.a: duplicate key");
    assertRefused(Model.class, "{'options':[]}", "model.options: expected an object, got a list");
    assertRefused(Model.class, "{'layers':{}}", "model.layers: expected a list, got an object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{'i':", "{'i' 1}", "{i:1}", "{'i':01}", "{'i':NaN}", "{'d':1.}"})
  void whatIsNotJsonIsRefused(String json) {
    assertThatThrownBy(() -> read(Numbers.class, json))
        .isInstanceOf(CheckpointException.class)
        .message()
        .startsWith("model")
        .contains(": not valid JSON: ")
        .doesNotContain("\n");
  }

  @Test
  void trailingTextIsRefused() {
    String json = "{'type':'Act','activation':'RELU'}";
    assertRefused(Layer.class, json + " {}", "model: more text after the end");
    assertThatThrownBy(() -> read(Layer.class, json + " x"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith("model: not valid JSON: Unrecognized token 'x'");
    assertThat(read(Layer.class, json + " \n")).isEqualTo(new Act(Activation.RELU));
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
    assertThatThrownBy(
            () -> RecordJson.write(new Numbers(1, 1, 1, Float.NEGATIVE_INFINITY, true)))
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

  @Test
  void aRefusalWithoutMessageAndAnotherExceptionAreReported() {
    assertRefused(Fussy.class, "{'n':0}", "model: refused");
    assertRefused(Fussy.class, "{'n':2147483647}", "model: integer overflow");
    assertThatThrownBy(() -> read(Fussy.class, "{'n':-1}"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("cannot construct " + Fussy.class.getName());
  }

  record Fussy(int n) {
    Fussy {
      if (n == 0) {
        throw new IllegalArgumentException();
      }
      if (n < 0) {
        throw new AssertionError("a bug");
      }
      Math.incrementExact(n);
    }
  }

  record Chars(char c) {}

  record Ints(int[] values) {}

  record ByNumber(Map<Integer, String> names) {}

  record Twice(Optional<Optional<String>> twice) {}

  sealed interface Mixed permits Constant, Whole {}

  record Whole(int n) implements Mixed {}

  enum Constant implements Mixed {
    ONE
  }

  sealed interface Named permits Clash {}

  record Clash(String type) implements Named {}

  @Test
  void typesWithoutJsonFormAreMistakesInTheProgram() {
    assertUnsupported(Chars.class, "{'c':'x'}", "type char has no JSON form");
    assertUnsupported(Ints.class, "{'values':[]}", "type int[] has no JSON form");
    assertUnsupported(
        ByNumber.class,
        "{'names':{}}",
        "type java.util.Map<java.lang.Integer, java.lang.String> has no JSON form");
    assertUnsupported(
        Mixed.class, "{}", "type " + Constant.class.getName() + " has no JSON form");
    assertUnsupported(
        Clash.class,
        "{}",
        "record " + Clash.class.getName() + " has a component named as the key of its type");
    assertThatThrownBy(() -> RecordJson.write(new Clash("x")))
        .hasMessageContaining("named as the key of its type");
    assertUnsupported(
        Twice.class,
        "{'twice':null}",
        "type java.util.Optional<java.util.Optional<java.lang.String>> has no JSON form");
  }

  private static Layer sequences(int count) {
    Layer layer = new Sequence(List.of());
    for (int i = 1; i < count; i++) {
      layer = new Sequence(List.of(layer));
    }
    return layer;
  }

  private static void assertUnsupported(Class<?> type, String json, String message) {
    assertThatThrownBy(() -> read(type, json))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static void assertRefused(Class<?> type, String json, String message) {
    assertThatThrownBy(() -> read(type, json))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(message);
  }

  private static <T> T read(Class<T> type, String json) {
    return RecordJson.read(type, json.replace('\'', '"'), "model");
  }
}
