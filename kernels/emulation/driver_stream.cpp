// Streams and events.
#include "streams.h"

#include <chrono>

namespace cuda_emulation {
namespace {

// Nobody may wait for work to go on: it is done when there is so much of it.
constexpr size_t MOST_TASKS = 1 << 14;

double milliseconds() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::milli>(since).count();
}

}  // namespace

Code drain(Stream &stream) {
  while (!stream.tasks.empty()) {
    const Task task = std::move(stream.tasks.front());
    stream.tasks.pop_front();
    const Code code = task();
    if (code != SUCCESS) {
      stream.tasks.clear();
      stream.context->lost = code;
      return code;
    }
  }
  return SUCCESS;
}

Code drain_blocking(Context &context) {
  for (Stream *stream : driver().objects.of<Stream>(context)) {
    const Code code = stream->blocking ? drain(*stream) : SUCCESS;
    if (code != SUCCESS) {
      return code;
    }
  }
  return SUCCESS;
}

Code drain_all(Context &context) {
  for (Stream *stream : driver().objects.of<Stream>(context)) {
    const Code code = drain(*stream);
    if (code != SUCCESS) {
      return code;
    }
  }
  return SUCCESS;
}

Code submit(Context &context, void *handle, Task task) {
  if (!handle) {
    const Code code = drain_blocking(context);
    return code != SUCCESS ? code : task();
  }
  Stream *stream = driver().objects.find<Stream>(handle);
  if (!stream) {
    return INVALID_HANDLE;
  }
  if (stream->capturing) {
    stream->captured.push_back(std::move(task));
    return SUCCESS;
  }
  stream->tasks.push_back(std::move(task));
  return stream->tasks.size() > MOST_TASKS ? drain(*stream) : SUCCESS;
}

bool spoil_captures(Context &context) {
  bool spoiled = false;
  for (Stream *stream : driver().objects.of<Stream>(context)) {
    if (stream->capturing && (stream->captures_all_threads || stream->captured_by == std::this_thread::get_id())) {
      stream->spoiled = spoiled = true;
    }
  }
  return spoiled;
}

namespace {

Code with_stream(Context &context, void *handle, const std::function<Code(Stream &)> &body) {
  Stream *stream = driver().objects.find<Stream>(handle);
  return stream && stream->context == &context ? body(*stream) : INVALID_HANDLE;
}

Code with_event(Context &context, void *handle, const std::function<Code(Event::State &)> &body) {
  Event *event = driver().objects.find<Event>(handle);
  return event && event->context == &context ? body(*event->state) : INVALID_HANDLE;
}

Code finish(Event::State &state) { return state.pending > 0 ? drain(*state.stream) : SUCCESS; }

}  // namespace
}  // namespace cuda_emulation

using namespace cuda_emulation;

CUDA_API int cuStreamCreate(void **stream, unsigned flags) {
  constexpr unsigned NON_BLOCKING = 1;
  return call("cuStreamCreate", [&](Context &context) {
    *stream = driver().objects.add<Stream>(&context, (flags & NON_BLOCKING) == 0);
    return SUCCESS;
  });
}

CUDA_API int cuStreamDestroy_v2(void *handle) {
  return call("cuStreamDestroy", [&](Context &context) {
    return with_stream(context, handle, [&](Stream &stream) {
      const Code code = drain(stream);
      driver().objects.remove(handle);
      return code;
    });
  });
}

CUDA_API int cuStreamSynchronize(void *handle) {
  return call_outside_capture("cuStreamSynchronize", [&](Context &context) {
    return handle ? with_stream(context, handle, drain) : drain_blocking(context);
  });
}

CUDA_API int cuLaunchHostFunc(void *handle, void (*function)(void *), void *data) {
  return call("cuLaunchHostFunc", [&](Context &context) {
    return submit(context, handle, [function, data] {
      function(data);
      return SUCCESS;
    });
  });
}

CUDA_API int cuStreamWaitEvent(void *handle, void *event, unsigned) {
  return call("cuStreamWaitEvent", [&](Context &context) {
    return with_event(context, event, [&](Event::State &) {
      const auto state = driver().objects.find<Event>(event)->state;
      return submit(context, handle, [state] { return finish(*state); });
    });
  });
}

CUDA_API int cuEventCreate(void **event, unsigned) {
  return call("cuEventCreate", [&](Context &context) {
    *event = driver().objects.add<Event>(&context);
    return SUCCESS;
  });
}

CUDA_API int cuEventDestroy_v2(void *handle) {
  return call("cuEventDestroy", [&](Context &context) {
    return with_event(context, handle, [&](Event::State &) {
      driver().objects.remove(handle);
      return SUCCESS;
    });
  });
}

CUDA_API int cuEventRecord(void *handle, void *stream) {
  return call_outside_capture("cuEventRecord", [&](Context &context) {
    return with_event(context, handle, [&](Event::State &) {
      const auto state = driver().objects.find<Event>(handle)->state;
      state->stream = driver().objects.find<Stream>(stream);
      state->recorded = true;
      state->pending++;
      return submit(context, stream, [state] {
        state->pending--;
        state->milliseconds = milliseconds();
        return SUCCESS;
      });
    });
  });
}

CUDA_API int cuEventSynchronize(void *handle) {
  return call_outside_capture(
      "cuEventSynchronize", [&](Context &context) { return with_event(context, handle, finish); });
}

CUDA_API int cuEventQuery(void *handle) {
  return call_outside_capture("cuEventQuery", [&](Context &context) {
    return with_event(context, handle, [](Event::State &state) { return state.pending > 0 ? NOT_READY : SUCCESS; });
  });
}

CUDA_API int cuEventElapsedTime(float *elapsed, void *from, void *to) {
  return call("cuEventElapsedTime", [&](Context &context) {
    return with_event(context, from, [&](Event::State &start) {
      return with_event(context, to, [&](Event::State &end) {
        if (!start.recorded || !end.recorded) {
          return INVALID_HANDLE;
        }
        *elapsed = static_cast<float>(end.milliseconds - start.milliseconds);
        return start.pending > 0 || end.pending > 0 ? NOT_READY : SUCCESS;
      });
    });
  });
}
