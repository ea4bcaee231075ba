package dev.elbo.inference;

import dev.elbo.checkpoint.CheckpointException;
import dev.elbo.checkpoint.RecordJson;
import dev.elbo.checkpoint.Safetensors;
import dev.elbo.checkpoint.SafetensorsFile;
import dev.elbo.data.Schema;
import dev.elbo.data.Standardization;
import dev.elbo.layer.Network;
import dev.elbo.tensor.Shape;
import dev.elbo.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Run} as one safetensors file. Equal runs give equal bytes: nothing of the machine, the
 * time or the number of threads is in it.
 *
 * <p>Metadata: {@code format}, {@code run} (JSON of network, training, schema, N, step, best epoch)
 * and {@code origin}. Tensors: {@code state.*}, {@code best.*}, {@code normalization.*}.
 */
public final class RunFile {
  /** The format that is written, and the newest that is read. */
  public static final int FORMAT = 2;

  private static final String FORMAT_KEY = "format";
  private static final String RUN_KEY = "run";
  private static final String ORIGIN_KEY = "origin";
  private static final String STATE = "state.";
  private static final String BEST = "best.";
  private static final String INPUTS = "normalization.inputs.";
  private static final String TARGETS = "normalization.targets.";

  private RunFile() {}

  /** What of a run is no tensor. */
  private record Header(
      Network network,
      Training training,
      Schema schema,
      int examples,
      int step,
      Optional<BestEpoch> best) {}

  private record BestEpoch(int epoch, double score) {}

  /**
   * Writes a run, atomically: a failure leaves the old file as it was.
   *
   * @throws CheckpointException when the file cannot be written
   */
  public static void write(Path file, Run run) {
    Header header =
        new Header(
            run.model().network(),
            run.training(),
            run.schema(),
            run.examples(),
            run.state().step(),
            run.state().best().map(best -> new BestEpoch(best.epoch(), best.score())));
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put(FORMAT_KEY, String.valueOf(FORMAT));
    metadata.put(RUN_KEY, RecordJson.write(header));
    metadata.put(ORIGIN_KEY, run.origin());
    SortedMap<String, Tensor> tensors = new TreeMap<>();
    run.state().tensors().forEach((name, tensor) -> tensors.put(STATE + name, tensor));
    run.state()
        .best()
        .ifPresent(b -> b.tensors().forEach((name, t) -> tensors.put(BEST + name, t)));
    put(tensors, INPUTS, run.model().normalization().inputs());
    run.model().normalization().targets().ifPresent(t -> put(tensors, TARGETS, t));
    Safetensors.write(file, new SafetensorsFile(metadata, tensors));
  }

  /**
   * Reads a run.
   *
   * @throws CheckpointException naming the file when it is missing, damaged, or of a newer format
   */
  public static Run read(Path file) {
    String where = file.toString();
    SafetensorsFile content = Safetensors.read(file);
    requireFormat(where, content.metadata().get(FORMAT_KEY));
    String json = require(where, content.metadata(), RUN_KEY);
    Header header = RecordJson.read(Header.class, json, where);
    try {
      Normalization normalization =
          new Normalization(
              standardization(where, content.tensors(), INPUTS),
              content.tensors().containsKey(TARGETS + "mean")
                  ? Optional.of(standardization(where, content.tensors(), TARGETS))
                  : Optional.empty());
      Optional<State.Best> best =
          header
              .best()
              .map(b -> new State.Best(b.epoch(), b.score(), below(content.tensors(), BEST)));
      State state = new State(header.step(), below(content.tensors(), STATE), best);
      return new Run(
          new Model(header.network(), normalization),
          header.schema(),
          header.training(),
          header.examples(),
          state,
          require(where, content.metadata(), ORIGIN_KEY));
    } catch (CheckpointException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(where, String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireFormat(String where, @Nullable String format) {
    if (format == null) {
      throw new CheckpointException(where, "is not a model of Elbo: it has no format number");
    }
    if (!format.equals(String.valueOf(FORMAT))) {
      throw new CheckpointException(
          where, "has format %s, this version of Elbo reads format %d".formatted(format, FORMAT));
    }
  }

  private static String require(String where, Map<String, String> metadata, String key) {
    String text = metadata.get(key);
    if (text == null) {
      throw new CheckpointException(where, "has no metadata '" + key + "'");
    }
    return text;
  }

  private static void put(Map<String, Tensor> tensors, String name, Standardization of) {
    Shape shape = Shape.of(of.mean().length);
    tensors.put(name + "mean", new Tensor(shape, of.mean()));
    tensors.put(name + "scale", new Tensor(shape, of.scale()));
  }

  private static Standardization standardization(
      String where, Map<String, Tensor> tensors, String name) {
    Tensor mean = tensors.get(name + "mean");
    Tensor scale = tensors.get(name + "scale");
    if (mean == null || scale == null) {
      throw new CheckpointException(where, "has no tensors '" + name + "mean' and 'scale'");
    }
    return new Standardization(mean.values(), scale.values());
  }

  private static Map<String, Tensor> below(SortedMap<String, Tensor> tensors, String prefix) {
    Map<String, Tensor> below = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          if (name.startsWith(prefix)) {
            below.put(name.substring(prefix.length()), tensor);
          }
        });
    return below;
  }
}
