package dev.elbo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.data.Dataset;
import dev.elbo.data.Standardization;
import dev.elbo.data.TextReader;
import dev.elbo.device.Device;
import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.distribution.GaussianPosterior;
import dev.elbo.distribution.Prior;
import dev.elbo.inference.Evaluation;
import dev.elbo.inference.Model;
import dev.elbo.inference.Normalization;
import dev.elbo.inference.Predictor;
import dev.elbo.inference.TextGenerator;
import dev.elbo.inference.Trainer;
import dev.elbo.inference.Training;
import dev.elbo.layer.Network;
import dev.elbo.model.Transformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Bayesian transformer learns a sentence by heart and goes on with it. */
class TransformerExampleTest {
  private static final String SENTENCE = "to be, or not to be, that is the question. ";

  @TempDir private Path folder;

  @Test
  void itLearnsASentence() throws IOException {
    Path file = Files.writeString(folder.resolve("hamlet.txt"), SENTENCE.repeat(50));
    Dataset text = TextReader.read(file, Optional.empty());
    int vocabulary = text.schema().classes().size();
    Transformer.Size size = new Transformer.Size(vocabulary, 32, 1, 32, 2);
    Network network =
        Transformer.variational(size, new Prior.LearnedGaussian(1), GaussianPosterior.DEFAULT);
    Normalization none = new Normalization(Standardization.scale(1, 1), Optional.empty());
    Model model = new Model(network, none);
    Training training =
        Training.of(/* epochs */ 40, /* windows */ 8, /* rate */ 0.01, /* seed */ 1);
    try (Device device = new CpuDevice(1);
        Trainer trainer = new Trainer(device, model, training, text.train(), Optional.empty())) {
      while (!trainer.finished()) {
        trainer.epochOfSteps();
      }
      Predictor predictor = new Predictor(device, model, trainer.buffers(), /* samples */ 8, 1);
      Evaluation test = predictor.evaluate(text.test().orElseThrow());
      // Without the characters before its window, the first of each 32 can only be guessed.
      assertThat(test.nll()).isLessThan(0.5);
      try (TextGenerator generator =
          new TextGenerator(device, model, trainer.buffers(), /* samples */ 8, 1)) {
        float[] prompt = TextReader.encode("to be, or not", text.schema(), "prompt");
        int[] next = generator.generate(prompt, SENTENCE.length(), /* temperature */ 0.2);
        String continued =
            IntStream.of(next).mapToObj(text.schema().classes()::get).collect(Collectors.joining());
        assertThat("to be, or not" + continued).startsWith(SENTENCE);
      }
    }
  }
}
