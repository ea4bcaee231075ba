package dev.elbo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Damaged headers, written by hand with ' for " so that they can be read. */
class SafetensorsHeaderTest {
  private static final String ONE = "{'dtype':'F32','shape':[1],'data_offsets':[0,4]}";

  @Test
  void keysMayComeInAnyOrder() throws IOException {
    SafetensorsFile content =
        read("{'b':{'data_offsets':[0,4],'shape':[],'dtype':'F32'},'__metadata__':{}}", 4);
    assertThat(content.tensors().get("b").values()).hasSize(1);
  }

  @Test
  void tensorsMayLieInAnyOrder() throws IOException {
    String header = "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]},'b':" + ONE + "}";
    byte[] bytes = file(header, 8);
    bytes[bytes.length - 1] = 0x40; // the second float becomes 2.0
    SafetensorsFile content = read(bytes);
    assertThat(content.tensors().get("a").values()).containsExactly(2f);
    assertThat(content.tensors().get("b").values()).containsExactly(0f);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [0,4]            | [-1]     | .shape[0]: expected a whole number from 0 to 2147483647, got -1
          [0,4]            | [1.0]    | .shape[0]: expected a whole number, got 1.0
          [0,4]            | [1e0]    | .shape[0]: expected a whole number, got 1e0
          [0,4]            | ['1']    | .shape[0]: expected a whole number, got '1'
          [0,4]            | [[1]]    | .shape[0]: expected a whole number, got a list
          [0,4]            | {}       | .shape: expected a list, got an object
          [0,4]            | null     | .shape: expected a list, got null
          [0,0]            | [0]      | : shape [0] has a size below 1
          [0,4]            | [2147483648] | .shape[0]: expected a whole number from 0 to 2147483647, got 2147483648
          [0,4]            | [65536,65536] | : shape [65536, 65536] has more than 2147483647 elements
          [0,4]            | [2147483647,2147483647,2147483647,2147483647] | : shape [2147483647, 2147483647, 2147483647, 2147483647] has more than 2147483647 elements
          [0,4]            | [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1] | .shape[16]: more than 16 numbers
          [0,4]            | [2]      | : data has 4 bytes, shape [2] needs 8
          [0,3]            | [1]      | : data has 3 bytes, shape [1] needs 4
          [4,0]            | [1]      | : data begins at 4, after its end 0
          [0,8]            | [2]      | : data ends at 8, the file has 4
          [-4,0]           | [1]      | .data_offsets[0]: expected a whole number from 0 to 9223372036854775807, got -4
          [0,9223372036854775808] | [1] | .data_offsets[1]: expected a whole number from 0 to 9223372036854775807, got 9223372036854775808
          [9223372036854775804,9223372036854775807] | [1] | : data ends at 9223372036854775807, the file has 4
          [18446744073709551612,4] | [1] | .data_offsets[0]: expected a whole number from 0 to 9223372036854775807, got 18446744073709551612
          [0]              | [1]      | : needs dtype, shape and two data_offsets
          [0,4,4]          | [1]      | .data_offsets[2]: more than 2 numbers
          """)
  void shapesAndOffsetsAreChecked(String offsets, String shape, String message) {
    String header = "{'w':{'dtype':'F32','shape':" + shape + ",'data_offsets':" + offsets + "}}";
    assertRefused(header, 4, "model: header.w" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'F16' | .dtype: dtype 'F16' is not supported, only F32 is
          'I64' | .dtype: dtype 'I64' is not supported, only F32 is
          'f32' | .dtype: unknown dtype 'f32'
          32    | .dtype: expected a string, got 32
          """)
  void dtypesAreChecked(String dtype, String message) {
    String header = "{'w':{'dtype':" + dtype + ",'shape':[1],'data_offsets':[0,4]}}";
    assertRefused(header, 4, "model: header.w" + message);
  }

