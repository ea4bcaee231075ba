// The order of work on the emulated card.
#pragma once
#include "driver.h"

namespace cuda_emulation {

// Does what a stream has been given to do.
Code drain(Stream &stream);

// Does what the streams have been given that wait for the driver's own, and which it waits for.
Code drain_blocking(Context &context);

// Does all there is to do.
Code drain_all(Context &context);

// Puts a task at the end of a stream, or into the graph that is being captured of it. The driver's own stream, null, is
// done at once.
Code submit(Context &context, void *stream, Task task);

// For calls that cannot be captured: whether a stream is being captured, which is then spoiled.
bool spoil_captures(Context &context);

}  // namespace cuda_emulation
