#pragma once

// Gradients below 1e-20 are 0, as on the CPU, where products of subnormal numbers are slow.
__device__ __forceinline__ float flush(float gradient) { return fabsf(gradient) < 1e-20f ? 0.0f : gradient; }
