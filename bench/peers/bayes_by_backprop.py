"""Bayes by Backprop on a perceptron in PyTorch: the step that GpuStep times, written by hand.

Weights are Normal(mu, exp(log_sigma)^2), sampled once a step and sample, W = mu + sigma * eps in
float32, then rounded to the operands' type; KL to Normal(0, 1) in closed form; fused Adam. Three
ways to run it: eager; forward and backward through torch.compile; and that with the whole step
captured as one CUDA graph. Before timing, each way's gradients are compared with double precision.

    python3 bayes_by_backprop.py --machine NAME --commit COMMIT --out FILE.csv CASE ...

with cases such as 784-1200-1200-10@128x1:bf16: units, batch, samples, precision.
"""

import argparse
import csv
import datetime
import os
import re
import statistics
import time

import torch
import torch.nn.functional as functional

EXAMPLES = 60_000
RATE = 1e-4
LOG_SIGMA = -5.0
GROUPS = 200
GROUP_SECONDS = 2e-3
SECONDS = 2.0
CHECKED = "64-100-100-10@32x2"
HEADER = ["implementation", "network", "batch", "samples", "precision"]
HEADER += ["median_us", "p10_us", "p90_us", "machine", "pytorch", "commit", "date"]

# Relative error of a gradient in the Euclidean norm. bf16 moves pre-activations by 0.4 % of their
# size, which flips the ReLU of about as many units; the root of that is what the gradient feels.
TOLERANCE = {"f32": 1e-4, "bf16": 0.15}
OPERANDS = {"f32": torch.float32, "bf16": torch.bfloat16}


class Case:
    """Units of the layers, batch, samples of the weights and precision of the operands."""

    def __init__(self, text):
        match = re.fullmatch(r"([\d-]+)@(\d+)x(\d+):(f32|bf16)", text)
        if match is None:
            raise SystemExit(f"a case is written as 784-400-10@128x1:f32, got '{text}'")
        self.network, self.precision = match[1], match[4]
        self.batch, self.samples = int(match[2]), int(match[3])
        self.units = [int(units) for units in match[1].split("-")]
        self.operand = OPERANDS[self.precision]

    def cells(self):
        return [self.network, self.batch, self.samples, self.precision]


def parameters(case, dtype, device):
    """mu and log_sigma of each weight and bias, in the order of the layers."""
    generator = torch.Generator().manual_seed(1)
    result = []
    for inputs, outputs in zip(case.units, case.units[1:]):
        start = torch.randn(outputs, inputs, generator=generator) * (2 / inputs) ** 0.5
        result += [start, torch.full_like(start, LOG_SIGMA)]
        result += [torch.zeros(outputs), torch.full((outputs,), LOG_SIGMA)]
    return [p.to(device, dtype).requires_grad_() for p in result]


def batch(case, dtype, device):
    generator = torch.Generator().manual_seed(2)
    x = torch.rand(case.batch, case.units[0], generator=generator).to(device, dtype)
    y = torch.randint(case.units[-1], (case.batch,), generator=generator).to(device)
    return x, y


def noise_shape(mu, samples):
    """Weights of S samples have S in front; biases a row for each sample."""
    if mu.dim() == 1:
        return (samples, 1, *mu.shape)
    return (samples, *mu.shape) if samples > 1 else tuple(mu.shape)


