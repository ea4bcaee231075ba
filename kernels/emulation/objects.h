// What the driver hands out and wants back.
#pragma once
#include "codes.h"
#include "device_memory.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace cuda_emulation {

struct Context;
struct Kernel;

struct Object {
  explicit Object(Context *context) : context(context) {}
  virtual ~Object() = default;

  Context *const context;
};

struct Context : Object {
  Context() : Object(this) {}

  Code lost = SUCCESS;  // what every call returns since a kernel has failed
};

struct Module : Object {
  using Object::Object;

  std::string image;
};

struct Function : Object {
  Function(Context *context, const Module *module, const Kernel *kernel)
      : Object(context), module(module), kernel(kernel) {}

  const Module *const module;
  const Kernel *const kernel;
};

// A part of a stream's or a graph's work.
using Task = std::function<Code()>;
using Tasks = std::vector<Task>;

struct Stream : Object {
  Stream(Context *context, bool blocking) : Object(context), blocking(blocking) {}

  const bool blocking;  // whether the calls that wait for all work wait for this one's
  std::deque<Task> tasks;
  bool capturing = false, spoiled = false;  // spoiled: something was done that cannot be captured
  bool captures_all_threads = false;
  std::thread::id captured_by;
  Tasks captured;
};

struct Event : Object {
  using Object::Object;

  // Shared with the tasks that record it, which may run after it is gone.
  struct State {
    Stream *stream = nullptr;  // where it was recorded last
    int pending = 0;           // how many recordings are to be done
    double milliseconds = 0;
    bool recorded = false;
  };
  std::shared_ptr<State> state = std::make_shared<State>();
};

struct Graph : Object {
  using Object::Object;

  std::shared_ptr<Tasks> tasks;
};

struct ExecutableGraph : Object {
  using Object::Object;

  std::shared_ptr<Tasks> tasks;
};

class Objects {
 public:
  template <class T, class... A>
  T *add(A &&...arguments) {
    auto object = std::make_unique<T>(std::forward<A>(arguments)...);
    T *handle = object.get();
    objects_[handle] = std::move(object);
    return handle;
  }

  // The object of a handle; null when the handle is of no such object.
  template <class T>
  T *find(void *handle) const {
    const auto found = objects_.find(handle);
    return found == objects_.end() ? nullptr : dynamic_cast<T *>(found->second.get());
  }

  void remove(void *handle) { objects_.erase(handle); }

  // All of a kind that a context has.
  template <class T>
  std::vector<T *> of(const Context &context) const {
    std::vector<T *> found;
    for (const auto &entry : objects_) {
      T *object = dynamic_cast<T *>(entry.second.get());
      if (object && object->context == &context) {
        found.push_back(object);
      }
    }
    return found;
  }

  // Those that have to be given back: a function goes with its module.
  long count() const {
    long count = 0;
    for (const auto &entry : objects_) {
      count += dynamic_cast<Function *>(entry.second.get()) ? 0 : 1;
    }
    return count;
  }

  DeviceMemory memory;

 private:
  std::map<void *, std::unique_ptr<Object>> objects_;
};

}  // namespace cuda_emulation
