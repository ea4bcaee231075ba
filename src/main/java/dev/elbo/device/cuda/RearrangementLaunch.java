package dev.elbo.device.cuda;

import dev.elbo.graph.Rearrangement;
import dev.elbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Launches of rearrangements. */
final class RearrangementLaunch {
  private RearrangementLaunch() {}

  static List<Launch> of(Rearrangement op, Binding b) {
    return switch (op) {
      case Rearrangement.Concatenate() -> concatenate(b);
      case Rearrangement.SliceColumns(int from, int count) ->
          List.of(columns("slice_columns", from, b));
      case Rearrangement.PadColumns(int before, int columns) ->
          List.of(columns("pad_columns", before, b));
      case Rearrangement.RepeatRows(int times) -> List.of(repeatRows(b));
      case Rearrangement.RepeatColumns(int count) -> List.of(repeatColumns(count, b));
      case Rearrangement.StopGradient() -> List.of(repeatRows(b));
      case Rearrangement.Reshape reshape -> List.of(repeatRows(b));
      case Rearrangement.Transpose() -> List.of(transpose(b));
      case Rearrangement.GatherRows() -> List.of(EmbeddingLaunch.rows(b, 1));
      case Rearrangement.Fill(Shape shape) -> List.of(fill(b));
    };
  }

  private static List<Launch> concatenate(Binding b) {
    List<Launch> launches = new ArrayList<>();
    CudaBuffer y = b.out(0);
    int from = 0;
    for (CudaBuffer x : b.inputs()) {
      int elements = x.shape().elements();
      launches.add(
          b.launch(
              "concatenate",
              Grid.ofElements(elements),
              elements,
              x.shape().columns(),
              y.shape().columns(),
              from,
              x.address(),
              y.address()));
      from += x.shape().columns();
    }
    return launches;
  }

  private static Launch columns(String kernel, int at, Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer y = b.out(0);
    return b.launch(
        kernel,
        Grid.ofElements(y.shape().elements()),
        y.shape().elements(),
        y.shape().columns(),
        x.shape().columns(),
        at,
        x.address(),
        y.address());
  }

  private static Launch repeatRows(Binding b) {
    CudaBuffer x = b.in(0);
    CudaBuffer y = b.out(0);
    int elements = y.shape().elements();
    return b.launch(
        "repeat_rows",
        Grid.ofElements(elements),
        elements,
        x.shape().elements(),
        x.address(),
        y.address());
  }

  private static Launch repeatColumns(int count, Binding b) {
    int elements = b.out(0).shape().elements();
    return b.launch(
        "repeat_columns",
        Grid.ofElements(elements),
        elements,
        count,
        b.in(0).address(),
        b.out(0).address());
  }

  private static Launch transpose(Binding b) {
    Shape y = b.out(0).shape();
    return b.launch(
        "transpose",
        Grid.ofElements(y.elements()),
        y.elements(),
        y.columns(),
        y.rows(),
        b.in(0).address(),
        b.out(0).address());
  }

  private static Launch fill(Binding b) {
    int elements = b.out(0).shape().elements();
    return b.launch(
        "fill", Grid.ofElements(elements), elements, b.in(0).address(), b.out(0).address());
  }
}
