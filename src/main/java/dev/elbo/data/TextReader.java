package dev.elbo.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads texts, UTF-8, plain or gz, as tables: each character (code point) is a row, its index in
 * the vocabulary the input and that of the next character the target. The vocabulary is the
 * characters of the whole text in the order of their code points.
 */
public final class TextReader {
  /** The most characters: float32 numbers the rows of a table up to here. */
  static final int MOST_CHARACTERS = 1 << 24;

  /** No character takes more bytes in UTF-8 than 4. */
  private static final int MOST_BYTES = 4 * MOST_CHARACTERS;

  private static final int TEST_PART = 10;
  private static final String INPUT = "character";
  private static final String TARGET = "next character";

  private TextReader() {}

  /** Whether a file is a text, by its name: it ends with .txt or .txt.gz. */
  static boolean isText(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".txt") || name.endsWith(".txt.gz");
  }

  /**
   * Reads a text to train with. Without another file to test with, its last tenth is set apart.
   *
   * @throws DataException if a file is no such text, is too short or too long, has one character
   *     again and again, or the other file has a character that this one has not
   */
  public static Dataset read(Path file, Optional<Path> test) {
    int[] text = characters(file);
    Schema schema = schema(file, text);
    String name = String.valueOf(file.getFileName());
    Map<Integer, Integer> indices = indices(schema);
    if (test.isPresent()) {
      return Dataset.of(name, schema, rows(encode(text, indices, file.toString())))
          .withTest(read(test.get(), schema));
    }
    float[] all = encode(text, indices, file.toString());
    int training = all.length - all.length / TEST_PART;
    if (all.length - training < 2) {
      return Dataset.of(name, schema, rows(all));
    }
    return Dataset.of(name, schema, rows(Arrays.copyOf(all, training)))
        .withTest(rows(Arrays.copyOfRange(all, training, all.length)));
  }

  /**
   * Reads another text of a known vocabulary, whole.
   *
   * @throws DataException if the file is no text, or has a character that is not in the vocabulary
   */
  public static Examples read(Path file, Schema schema) {
    return rows(encode(characters(file), indices(schema), file.toString()));
  }

  /**
   * The indices of the characters of a text in the vocabulary.
   *
   * @param where what the text is, to begin messages with
   * @throws DataException naming the first character that is not in the vocabulary, and its place
   */
  public static float[] encode(String text, Schema schema, String where) {
    return encode(text.codePoints().toArray(), indices(schema), where);
  }

  private static float[] encode(int[] text, Map<Integer, Integer> indices, String where) {
    float[] encoded = new float[text.length];
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length; i++) {
      Integer index = indices.get(text[i]);
      if (index == null) {
        throw new DataException(
            "%s: line %d, character %d: the model does not know '%s' (U+%04X)"
                .formatted(where, line, column, Character.toString(text[i]), text[i]));
      }
      encoded[i] = index;
      column++;
      if (text[i] == '\n') {
        line++;
        column = 1;
      }
    }
    return encoded;
  }

  private static Examples rows(float[] encoded) {
    int rows = encoded.length - 1;
    return new Examples(
        1, Arrays.copyOf(encoded, rows), Arrays.copyOfRange(encoded, 1, encoded.length));
  }

  private static Schema schema(Path file, int[] text) {
    TreeSet<Integer> different = new TreeSet<>();
    for (int character : text) {
      different.add(character);
    }
    if (different.size() < 2) {
      throw new DataException(file + ": has one character again and again: nothing to predict");
    }
    List<String> vocabulary = different.stream().map(Character::toString).toList();
    return new Schema(
        Task.CLASSIFICATION, List.of(INPUT), Optional.of(TARGET), vocabulary, new Content.Text());
  }

  private static Map<Integer, Integer> indices(Schema schema) {
    Map<Integer, Integer> indices = new HashMap<>();
    for (int i = 0; i < schema.classes().size(); i++) {
      indices.put(schema.classes().get(i).codePointAt(0), i);
    }
    return indices;
  }

  private static int[] characters(Path file) {
    String text = decode(bytes(file), file);
    if (text.length() < 2) {
      throw new DataException(
          file + ": a text needs at least 2 characters, this has " + text.length());
    }
    return text.codePoints().toArray();
  }

  private static byte[] bytes(Path file) {
    try (Source source = Source.of(file)) {
      return source.stream().readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw Source.failure(file.toString(), e);
    }
  }

  private static String decode(byte[] bytes, Path file) {
    CharBuffer text = CharBuffer.allocate(Math.min(bytes.length, MOST_CHARACTERS));
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, text, true);
    if (result.isOverflow() || bytes.length > MOST_BYTES) {
      throw new DataException(file + ": has more than " + MOST_CHARACTERS + " characters");
    }
    if (result.isError()) {
      throw new DataException(file + ": not UTF-8 text at byte " + in.position());
    }
    return text.flip().toString();
  }
}