  @Test
  void tensorsCoverTheDataExactly() {
    String two = "{'a':" + ONE + ",'b':{'dtype':'F32','shape':[1],'data_offsets':[%d,%d]}}";
    assertRefused(
        two.formatted(0, 4),
        4,
        "model: tensor 'b' begins at 0, inside the one before it, which ends at 4");
    assertRefused(
        two.formatted(2, 6),
        8,
        "model: tensor 'b' begins at 2, inside the one before it, which ends at 4");
    assertRefused(two.formatted(8, 12), 12, "model: tensor 'b' begins at 8, after a gap from 4");
    assertRefused(two.formatted(4, 8), 9, "model: 1 bytes follow the last tensor, which ends at 8");
    assertRefused("{}", 8, "model: 8 bytes follow the last tensor, which ends at 0");
  }

  @Test
  void duplicateKeysAreRefused() {
    assertRefused("{'a':" + ONE + ",'a':" + ONE + "}", 4, "model: header.a: duplicate key");
    assertRefused("{'a':" + ONE + ",'\\u0061':" + ONE + "}", 4, "model: header.a: duplicate key");
    assertRefused("{'a':{'dtype':'F32','dtype':'F32'}}", 4, "model: header.a.dtype: duplicate key");
    assertRefused(
        "{'__metadata__':{'k':'1','k':'2'}}", 0, "model: header.__metadata__.k: duplicate key");
    assertRefused(
        "{'__metadata__':{},'__metadata__':{}}", 0, "model: header.__metadata__: duplicate key");
  }

  @Test
  void keysAreChecked() {
    assertRefused(
        "{'a':{'dtype':'F32','stride':[1]}}",
        4,
        "model: header.a.stride: unknown key, known are dtype, shape, data_offsets");
    assertRefused(
        "{'a.b':{'dtype':'F32','shape':[1]}}",
        4,
        "model: header['a.b']: needs dtype, shape and two data_offsets");
    assertRefused("{'a':4}", 4, "model: header.a: expected an object, got 4");
    assertRefused(
        "{'__metadata__':{'k':1}}", 0, "model: header.__metadata__.k: expected a string, got 1");
    assertRefused(
        "{'__metadata__':null}", 0, "model: header.__metadata__: expected an object, got null");
  }

  @Test
  void whatIsNotJsonIsRefused() {
    assertRefused("", 0, "model: header does not begin with '{'");
    assertRefused(" {}", 0, "model: header does not begin with '{'");
    assertRefused("[]", 0, "model: header does not begin with '{'");
    assertRefused("{} {}", 0, "model: header: more text after the end");
    assertThatThrownBy(() -> read("{'a':", 0)).hasMessageStartingWith("model: header.a: not valid");
    assertThatThrownBy(() -> read("{'a':" + "[".repeat(100_000), 0))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("model: header.a: expected an object, got a list");
    assertThatThrownBy(() -> read("{'a':{'shape':[" + "9".repeat(2000) + "]}}", 0))
        .hasMessageStartingWith("model: header.a.shape[0]: too large: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'x\\ud800':
          {'x\\udc00':
          {'x\\ud800\\u0041':
          {'__metadata__':{'a':'\\ud800'}}
          {'__metadata__':{'a':'\\udc00'}}
          {'__metadata__':{'\\udc00':'a'}}
          """)
  void halvesOfSurrogatePairsAreRefused(String header) {
    assertThatThrownBy(() -> read(header, 0))
        .isInstanceOf(CheckpointException.class)
        .message()
        .containsIgnoringCase("surrogate");
  }

  @Test
  void headersAreUtf8() {
    byte[] bytes = file("{'a':" + ONE + "}", 4);
    bytes[10] = (byte) 0xff;
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(CheckpointException.class)
        .hasMessage("model: header is not valid UTF-8");
  }

  private static void assertRefused(String header, int dataLength, String message) {
    assertThatThrownBy(() -> read(header, dataLength))
        .isInstanceOf(CheckpointException.class)
        .hasMessage(message);
  }

  private static SafetensorsFile read(String header, int dataLength) throws IOException {
    return read(file(header, dataLength));
  }

  private static SafetensorsFile read(byte[] bytes) throws IOException {
    return Safetensors.read(
        Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length, "model");
  }

  private static byte[] file(String header, int dataLength) {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    return SafetensorsTest.concat(SafetensorsTest.little(json.length), json, new byte[dataLength]);
  }
}
