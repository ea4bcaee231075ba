package dev.elbo.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.elbo.device.cpu.CpuDevice;
import dev.elbo.device.cuda.CudaDevice;
import dev.elbo.device.cuda.CudaOptions;
import dev.elbo.device.cuda.EmulatedDriver;
import dev.elbo.device.cuda.Precision;
import dev.elbo.device.reference.ReferenceDevice;
import dev.elbo.graph.Graph;
import dev.elbo.graph.LogDeterminant;
import dev.elbo.random.Noise;
import dev.elbo.tensor.Shape;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A matrix without a Cholesky factor gives no number, which stops training, on every device. */
class LogDeterminantTest {
  private static float ofNegativeMatrix(Device device) {
    Graph graph = new Graph();
    graph.output("y", graph.add(new LogDeterminant(), graph.constant(-1, Shape.of(3, 3))));
    float[] y = new float[1];
    try (device;
        Program program = device.compile(graph, Map.of(), 1)) {
      program.run(Noise.PREDICTION, 0);
      program.output("y").read(y);
    }
    return y[0];
  }

  @Test
  void isNotANumberOnTheReferenceAndTheCpu() {
    assertThat(ofNegativeMatrix(new ReferenceDevice())).isNaN();
    assertThat(ofNegativeMatrix(new CpuDevice(1))).isNaN();
  }

  @Tag("cuda")
  @Test
  void isNotANumberOnACard() {
    EmulatedDriver.load();
    assertThat(ofNegativeMatrix(new CudaDevice(0, CudaOptions.of(Precision.F32)))).isNaN();
  }
}
