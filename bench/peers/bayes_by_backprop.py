"""Bayes by Backprop on a perceptron in PyTorch: the step that GpuStep times, written by hand.

Weights are Normal(mu, sigma^2), sampled once a step and sample, W = mu + sigma * eps in float32,
then rounded to the operands' type; KL to Normal(0, 1) in closed form; fused Adam. Two ways to write
it: by hand, all samples in one product, sigma = exp(log_sigma); and by the formula of the layers
that are published, sigma = log(1 + exp(rho)), the prior in buffers, a pass for each sample. Three
ways to run each: eager; forward and backward through torch.compile; and that with the whole step
captured as one CUDA graph. Before timing, each way's gradients and ten steps of its training are
compared with double precision.

    python3 bayes_by_backprop.py --machine NAME --commit COMMIT --out FILE.csv CASE ...
    python3 bayes_by_backprop.py --check     # the formulas alone, on the CPU

with cases such as 784-1200-1200-10@128x1:bf16: units, batch, samples (128x16a: in antithetic
pairs), precision.
"""

import argparse
import csv
import datetime
import math
import os
import re
import statistics
import time

import torch
import torch.nn.functional as functional

EXAMPLES = 60_000
RATE = 1e-4
LOG_SIGMA = -5.0
NOISE_SCALE = 0.5  # of the targets of a network with one output
GROUPS = 200
GROUP_SECONDS = 2e-3
SECONDS = 1.0
CHECKED = ["64-100-100-10@32x2", "64-100-100-10@32x4a", "13-50-1@32x1"]
CHECKED_STEPS = 10
HEADER = ["implementation", "network", "batch", "samples", "precision"]
HEADER += ["median_us", "p10_us", "p90_us", "machine", "pytorch", "commit", "date"]

# Relative error of a gradient in the Euclidean norm. bf16 moves pre-activations by 0.4 % of their
# size, which flips the ReLU of about as many units; the root of that is what the gradient feels.
TOLERANCE = {"f32": 1e-4, "bf16": 0.15}

# Relative difference of what ten steps moved a tensor by. Where the gradient's sign is rounding, Adam
# moves by its rate one way or the other.
MOVED = {"f32": 1e-2, "bf16": 0.5}
OPERANDS = {"f32": torch.float32, "bf16": torch.bfloat16}


class Case:
    """Units of the layers, batch, samples of the weights and precision of the operands."""

    def __init__(self, text):
        match = re.fullmatch(r"(\d+(?:-\d+)+)@(\d+)x(\d+)(a?):(f32|bf16)", text)
        if match is None:
            raise SystemExit(f"a case is written as 784-400-10@128x1:f32, got '{text}'")
        self.network, self.precision = match[1], match[5]
        self.batch, self.samples, self.pairs = int(match[2]), int(match[3]), match[4] == "a"
        self.units = [int(units) for units in match[1].split("-")]

    def recipe(self, dtype):
        """What a loss has to know beside tensors: samples, whether in pairs, the operands' type."""
        return self.samples, self.pairs, dtype if dtype == torch.float64 else OPERANDS[self.precision]

    def cells(self):
        return [self.network, self.batch, f"{self.samples}{'a' * self.pairs}", self.precision]

    def __str__(self):
        network, size, samples, precision = self.cells()
        return f"{network}@{size}x{samples}:{precision}"


def parameters(case, spread, dtype, device):
    """mu and the number that sigma is made of, of each weight and bias, in the order of the layers."""
    generator = torch.Generator().manual_seed(1)
    result = []
    for inputs, outputs in zip(case.units, case.units[1:]):
        start = torch.randn(outputs, inputs, generator=generator) * (2 / inputs) ** 0.5
        result += [start, torch.full_like(start, spread)]
        result += [torch.zeros(outputs), torch.full((outputs,), spread)]
    return [p.to(device, dtype).requires_grad_() for p in result]


def batch(case, dtype, device):
    """Inputs, and classes or numbers."""
    generator = torch.Generator().manual_seed(2)
    x = torch.rand(case.batch, case.units[0], generator=generator).to(device, dtype)
    if case.units[-1] == 1:
        return x, torch.randn(case.batch, generator=generator).to(device, dtype)
    return x, torch.randint(case.units[-1], (case.batch,), generator=generator).to(device)


def noise_shape(mu, samples):
    """Weights of S samples have S in front; biases a row for each sample."""
    if mu.dim() == 1:
        return (samples, 1, *mu.shape)
    return (samples, *mu.shape) if samples > 1 else tuple(mu.shape)


