#include "driver.h"

#include "streams.h"

#include <algorithm>
#include <vector>

namespace cuda_emulation {
namespace {

// The contexts that were made current by this thread, the last one on top.
thread_local std::vector<void *> contexts;

// Whether this call is to fail.
Code injected(const char *name) {
  Driver &d = driver();
  d.calls++;
  Injection &injection = d.injection;
  if (injection.code == SUCCESS || (!injection.call.empty() && injection.call != name)) {
    return SUCCESS;
  }
  if (injection.after-- > 0) {
    return SUCCESS;
  }
  const Code code = injection.code;
  injection = {};
  return code;
}

Code call_locked(const char *name, bool capturable, const std::function<Code(Context &)> &body) {
  Driver &d = driver();
  if (!d.initialized) {
    return NOT_INITIALIZED;
  }
  Context *context = current_context();
  if (!context) {
    return INVALID_CONTEXT;
  }
  if (context->lost != SUCCESS) {
    return context->lost;
  }
  Code code = injected(name);
  if (code == SUCCESS && !capturable && spoil_captures(*context)) {
    code = STREAM_CAPTURE_UNSUPPORTED;
  }
  if (code == SUCCESS) {
    code = body(*context);
  }
  if (is_fatal(code)) {
    context->lost = code;
  }
  return code;
}

}  // namespace

Driver &driver() {
  static Driver *driver = new Driver();  // the JVM may call it while the process exits
  return *driver;
}

bool is_fatal(Code code) { return code == ILLEGAL_ADDRESS || code == LAUNCH_FAILED; }

Context *current_context() { return contexts.empty() ? nullptr : driver().objects.find<Context>(contexts.back()); }

Code call_driver(const char *name, const std::function<Code()> &body) {
  std::lock_guard<std::mutex> lock(driver().mutex);
  const Code code = injected(name);
  return code != SUCCESS ? code : body();
}

Code call(const char *name, const std::function<Code(Context &)> &body) {
  std::lock_guard<std::mutex> lock(driver().mutex);
  return call_locked(name, true, body);
}

Code call_outside_capture(const char *name, const std::function<Code(Context &)> &body) {
  std::lock_guard<std::mutex> lock(driver().mutex);
  return call_locked(name, false, body);
}

namespace {

void close(Context &context) {
  Driver &d = driver();
  const bool healthy = context.lost == SUCCESS;
  if (healthy) {
    drain_all(context);
  }
  long left = d.objects.memory.free_all(context);
  for (Object *object : d.objects.of<Object>(context)) {
    if (object != &context) {
      left += dynamic_cast<Function *>(object) ? 0 : 1;
      d.objects.remove(object);
    }
  }
  d.abandoned += healthy ? left : 0;
  d.objects.remove(&context);
}

}  // namespace
}  // namespace cuda_emulation

using namespace cuda_emulation;

CUDA_API int cuCtxCreate_v2(void **context, unsigned, int device) {
  return call_driver("cuCtxCreate", [&] {
    if (!driver().initialized) {
      return NOT_INITIALIZED;
    }
    if (device < 0 || device >= driver().settings.devices) {
      return INVALID_DEVICE;
    }
    *context = driver().objects.add<Context>();
    contexts.push_back(*context);
    return SUCCESS;
  });
}

CUDA_API int cuCtxDestroy_v2(void *handle) {
  return call_driver("cuCtxDestroy", [&] {
    Context *context = driver().objects.find<Context>(handle);
    if (!context) {
      return INVALID_CONTEXT;
    }
    close(*context);
    contexts.erase(std::remove(contexts.begin(), contexts.end(), handle), contexts.end());
    return SUCCESS;
  });
}

CUDA_API int cuCtxSetCurrent(void *handle) {
  return call_driver("cuCtxSetCurrent", [&] {
    if (handle && !driver().objects.find<Context>(handle)) {
      return INVALID_CONTEXT;
    }
    if (!contexts.empty()) {
      contexts.pop_back();
    }
    if (handle) {
      contexts.push_back(handle);
    }
    return SUCCESS;
  });
}

CUDA_API int cuCtxGetCurrent(void **handle) {
  return call_driver("cuCtxGetCurrent", [&] {
    *handle = current_context();
    return SUCCESS;
  });
}

CUDA_API int cuCtxSynchronize() { return call_outside_capture("cuCtxSynchronize", drain_all); }
