// The names and texts of the results that the emulated driver returns or that tests let it return.
#include "driver.h"

#include <map>

using namespace cuda_emulation;

namespace {

struct Description {
  const char *name, *text;
};

const Description *describe(int code) {
  static const std::map<int, Description> descriptions = {
      {SUCCESS, {"CUDA_SUCCESS", "no error"}},
      {INVALID_VALUE, {"CUDA_ERROR_INVALID_VALUE", "invalid argument"}},
      {OUT_OF_MEMORY, {"CUDA_ERROR_OUT_OF_MEMORY", "out of memory"}},
      {NOT_INITIALIZED, {"CUDA_ERROR_NOT_INITIALIZED", "initialization error"}},
      {NO_DEVICE, {"CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"}},
      {INVALID_DEVICE, {"CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"}},
      {INVALID_IMAGE, {"CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"}},
      {INVALID_CONTEXT, {"CUDA_ERROR_INVALID_CONTEXT", "invalid device context"}},
      {INVALID_HANDLE, {"CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"}},
      {NOT_FOUND, {"CUDA_ERROR_NOT_FOUND", "named symbol not found"}},
      {NOT_READY, {"CUDA_ERROR_NOT_READY", "device not ready"}},
      {ILLEGAL_ADDRESS, {"CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"}},
      {LAUNCH_OUT_OF_RESOURCES, {"CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"}},
      {LAUNCH_FAILED, {"CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"}},
      {STREAM_CAPTURE_UNSUPPORTED,
       {"CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing"}},
      {STREAM_CAPTURE_INVALIDATED,
       {"CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture"}},
  };
  const auto found = descriptions.find(code);
  return found == descriptions.end() ? nullptr : &found->second;
}

}  // namespace

CUDA_API int cuGetErrorName(int code, const char **name) {
  const Description *description = describe(code);
  *name = description ? description->name : nullptr;
  return description ? SUCCESS : INVALID_VALUE;
}

CUDA_API int cuGetErrorString(int code, const char **text) {
  const Description *description = describe(code);
  *text = description ? description->text : nullptr;
  return description ? SUCCESS : INVALID_VALUE;
}