def normals(mu, samples, pairs):
    """The noise of all samples of a tensor; that of a pair is one draw and its negative."""
    if not pairs:
        return torch.randn(noise_shape(mu, samples), dtype=mu.dtype, device=mu.device)
    first = torch.randn(noise_shape(mu, samples // 2), dtype=mu.dtype, device=mu.device)
    if samples == 2 and mu.dim() > 1:
        first = first[None]
    return torch.stack([first, -first], 1).flatten(0, 1)


def mean_nll(outputs, y, samples, operand):
    """-log p(y | outputs) of classes, or of numbers with known noise, on average."""
    outputs = outputs.reshape(-1, outputs.shape[-1]).to(torch.promote_types(operand, torch.float32))
    if outputs.shape[-1] > 1:
        return functional.cross_entropy(outputs, y.repeat(samples))
    z = (y.repeat(samples) - outputs[:, 0]) / NOISE_SCALE
    return (0.5 * z * z).mean() + math.log(NOISE_SCALE) + 0.5 * math.log(2 * math.pi)


def by_hand(tensors, x, y, samples, pairs, operand, eps):
    """-elbo / N of a batch; eps is drawn here where it is None."""
    h = x.to(operand)
    kl = 0
    for layer in range(0, len(tensors), 4):
        drawn = []
        for at in (layer, layer + 2):
            mu, log_sigma = tensors[at], tensors[at + 1]
            sigma = log_sigma.exp()
            e = normals(mu, samples, pairs) if eps is None else eps[at // 2]
            drawn.append((mu + sigma * e).to(operand))
            kl = kl + (0.5 * (sigma * sigma + mu * mu) - log_sigma - 0.5).sum()
        weight, bias = drawn
        h = torch.matmul(h, weight.mT) + (bias if samples > 1 else bias[0])
        if layer + 4 < len(tensors):
            h = torch.relu(h)
    return mean_nll(h, y, samples, operand) + kl / EXAMPLES


def published(tensors, x, y, samples, pairs, operand, eps):
    """The same by the formula of published layers: rho, a prior in buffers, samples one by one."""
    drawn = [normals(mu, samples, pairs) for mu in tensors[::2]] if eps is None else eps
    nll = 0
    for sample in range(samples):
        h, kl = x.to(operand), 0
        for layer in range(0, len(tensors), 4):
            parts = []
            for at in (layer, layer + 2):
                mu, rho = tensors[at], tensors[at + 1]
                prior_mu, prior_sigma = torch.zeros_like(mu), torch.ones_like(mu)
                sigma = torch.log1p(torch.exp(rho))
                e = drawn[at // 2]
                e = e[sample, 0] if mu.dim() == 1 else e[sample] if samples > 1 else e
                parts.append((mu + sigma * e).to(operand))
                square = (sigma**2 + (mu - prior_mu) ** 2) / (2 * prior_sigma**2)
                kl = kl + (torch.log(prior_sigma) - torch.log(sigma) + square - 0.5).sum()
            h = functional.linear(h, *parts)
            if layer + 4 < len(tensors):
                h = torch.relu(h)
        nll = nll + mean_nll(h, y, 1, operand) / samples
    return nll + kl / EXAMPLES


# The loss of each way to write it, and where the number that sigma is made of starts.
WAYS = {
    "": (by_hand, LOG_SIGMA),
    " published layers": (published, math.log(math.expm1(math.exp(LOG_SIGMA)))),
}


def drawn_apart(case, steps):
    """The noise of some steps in double precision, to train with it more than once."""
    generator = torch.Generator().manual_seed(3)
    shapes = [
        shape
        for inputs, outputs in zip(case.units, case.units[1:])
        for shape in ((outputs, inputs), (outputs,))
    ]
    return [
        [
            torch.randn(noise_shape(torch.empty(shape), case.samples), generator=generator,
                        dtype=torch.float64)
            for shape in shapes
        ]
        for _ in range(steps)
    ]


def trained(case, loss, spread, eps, dtype, device):
    """The first gradient of each tensor, and what the steps have moved it by."""
    tensors = parameters(case, spread, dtype, device)
    start = [p.detach().clone() for p in tensors]
    x, y = batch(case, dtype, device)
    adam = torch.optim.Adam(tensors, lr=RATE)
    gradients = []
    for step in eps:
        adam.zero_grad()
        drawn = [e.to(device, dtype) for e in step]
        loss(tensors, x, y, *case.recipe(dtype), drawn).backward()
        gradients = gradients or [p.grad.cpu().double().clone() for p in tensors]
        adam.step()
    moved = [(p.detach() - s).cpu().double() for p, s in zip(tensors, start)]
    return gradients, moved


def check(loss, plain, spread, precision, name, device):
    """Compares gradients and ten steps of small networks with double precision, eps being equal."""
    for text in CHECKED:
        case = Case(f"{text}:{precision}")
        eps = drawn_apart(case, CHECKED_STEPS)
        exact = trained(case, plain, spread, eps, torch.float64, "cpu")
        actual = trained(case, loss, spread, eps, torch.float32, device)
        for what, most, a, e in zip(
            ("gradient", "movement"), (TOLERANCE[precision], MOVED[precision]), actual, exact
        ):
            for position, (one, other) in enumerate(zip(a, e)):
                error = ((one - other).norm() / other.norm()).item()
                if not error <= most:
                    raise SystemExit(
                        f"{name} {case}: the {what} of tensor {position} is off by {error}"
                    )


def check_pairs():
    """The noise of pairs has opposite signs, for weights and for biases."""
    for samples in (2, 6):
        for mu in (torch.zeros(4, 3), torch.zeros(4)):
            eps = normals(mu, samples, True)
            if tuple(eps.shape) != noise_shape(mu, samples) or not torch.equal(eps[::2], -eps[1::2]):
                raise SystemExit(f"{samples} samples of {tuple(mu.shape)} are no pairs")


def step_of(case, loss, spread, capture):
    """A function that enqueues one training step."""
    tensors = parameters(case, spread, torch.float32, "cuda")
    x, y = batch(case, torch.float32, "cuda")
    adam = torch.optim.Adam(tensors, lr=RATE, fused=True, capturable=True)

    def step():
        adam.zero_grad(set_to_none=True)
        loss(tensors, x, y, *case.recipe(torch.float32), None).backward()
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


def check_formulas():
    """On the CPU, and both ways to write the loss against each other."""
    check_pairs()
    for text in CHECKED:
        case = Case(f"{text}:f32")
        eps = drawn_apart(case, 1)[0]
        x, y = batch(case, torch.float64, "cpu")
        values = [
            loss(
                parameters(case, spread, torch.float64, "cpu"),
                x,
                y,
                *case.recipe(torch.float64),
                eps,
            ).item()
            for loss, spread in WAYS.values()
        ]
        # rho starts in float32: sigma is its own only so far.
        if not abs(values[0] - values[1]) <= 1e-6 * abs(values[0]):
            raise SystemExit(f"{case}: the losses are {values}")
    for name, (loss, spread) in WAYS.items():
        for precision in OPERANDS:
            check(loss, loss, spread, precision, f"PyTorch{name}", "cpu")
    print("the formulas agree with double precision and with each other")


def measure(options):
    torch.set_float32_matmul_precision("highest")
    where = [options.machine, torch.__version__, options.commit]
    where.append(datetime.datetime.now(datetime.timezone.utc).date().isoformat())
    # A case is a graph of its own; past the limit PyTorch would quietly run eager.
    torch._dynamo.config.recompile_limit = 8 * (len(options.cases) + len(CHECKED))
    cases = [Case(text) for text in options.cases]
    for name, (plain, spread) in WAYS.items():
        compiled = torch.compile(plain, dynamic=False, fullgraph=True)
        for way, loss, capture in (
            ("eager", plain, False),
            ("compiled", compiled, False),
            ("compiled, graph", compiled, True),
        ):
            label = f"PyTorch{name} {way}"
            if not capture:
                for precision in sorted({case.precision for case in cases}):
                    check(loss, plain, spread, precision, label, "cuda")
            for case in cases:
                try:
                    times = seconds_a_step(step_of(case, loss, spread, capture))
                except torch.cuda.OutOfMemoryError:
                    print(f"{label:34} {case} does not fit the card's memory", flush=True)
                    torch.cuda.empty_cache()
                    continue
                append(options.out, [label, *case.cells(), *(f"{1e6 * t:.2f}" for t in times), *where])
                print(f"{label:34} {case} {1e6 * times[0]:10.1f} us", flush=True)
                torch.cuda.empty_cache()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--check", action="store_true")
    arguments.add_argument("--machine")
    arguments.add_argument("--commit")
    arguments.add_argument("--out")
    arguments.add_argument("cases", nargs="*")
    options = arguments.parse_args()
    if options.check:
        check_formulas()
    elif options.machine and options.commit and options.out and options.cases:
        measure(options)
    else:
        arguments.error("--machine, --commit, --out and cases are needed, or --check")


if __name__ == "__main__":
    main()
