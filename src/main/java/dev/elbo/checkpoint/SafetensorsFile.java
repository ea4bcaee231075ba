package dev.elbo.checkpoint;

import dev.elbo.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
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
    metadata = byKey(metadata);
    tensors = byKey(tensors);
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

  /** A TreeMap made from a sorted map would keep its comparator, and so its order. */
  private static <V> SortedMap<String, V> byKey(Map<String, V> map) {
    SortedMap<String, V> sorted = new TreeMap<>();
    sorted.putAll(map);
    return Collections.unmodifiableSortedMap(sorted);
  }

  /** Half a surrogate pair has no UTF-8 form: the file would hold another text. */
  private static void requireUnicode(String what, String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(what + " has half a surrogate pair");
    }
  }
}
