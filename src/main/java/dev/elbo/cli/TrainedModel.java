package dev.elbo.cli;

import dev.elbo.device.Buffer;
import dev.elbo.device.Device;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.Run;
import dev.elbo.inference.State;
import dev.elbo.tensor.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What commands that use a trained model take. */
final class TrainedModel {
  @Parameters(index = "0", paramLabel = "DIR", description = "Folder of a run")
  Path folder = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "<data>",
      description = "Built-in set, folder of IDX files, CSV file with the same columns, or .txt")
  String data = "";

  @Option(
      names = "--samples",
      paramLabel = "N",
      description = "Samples of the weights. Default: as in training (--predict-samples)")
  Optional<Integer> samples = Optional.empty();

  /** Reads the run. */
  Run read() {
    samples.ifPresent(n -> Check.atLeast("--samples", 1, n));
    return RunDirectory.existing(folder).read();
  }

  /** How many samples of the weights are drawn. */
  int samples(Run run) {
    return samples.orElseGet(
        () -> Origin.parse(run.origin(), RunDirectory.existing(folder).model()).predictSamples());
  }

  /** The predictor of a run. */
  Predictor predictor(Device device, Run run) {
    return new Predictor(
        device, run.model(), parameters(device, run), samples(run), run.training().seed());
  }

  /** The parameters of a run, those of its best epoch where it kept one, on a device. */
  static Map<String, Buffer> parameters(Device device, Run run) {
    Map<String, Tensor> parameters =
        run.state().best().map(State.Best::tensors).orElse(run.state().tensors());
    Map<String, Buffer> buffers = new LinkedHashMap<>();
    parameters.forEach(
        (name, tensor) -> {
          Buffer buffer = device.allocate(tensor.shape());
          buffer.write(tensor.values());
          buffers.put(name, buffer);
        });
    return buffers;
  }
}
