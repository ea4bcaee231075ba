package dev.elbo.checkpoint;

import dev.elbo.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of a safetensors file, both maps in the order of their keys and unmodifiable.
 *
 * @param metadata texts by name
 * @param tensors tensors by name; {@code __metadata__} is not a name
 */
public record SafetensorsFile(
    SortedMap<String, String> metadata, SortedMap<String, Tensor> tensors) {
  static final String METADATA_KEY = "__metadata__";

  public SafetensorsFile {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
    metadata.forEach(
        (name, text) -> {
          requireUnicode("metadata name", name);
          requireUnicode("text of metadata " + CheckpointException.quote(name), text);
        });
    tensors.keySet().forEach(name -> requireUnicode("tensor name", name));
    if (tensors.containsKey(METADATA_KEY)) {
      throw new IllegalArgumentException("a tensor cannot be named '" + METADATA_KEY + "'");
    }
  }

  /** Half a surrogate pair has no UTF-8 form: the file would hold another text. */
  private static void requireUnicode(String what, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(what + " has half a surrogate pair");
    }
  }
}
