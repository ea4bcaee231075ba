// Graphs: the tasks of a stream, kept and done again.
#include "streams.h"

using namespace cuda_emulation;

CUDA_API int cuStreamBeginCapture_v2(void *handle, int mode) {
  constexpr int GLOBAL = 0;
  return call("cuStreamBeginCapture", [&](Context &) {
    Stream *stream = driver().objects.find<Stream>(handle);
    if (!stream) {
      return handle ? INVALID_HANDLE : STREAM_CAPTURE_UNSUPPORTED;
    }
    if (stream->capturing) {
      return INVALID_VALUE;
    }
    stream->capturing = true;
    stream->spoiled = false;
    stream->captures_all_threads = mode == GLOBAL;
    stream->captured_by = std::this_thread::get_id();
    stream->captured.clear();
    return SUCCESS;
  });
}

CUDA_API int cuStreamEndCapture(void *handle, void **graph) {
  return call("cuStreamEndCapture", [&](Context &context) {
    Stream *stream = driver().objects.find<Stream>(handle);
    if (!stream || !stream->capturing) {
      return stream ? INVALID_VALUE : INVALID_HANDLE;
    }
    stream->capturing = false;
    *graph = nullptr;
    if (stream->spoiled) {
      return STREAM_CAPTURE_INVALIDATED;
    }
    Graph *captured = driver().objects.add<Graph>(&context);
    captured->tasks = std::make_shared<Tasks>(std::move(stream->captured));
    *graph = captured;
    return SUCCESS;
  });
}

CUDA_API int cuGraphInstantiateWithFlags(void **executable, void *graph, unsigned long long) {
  return call("cuGraphInstantiate", [&](Context &context) {
    const Graph *from = driver().objects.find<Graph>(graph);
    if (!from) {
      return INVALID_VALUE;
    }
    ExecutableGraph *made = driver().objects.add<ExecutableGraph>(&context);
    made->tasks = from->tasks;
    *executable = made;
    return SUCCESS;
  });
}

CUDA_API int cuGraphLaunch(void *executable, void *stream) {
  return call("cuGraphLaunch", [&](Context &context) {
    const ExecutableGraph *graph = driver().objects.find<ExecutableGraph>(executable);
    if (!graph) {
      return INVALID_VALUE;
    }
    const auto tasks = graph->tasks;
    return submit(context, stream, [tasks] {
      for (const Task &task : *tasks) {
        const Code code = task();
        if (code != SUCCESS) {
          return code;
        }
      }
      return SUCCESS;
    });
  });
}

CUDA_API int cuGraphDestroy(void *graph) {
  return call("cuGraphDestroy", [&](Context &) {
    if (!driver().objects.find<Graph>(graph)) {
      return INVALID_VALUE;
    }
    driver().objects.remove(graph);
    return SUCCESS;
  });
}

CUDA_API int cuGraphExecDestroy(void *executable) {
  return call("cuGraphExecDestroy", [&](Context &) {
    if (!driver().objects.find<ExecutableGraph>(executable)) {
      return INVALID_VALUE;
    }
    driver().objects.remove(executable);
    return SUCCESS;
  });
}
