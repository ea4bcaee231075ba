package dev.elbo.device.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What the emulated driver offers tests beside the calls of a real one. It has to be {@linkplain
 * EmulatedDriver#loadWithoutCard() loaded} before; what a test sets stays until {@link #reset()}.
 */
final class Emulation {
  private static final int REPORT_BYTES = 4096;

  /** The order in which blocks, and the threads of each, run. */
  enum Order {
    FORWARD(0),
    REVERSE(1),
    SHUFFLED(2);

    private final int code;

    Order(int code) {
      this.code = code;
    }
  }

  private static final MethodHandle CONFIGURE =
      method("configure", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle DEVICES = method("devices", ValueLayout.JAVA_INT);
  private static final MethodHandle MEMORY = method("memory", ValueLayout.JAVA_LONG);
  private static final MethodHandle FAIL =
      method("fail", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle REPORT =
      method("report", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle CALLS = count("calls");
  private static final MethodHandle LIVE = count("live");
  private static final MethodHandle ABANDONED = count("abandoned");

  private Emulation() {}

  private static MethodHandle method(String name, ValueLayout... parameters) {
    return handle(name, FunctionDescriptor.ofVoid(parameters));
  }

  private static MethodHandle count(String name) {
    return handle(name, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
  }

  private static MethodHandle handle(String name, FunctionDescriptor type) {
    MemorySegment address = SymbolLookup.loaderLookup().findOrThrow("cuda_emulation_" + name);
    return Linker.nativeLinker().downcallHandle(address, type);
  }

  /** Puts back what tests change, but not what is counted. */
  static void reset() {
    configure(Runtime.getRuntime().availableProcessors(), Order.FORWARD, 0);
    devices(1);
    memory(8L << 30);
    failNothing();
  }

  /** Chooses how many threads run blocks, and in which order. */
  static void configure(int workers, Order order, int seed) {
    call(CONFIGURE, workers, order.code, seed);
  }

  /** Chooses how many cards there are. */
  static void devices(int count) {
    call(DEVICES, count);
  }

  /** Chooses how much memory a card has. */
  static void memory(long bytes) {
    call(MEMORY, bytes);
  }

  /** Lets the n-th call of that name from now on, counted from 1, return an error code, once. */
  static void fail(String name, int n, int code) {
    try (Arena arena = Arena.ofConfined()) {
      call(FAIL, arena.allocateFrom(name), n, code);
    }
  }

  /** Lets the n-th call of any name from now on, counted from 1, return an error code, once. */
  static void failAny(int n, int code) {
    fail("", n, code);
  }

  /** Takes back a failure that has not come yet. */
  static void failNothing() {
    fail("", 1, 0);
  }

  /** How many calls there have been of those that can be let fail. */
  static long calls() {
    return number(CALLS);
  }

  /** How many things there are that the driver wants back: memory, streams, modules, contexts. */
  static long live() {
    return number(LIVE);
  }

  /** How many things were not given back before their healthy context was closed. */
  static long abandoned() {
    return number(ABANDONED);
  }

  /** What the latest failure of a kernel was. */
  static String report() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(REPORT_BYTES);
      call(REPORT, text, (long) REPORT_BYTES);
      return text.getString(0);
    }
  }

  private static void call(MethodHandle method, Object... arguments) {
    try {
      method.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static long number(MethodHandle method) {
    try {
      return (long) method.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
