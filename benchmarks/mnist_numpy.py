"""Measures the reference of `mnist_numpy`: seconds a step beside PyTorch, accuracy over seeds.

    python benchmarks/mnist_numpy.py --speed                        # needs PyTorch
    python benchmarks/mnist_numpy.py --accuracy mnist8k --seeds 200
    AUTOGRADER_DATA=folder python benchmarks/mnist_numpy.py --accuracy mnist --seeds 3

Everything runs in one process with the same number of threads. The package need not be installed
beside PyTorch: `--speed` draws its own numbers and needs NumPy alone.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = (784, 256, 256, 10)
BATCH_SIZE, LEARNING_RATE = 200, 0.1


def main() -> None:
    """Measure what is asked for, and print it."""
    options = _options()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(options.threads)  # read when NumPy and PyTorch are imported
    sys.path[:0] = [str(ROOT), str(ROOT / "solutions" / "mnist_numpy" / "modules")]
    if options.speed:
        compare_speed(threads=options.threads, rounds=options.rounds)
    if options.accuracy:
        measure_accuracy(options.accuracy, seeds=options.seeds)


def compare_speed(*, threads: int, rounds: int, steps: int = 60) -> None:
    """Time the two programs by turns, so that a busy machine is busy for both."""
    turns: dict[str, Callable[[], None]] = {"NumPy": _numpy_step(), "PyTorch": _torch_step(threads)}
    seconds: dict[str, list[float]] = {name: [] for name in turns}
    for number in range(rounds + 1):
        for name, step in turns.items():
            started = time.perf_counter()
            for _ in range(steps):
                step()
            if number:  # the first round warms up
                seconds[name].append((time.perf_counter() - started) / steps)
    middle = {name: statistics.median(times) for name, times in seconds.items()}
    ratios = sorted(a / b for a, b in zip(seconds["NumPy"], seconds["PyTorch"], strict=True))
    print(f"{'-'.join(map(str, SIZES))}, batches of {BATCH_SIZE}, float32, {threads} threads")
    print(f"median of {rounds} rounds of {steps} steps, by turns:")
    for name, value in middle.items():
        print(f"  {name:8} {1e3 * value:6.2f} ms a step")
    print(f"  ratio    {statistics.median(ratios):6.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f})")


def _numpy_step() -> Callable[[], None]:
    import numpy as np
    from mnist_net.network import Network
    from mnist_net.training import train

    rng = np.random.default_rng(0)
    network = Network(SIZES, seed=0)
    X = rng.standard_normal((BATCH_SIZE, SIZES[0])).astype(np.float32)
    y = rng.integers(SIZES[-1], size=BATCH_SIZE)

    def step() -> None:
        train(network, X, y, X[:1], y[:1], epochs=1)

    return step


def _torch_step(threads: int) -> Callable[[], None]:
    import numpy as np
    import torch
    from torch import nn

    torch.set_num_threads(threads)
    rng = np.random.default_rng(0)
    x = torch.tensor(rng.standard_normal((BATCH_SIZE, SIZES[0])), dtype=torch.float32)
    y = torch.tensor(rng.integers(SIZES[-1], size=BATCH_SIZE))
    layers: list[Any] = []
    for inputs, outputs in pairwise(SIZES):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    model, criterion = nn.Sequential(*layers[:-1]), nn.CrossEntropyLoss()
    optimiser = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)

    def step() -> None:
        order = torch.randperm(BATCH_SIZE)
        loss = criterion(model(x[order]), y[order])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        loss.item()

    return step


def measure_accuracy(name: str, *, seeds: int) -> None:
    """Train the reference on a fresh division of the data for every seed."""
    import numpy as np
    from mnist_net.network import Network
    from mnist_net.training import accuracy, train

    from autograder.assignment import load_assignment
    from autograder.judging.images import draw_images

    assignment = load_assignment("mnist_numpy")
    needed = assignment.thresholds[name]["held_back_graded"]
    reached, seconds = [], []
    for seed in range(seeds):
        counts = assignment.training[name]["images"]
        data = draw_images(name, counts, np.random.default_rng(seed))
        inputs = int(np.prod(data["X_train"].shape[1:]))
        network = Network((inputs, *SIZES[1:]), seed=seed)
        parts = [data[part] for part in ("X_train", "y_train", "X_val", "y_val")]
        started = time.perf_counter()
        history = train(network, *parts, seed=seed)
        seconds.append(time.perf_counter() - started)
        reached.append(accuracy(network, data["X_test"], data["y_test"]))
        if seeds <= 10:
            first, last = history["loss"][0], history["loss"][-1]
            print(f"  seed {seed}: running loss {first:.4f} to {last:.4f}, {reached[-1]:.4f}")
    spread = statistics.stdev(reached) if seeds > 1 else 0.0
    print(f"{name}, 20 epochs, {seeds} seeds: accuracy on images held back {min(reached):.4f} to")
    print(f"{max(reached):.4f}, mean {statistics.mean(reached):.4f}, deviation {spread:.4f};")
    print(f"needed {needed:.2f}; {statistics.median(seconds):.1f} s (median of one training)")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--speed", action="store_true", help="compare with PyTorch")
    parser.add_argument("--accuracy", metavar="DATA", help="mnist8k, digits or mnist")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=15)
    return parser.parse_args()


if __name__ == "__main__":
    main()
