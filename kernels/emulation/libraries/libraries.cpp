// The few functions of cuBLAS and cuRAND that are called, on the emulated driver, whose memory is the host's:
// enough to find a wrong size, stride or order of operands without a card. Built as libcublas.so.12 for tests, for the
// benchmarks as libcublas.so.13, behind the forwarding libcublas.so.12, and as libcurand.so.10.
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" int cuLaunchHostFunc(void *stream, void (*function)(void *), void *data);

namespace {
struct Handle {
  void *stream = nullptr;
  std::mt19937_64 random;
};

// At its place in the stream, or each time the graph that captures it is replayed; so it is never freed.
int enqueue(void *handle, std::function<void()> work) {
  auto *kept = new std::function<void()>(std::move(work));
  return cuLaunchHostFunc(
      static_cast<Handle *>(handle)->stream, [](void *data) { (*static_cast<std::function<void()> *>(data))(); }, kept);
}

constexpr int SUCCESS = 0, INVALID_VALUE = 7, LENGTH_NOT_MULTIPLE = 105;
constexpr int TRANSPOSE = 1;
constexpr int TYPE_F32 = 0, TYPE_BF16 = 14, COMPUTE_F32 = 68;

float element(const void *matrix, int type, long long at) {
  if (type == TYPE_F32) {
    return static_cast<const float *>(matrix)[at];
  }
  const uint32_t bits = static_cast<uint32_t>(static_cast<const uint16_t *>(matrix)[at]) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

// Element (row, column) of op(matrix), which goes down the columns.
float operand(const void *matrix, int type, int op, long long stride, int row, int column) {
  return element(matrix, type, op == TRANSPOSE ? column + row * stride : row + column * stride);
}
} // namespace

EXPORT int cublasCreate_v2(void **handle) {
  *handle = new Handle;
  return SUCCESS;
}

EXPORT int cublasDestroy_v2(void *handle) {
  delete static_cast<Handle *>(handle);
  return SUCCESS;
}

EXPORT int cublasSetStream_v2(void *handle, void *stream) {
  static_cast<Handle *>(handle)->stream = stream;
  return SUCCESS;
}

// Not used; but what is given has to be as the real one wants it.
EXPORT int cublasSetWorkspace_v2(void *, void *workspace, size_t) {
  return reinterpret_cast<uintptr_t>(workspace) % 256 == 0 ? SUCCESS : INVALID_VALUE;
}

EXPORT int cublasGemmEx(void *handle, int op_a, int op_b, int m, int n, int k, const float *alpha, const void *a, int type_a,
                        int lda, const void *b, int type_b, int ldb, const float *beta, float *c, int type_c, int ldc,
                        int compute, int) {
  const bool types = type_a == type_b && (type_a == TYPE_F32 || type_a == TYPE_BF16) && type_c == TYPE_F32;
  const bool strides = lda >= (op_a == TRANSPOSE ? k : m) && ldb >= (op_b == TRANSPOSE ? n : k) && ldc >= m;
  if (!types || !strides || compute != COMPUTE_F32) {
    return INVALID_VALUE;
  }
  return enqueue(handle, [=, scale = *alpha, keep = *beta] {
    for (int column = 0; column < n; column++) {
      for (int row = 0; row < m; row++) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
          sum += static_cast<double>(operand(a, type_a, op_a, lda, row, i)) * operand(b, type_b, op_b, ldb, i, column);
        }
        float &result = c[row + static_cast<long long>(column) * ldc];
        result = static_cast<float>(scale * sum + (keep == 0 ? 0 : keep * result));
      }
    }
  });
}

EXPORT int curandCreateGenerator(void **generator, int) { return cublasCreate_v2(generator); }

EXPORT int curandDestroyGenerator(void *generator) { return cublasDestroy_v2(generator); }

EXPORT int curandSetStream(void *generator, void *stream) { return cublasSetStream_v2(generator, stream); }

EXPORT int curandSetPseudoRandomGeneratorSeed(void *generator, unsigned long long seed) {
  static_cast<Handle *>(generator)->random.seed(seed);
  return SUCCESS;
}

// As cuRAND, which refuses an odd number of normals.
EXPORT int curandGenerateNormal(void *generator, float *out, size_t count, float mean, float deviation) {
  if (count % 2 != 0) {
    return LENGTH_NOT_MULTIPLE;
  }
  return enqueue(generator, [=] {
    std::normal_distribution<float> normal(mean, deviation);
    for (size_t i = 0; i < count; i++) {
      out[i] = normal(static_cast<Handle *>(generator)->random);
    }
  });
}