def negative_elbo(tensors, x, y, samples, operand, eps):
    """-elbo / N of a batch; eps is drawn here where it is None."""
    h = x.to(operand)
    kl = 0
    for layer in range(0, len(tensors), 4):
        drawn = []
        for at in (layer, layer + 2):
            mu, log_sigma = tensors[at], tensors[at + 1]
            sigma = log_sigma.exp()
            if eps is None:
                e = torch.randn(noise_shape(mu, samples), dtype=mu.dtype, device=mu.device)
            else:
                e = eps[at // 2]
            drawn.append((mu + sigma * e).to(operand))
            kl = kl + (0.5 * (sigma * sigma + mu * mu) - log_sigma - 0.5).sum()
        weight, bias = drawn
        h = torch.matmul(h, weight.mT) + (bias if samples > 1 else bias[0])
        if layer + 4 < len(tensors):
            h = torch.relu(h)
    logits = h.reshape(-1, h.shape[-1]).to(torch.promote_types(operand, torch.float32))
    nll = functional.cross_entropy(logits, y.repeat(samples))
    return nll + kl / EXAMPLES


def check(loss, precision, name):
    """Compares the gradients of a small network with those in double precision, eps being equal."""
    case = Case(f"{CHECKED}:{precision}")
    exact = parameters(case, torch.float64, "cpu")
    generator = torch.Generator().manual_seed(3)
    eps = [
        torch.randn(noise_shape(mu, case.samples), generator=generator, dtype=torch.float64)
        for mu in exact[::2]
    ]
    x, y = batch(case, torch.float64, "cpu")
    negative_elbo(exact, x, y, case.samples, torch.float64, eps).backward()
    actual = parameters(case, torch.float32, "cuda")
    x, y = batch(case, torch.float32, "cuda")
    drawn = [e.to("cuda", torch.float32) for e in eps]
    loss(actual, x, y, case.samples, case.operand, drawn).backward()
    for position, (a, e) in enumerate(zip(actual, exact)):
        error = ((a.grad.cpu().double() - e.grad).norm() / e.grad.norm()).item()
        if not error <= TOLERANCE[precision]:
            raise SystemExit(f"{name} {precision}: the gradient of tensor {position} is off by {error}")


def step_of(case, loss, capture):
    """A function that enqueues one training step."""
    tensors = parameters(case, torch.float32, "cuda")
    x, y = batch(case, torch.float32, "cuda")
    adam = torch.optim.Adam(tensors, lr=RATE, fused=True, capturable=True)

    def step():
        adam.zero_grad(set_to_none=True)
        loss(tensors, x, y, case.samples, case.operand, None).backward()
        adam.step()

    if not capture:
        return step
    # Warm-up on a stream of its own: the allocations of a capture must not be the first ones.
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return graph.replay


def seconds_a_step(step):
    """Median, 10th and 90th percentile over groups of steps between two waits for the card."""

    def group(size):
        start = time.perf_counter()
        for _ in range(size):
            step()
        torch.cuda.synchronize()
        return (time.perf_counter() - start) / size

    group(10)
    size = max(1, min(1000, round(GROUP_SECONDS / group(10))))
    times = []
    start = time.perf_counter()
    while len(times) < GROUPS and (len(times) < 3 or time.perf_counter() - start < SECONDS):
        times.append(group(size))
    times.sort()
    return statistics.median(times), times[len(times) // 10], times[len(times) * 9 // 10]


def append(path, row):
    fresh = not os.path.exists(path)
    with open(path, "a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if fresh:
            writer.writerow(HEADER)
        writer.writerow(row)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--machine", required=True)
    arguments.add_argument("--commit", required=True)
    arguments.add_argument("--out", required=True)
    arguments.add_argument("cases", nargs="+")
    options = arguments.parse_args()
    torch.set_float32_matmul_precision("highest")
    where = [options.machine, torch.__version__, options.commit]
    where.append(datetime.datetime.now(datetime.timezone.utc).date().isoformat())
    # A case is a graph of its own; past the limit PyTorch would quietly run eager.
    torch._dynamo.config.recompile_limit = 4 * len(options.cases) + 8
    compiled = torch.compile(negative_elbo, dynamic=False, fullgraph=True)
    ways = [
        ("PyTorch eager", negative_elbo, False),
        ("PyTorch compiled", compiled, False),
        ("PyTorch compiled, graph", compiled, True),
    ]
    cases = [Case(text) for text in options.cases]
    for name, loss, capture in ways:
        if not capture:
            for precision in sorted({case.precision for case in cases}):
                check(loss, precision, name)
        for case in cases:
            times = seconds_a_step(step_of(case, loss, capture))
            append(options.out, [name, *case.cells(), *(f"{1e6 * t:.2f}" for t in times), *where])
            print(f"{name:24} {case.network}@{case.batch}x{case.samples}:{case.precision}"
                  f" {1e6 * times[0]:10.1f} us", flush=True)
            torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
