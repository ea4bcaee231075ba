package dev.elbo.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.elbo.data.Content;
import dev.elbo.data.Examples;
import dev.elbo.data.Schema;
import dev.elbo.report.GreyImage;
import dev.elbo.report.Png;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A file of what a model has decoded: pictures as a PNG of many, rows of a table as CSV.
 *
 * @param file where
 * @param schema what the columns are
 */
record DecodedFile(Path file, Schema schema) {
  /** The file that is named, else one of a name in the current folder. */
  static DecodedFile of(Optional<Path> out, String name, Schema schema) {
    Path file = out.orElseGet(() -> Path.of(name + (schema.hasImages() ? ".png" : ".csv")));
    new OutputFile(file).check();
    return new DecodedFile(file, schema);
  }

  /** Writes draws. */
  void write(Examples draws) {
    if (schema.content() instanceof Content.Images images) {
      picture(images.height(), images.width(), scaled(draws.inputs(), images));
    } else {
      table(schema.features(), List.of(draws));
    }
  }

  /** Writes examples with their reconstructions: below them, or in further columns. */
  void write(Examples examples, Examples reconstructions) {
    if (schema.content() instanceof Content.Images images) {
      int pixels = examples.features();
      float[] pairs = new float[2 * examples.inputs().length];
      for (int i = 0; i < examples.size(); i++) {
        System.arraycopy(examples.inputs(), i * pixels, pairs, 2 * i * pixels, pixels);
        System.arraycopy(reconstructions.inputs(), i * pixels, pairs, (2 * i + 1) * pixels, pixels);
      }
      picture(2 * images.height(), images.width(), scaled(pairs, images));
    } else {
      Stream<String> names =
          Stream.concat(
              schema.features().stream(),
              schema.features().stream().map(name -> name + "_reconstructed"));
      table(names.toList(), List.of(examples, reconstructions));
    }
  }

  private static float[] scaled(float[] pixels, Content.Images images) {
    float[] scaled = new float[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      scaled[i] = pixels[i] / images.brightest();
    }
    return scaled;
  }

  private void picture(int height, int width, float[] values) {
    GreyImage grid = GreyImage.grid(height, width, values);
    new OutputFile(file).write(stream -> Png.write(grid, stream));
  }

  private void table(List<String> names, List<Examples> parts) {
    new OutputFile(file).write(stream -> table(names, parts, stream));
  }

  private static void table(List<String> names, List<Examples> parts, OutputStream stream)
      throws IOException {
    CsvWriter csv =
        CsvWriter.builder()
            .lineDelimiter(LineDelimiter.LF)
            .build(new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8)));
    csv.writeRecord(names);
    for (int row = 0; row < parts.getFirst().size(); row++) {
      List<String> fields = new ArrayList<>();
      for (Examples part : parts) {
        for (int column = 0; column < part.features(); column++) {
          fields.add(Float.toString(part.inputs()[row * part.features() + column]));
        }
      }
      csv.writeRecord(fields);
    }
    csv.flush();
  }
}
