package dev.elbo.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.elbo.checkpoint.CheckpointException;
import dev.elbo.checkpoint.Safetensors;
import dev.elbo.checkpoint.SafetensorsFile;
import dev.elbo.data.Content;
import dev.elbo.data.Examples;
import dev.elbo.data.Schema;
import dev.elbo.data.Standardization;
import dev.elbo.data.Task;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFileTest {
  private static final LinearGaussian PROBLEM = LinearGaussian.simulated(50, 3, 0.5, 3);
  @TempDir private Path folder;

  @Test
  void aRunIsReadBackAsItWasWritten() throws IOException {
    Run run = run();
    Path file = folder.resolve("model.safetensors");
    RunFile.write(file, run);
    Run read = RunFile.read(file);
    assertThat(read.model().network()).isEqualTo(run.model().network());
    assertThat(read.model().normalization().targetScale()).isEqualTo(2);
    assertThat(read.model().normalization().inputs().mean()).containsExactly(0, 0, 0);
    assertThat(read.schema()).isEqualTo(run.schema());
    assertThat(read.training()).isEqualTo(run.training());
    assertThat(read.examples()).isEqualTo(50);
    assertThat(read.origin()).isEqualTo("here");
    assertThat(read.state().step()).isEqualTo(run.state().step());
    State.Best best = read.state().best().orElseThrow();
    assertThat(best.score()).isEqualTo(run.state().best().orElseThrow().score());
    run.state()
        .tensors()
        .forEach(
            (name, tensor) -> {
              assertThat(read.state().tensors().get(name).values()).isEqualTo(tensor.values());
              assertThat(best.tensors().get(name).shape()).isEqualTo(tensor.shape());
            });
    Path again = folder.resolve("again.safetensors");
    RunFile.write(again, read);
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void filesThatAreNotARunAreRefused() {
    refused(m -> m.remove("format"), t -> {}, "is not a model of Elbo: it has no format number");
    refused(
        m -> m.put("format", "3"), t -> {}, "has format 3, this version of Elbo reads format 2");
    refused(m -> m.remove("origin"), t -> {}, "has no metadata 'origin'");
    refused(m -> m.remove("run"), t -> {}, "has no metadata 'run'");
    refused(
        m -> {},
        t -> t.remove("normalization.inputs.scale"),
        "has no tensors 'normalization.inputs.mean' and 'scale'");
    refused(
        m -> {},
        t -> {
          t.put("normalization.inputs.mean", Tensor.zeros(dev.elbo.tensor.Shape.of(2)));
          t.put("normalization.inputs.scale", ones(2));
        },
        "the network takes 3 inputs, the normalisation has 2");
    refused(
        m -> m.computeIfPresent("run", (k, json) -> json.replace("\"epochs\":2", "\"epochs\":0")),
        t -> {},
        "the number of epochs must be positive, got 0");
  }

  private void refused(
      Consumer<SortedMap<String, String>> metadata,
      Consumer<SortedMap<String, Tensor>> tensors,
      String message) {
    Path file = folder.resolve("model.safetensors");
    RunFile.write(file, run());
    SafetensorsFile content = Safetensors.read(file);
    SortedMap<String, String> changed = new TreeMap<>(content.metadata());
    SortedMap<String, Tensor> others = new TreeMap<>(content.tensors());
    metadata.accept(changed);
    tensors.accept(others);
    Safetensors.write(file, new SafetensorsFile(changed, others));
    assertThatThrownBy(() -> RunFile.read(file))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining(message);
  }

  private static Tensor ones(int size) {
    Tensor tensor = Tensor.zeros(dev.elbo.tensor.Shape.of(size));
    java.util.Arrays.fill(tensor.values(), 1);
    return tensor;
  }

  private static Run run() {
    Training training =
        TrainerTest.training(
            2,
            Objective.DEFAULT,
            Optimizer.Adam.of(0.01),
            Optional.of(1.5),
            Optional.of(new EarlyStopping(EarlyStopping.Score.ELBO, 4)));
    Examples examples = LinearModels.examples(PROBLEM);
    Model model =
        new Model(
            LinearModels.model(PROBLEM).network(),
            new Normalization(
                LinearModels.identity(3).inputs(),
                Optional.of(new Standardization(new float[] {1}, new float[] {2}))));
    Schema schema =
        new Schema(
            Task.REGRESSION,
            List.of("a", "b", "c"),
            Optional.of("y"),
            List.of(),
            new Content.Table());
    try (Device device = new CpuDevice(1);
        Trainer trainer = new Trainer(device, model, training, examples, Optional.of(examples))) {
      trainer.epochOfSteps();
      return new Run(model, schema, training, examples.size(), trainer.state(), "here");
    }
  }
}
