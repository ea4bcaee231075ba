// The emulated driver: what its calls share. It keeps to what the real one does where a program can tell: work is queued
// and done when somebody waits for it, so that who reads too early reads what was there before; errors of kernels come
// when they are waited for, and the context is lost with them; a context belongs to the thread that made it current.
#pragma once
#include "objects.h"

#include <functional>
#include <mutex>
#include <string>

#define CUDA_API extern "C" __attribute__((visibility("default")))

namespace cuda_emulation {

// What the tests set.
struct Settings {
  int devices = 1;
  size_t memory = size_t{8} << 30;
};

// A failure that a test has asked for.
struct Injection {
  std::string call;  // the one that fails; empty: any
  int after = 0;     // how many of those calls succeed before
  Code code = SUCCESS;
};

struct Driver {
  std::mutex mutex;
  bool initialized = false;
  Settings settings;
  Injection injection;
  long calls = 0;      // that a test can let fail
  long abandoned = 0;  // objects that were not given back before their context was closed
  std::string report;  // of the latest failure of a kernel
  Objects objects;
};

Driver &driver();

// Does the body of a call that needs no context, or returns the failure that a test wants.
Code call_driver(const char *name, const std::function<Code()> &body);

// Does the body of a call that needs a context, which is lost when the code is that of a kernel's failure.
Code call(const char *name, const std::function<Code(Context &)> &body);

// As call(), for what the driver refuses while a stream is captured.
Code call_outside_capture(const char *name, const std::function<Code(Context &)> &body);

// The context of the calling thread; null when there is none.
Context *current_context();

// Whether a kernel's failure, after which a context is of no more use.
bool is_fatal(Code code);

}  // namespace cuda_emulation
