"""Prints how many floating-point operations a second large matrix products reach in PyTorch, as
lines "quantity,rate" that GpuCalibration reads. On random data: zeros run faster."""

import statistics

import torch

SIZE = 8192
REPEATS = 20


def rate(dtype):
    a = torch.randn(SIZE, SIZE, device="cuda").to(dtype)
    b = torch.randn(SIZE, SIZE, device="cuda").to(dtype)
    seconds = []
    for repeat in range(REPEATS + 3):
        before, after = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        before.record()
        a @ b
        after.record()
        torch.cuda.synchronize()
        if repeat >= 3:
            seconds.append(before.elapsed_time(after) * 1e-3)
    return 2 * SIZE**3 / statistics.median(seconds)


torch.set_float32_matmul_precision("highest")
print(f"matrix product bf16,{rate(torch.bfloat16):.4g}")
print(f"matrix product f32,{rate(torch.float32):.4g}")
