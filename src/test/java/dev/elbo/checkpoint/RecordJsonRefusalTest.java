package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.checkpoint.RecordJsonTest.Act;
import dev.elbo.checkpoint.RecordJsonTest.Activation;
import dev.elbo.checkpoint.RecordJsonTest.Layer;
import dev.elbo.checkpoint.RecordJsonTest.Model;
import dev.elbo.checkpoint.RecordJsonTest.Numbers;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link RecordJson} does not read; ' stands for " in the texts. */
class RecordJsonRefusalTest {
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
            + "{'type':'Sequence','layers':[{'type':'Linear','scale':1,'units':"
            + units
            + "}]}]}";
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
    assertRefused(
        Model.class, "{'options':{'a':[]}}", "model.options.a: expected a number, got a list");
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

  record Sets(Set<String> values) {}

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
    assertUnsupported(
        Sets.class, "{'values':[]}", "type java.util.Set<java.lang.String> has no JSON form");
    assertUnsupported(
        ByNumber.class,
        "{'names':{}}",
        "type java.util.Map<java.lang.Integer, java.lang.String> has no JSON form");
    assertUnsupported(Mixed.class, "{}", "type " + Constant.class.getName() + " has no JSON form");
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
