package dev.elbo.device.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the build made of the kernels.
 *
 * @param toolkit the version of CUDA that compiled them, 1000 times the major plus 10 times the
 *     minor
 * @param targets what they were compiled for: sm_80, compute_80, ...; empty without GPU code
 */
public record CudaBuild(int toolkit, List<String> targets) {
  private static final String FILE = "targets.txt";

  public CudaBuild {
    targets = List.copyOf(targets);
  }

  /** Reads what kernels/build has noted. */
  public static CudaBuild get() {
    try (@Nullable InputStream in = CudaBuild.class.getResourceAsStream(FILE)) {
      return in == null
          ? new CudaBuild(0, List.of())
          : parse(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CudaBuild parse(List<String> lines) {
    return new CudaBuild(Integer.parseInt(lines.getFirst()), lines.subList(1, lines.size()));
  }
}
