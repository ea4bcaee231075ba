package dev.elbo.device.cuda;

import dev.elbo.graph.NoiseSite;
import java.util.List;
import jcuda.driver.CUstream;
import jcuda.jcurand.JCurand;
import jcuda.jcurand.curandGenerator;
import jcuda.jcurand.curandRngType;
import jcuda.runtime.cudaStream_t;

/** Noise by cuRAND, a new one each time. */
final class CurandNoise implements StoredNoise {
  private static final long SEED = 5;

  private final curandGenerator generator = new curandGenerator();

  private CurandNoise() {
    Library.check(
        JCurand.curandCreateGenerator(generator, curandRngType.CURAND_RNG_PSEUDO_PHILOX4_32_10),
        "curandCreateGenerator");
  }

  static CurandNoise open(CUstream stream) {
    CurandNoise noise =
        Library.open(
            CurandNoise::new,
            "libcurand.so.10",
            "install cuRAND of CUDA 11, 12 or 13 and put its folder on LD_LIBRARY_PATH");
    Library.check(
        JCurand.curandSetStream(noise.generator, new cudaStream_t(stream)), "curandSetStream");
    Library.check(
        JCurand.curandSetPseudoRandomGeneratorSeed(noise.generator, SEED),
        "curandSetPseudoRandomGeneratorSeed");
    return noise;
  }

  @Override
  public List<Launch> draw(NoiseSite site, Binding binding, CudaBuffer eps) {
    // Box-Muller gives pairs: cuRAND refuses odd numbers of normals.
    long count = (eps.shape().elements() + 1L) / 2 * 2;
    return List.of(
        (stream, waiting) ->
            Library.check(
                JCurand.curandGenerateNormal(generator, eps.address(), count, 0, 1),
                "curandGenerateNormal"));
  }

  @Override
  public void close() {
    Library.check(JCurand.curandDestroyGenerator(generator), "curandDestroyGenerator");
  }
}
