package dev.elbo.device.cuda;

import java.util.ArrayList;
import java.util.List;
import jcuda.Pointer;
import jcuda.driver.JCudaDriver;

/** Runs kernels on arrays of words, for tests of device functions by themselves. */
final class WordKernels implements AutoCloseable {
  private final Context context = new Context(0);
  private final Kernels kernels = new Kernels(context.scope());

  /**
   * Runs a kernel with a thread for each of a number of elements.
   *
   * @param numbers its first arguments
   * @param words the array that it reads, the next argument
   * @param results how many words it writes to each of its last arguments
   */
  List<int[]> run(String kernel, int elements, List<Object> numbers, int[] words, int... results) {
    List<Object> arguments = new ArrayList<>(numbers);
    Address read = allocate(words.length);
    JCudaDriver.cuMemcpyHtoD(read, Pointer.to(words), bytes(words.length));
    arguments.add(read);
    List<Address> written = new ArrayList<>();
    for (int result : results) {
      written.add(allocate(result));
    }
    arguments.addAll(written);
    new KernelLaunch(kernel, kernels.get(kernel), Grid.ofElements(elements), arguments)
        .enqueue(context.stream(), true);
    List<int[]> all = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      int[] result = new int[results[i]];
      JCudaDriver.cuMemcpyDtoH(Pointer.to(result), written.get(i), bytes(result.length));
      all.add(result);
    }
    return all;
  }

  private Address allocate(int words) {
    return CudaMemory.allocate(context.scope(), bytes(words), "a test", "nothing").address();
  }

  private static long bytes(int words) {
    return (long) Integer.BYTES * words;
  }

  @Override
  public void close() {
    context.close();
  }
}
