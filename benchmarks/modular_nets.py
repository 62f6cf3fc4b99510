"""Measures what the reference of `modular_nets` reaches by chance, and how fast it trains.

    python benchmarks/modular_nets.py --seeds 12 --write shapes cifar100

Trains with the reference's own settings as the hidden tests do, with other images, weights and
batches for every seed, on each data set that is there, and derives thresholds as `calibrate.py`
does: with 95 % confidence at least 99.9 % of right solutions lie above. CIFAR-100 is there when
AUTOGRADER_DATA names a folder that has it.

    python benchmarks/modular_nets.py --speed

Compares the seconds of one training step with PyTorch's, if that is installed, on equal threads
(OPENBLAS_NUM_THREADS, 1 by default): 100 images of 32 x 32 x 3 in 20 classes, float32. Steps of
the two alternate, and medians are compared, so that a busy machine harms both alike. On one thread
the CPU's seconds count, which other programs hardly change; on several it has to be the clock's.
"""

# ruff: noqa: E402 - the number of threads is set before NumPy is imported

from __future__ import annotations

import os

THREADS = int(os.environ.setdefault("OPENBLAS_NUM_THREADS", "1"))

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import numpy as np
from calibrate import LINE, Run, threshold

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files

SLUG = "modular_nets"
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "shapes mlp": {"hidden_dim": 100, "rate": 0.1, "batch": 50, "epochs": 20, "decay": (0.9, 80)},
    "shapes cnn": {"rate": 3e-3, "batch": 50, "epochs": 8, "decay": (0.9, 70)},
    "cifar100 mlp": {
        "hidden_dim": 300, "rate": 0.05, "batch": 100, "epochs": 10, "decay": (0.9, 180),
    },
    "cifar100 cnn": {"rate": 1e-3, "batch": 100, "epochs": 10, "decay": (0.9, 180)},
}  # fmt: skip


def main() -> None:
    """Measure thresholds, or speed."""
    options = _options()
    assignment = load_assignment(SLUG)
    with tempfile.TemporaryDirectory() as folder:
        _write_reference(assignment, Path(folder))
        sys.path.insert(0, folder)
        if options.speed:
            _compare_speed(options.steps)
        else:
            _measure_accuracies(assignment, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("datasets", nargs="*", default=["shapes", "cifar100"])
    parser.add_argument("--seeds", type=int, default=12, help="at least 10 for thresholds")
    parser.add_argument("--write", action="store_true", help="write into assignment.toml")
    parser.add_argument("--speed", action="store_true", help="compare with PyTorch instead")
    parser.add_argument("--steps", type=int, default=60, help="training steps that are timed")
    return parser.parse_args()


def _write_reference(assignment: Assignment, folder: Path) -> None:
    for path, content in reference_files(assignment).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _measure_accuracies(assignment: Assignment, options: argparse.Namespace) -> None:
    print(LINE.format("data", "training", "seeds", "min", "mean", "sd", "max", "seconds", "goal"))
    for dataset in options.datasets:
        goals = {}
        for kind in ("mlp", "cnn"):
            images = assignment.training[dataset][kind]["images"]
            try:
                runs = [_train(dataset, kind, images, seed) for seed in range(options.seeds)]
            except FileNotFoundError as missing:
                print(f"{dataset}: left out, {missing}")
                break
            goals[kind] = _report(dataset, kind, runs)
        if options.write and goals:
            _write_thresholds(assignment, dataset, goals)


def _train(dataset: str, kind: str, images: Mapping[str, int], seed: int) -> Run:
    from lib.datasets import in_pairs, load_data
    from lib.mlp.layer_utils import cross_entropy
    from lib.mlp.train import compute_acc, train_net

    chosen = SETTINGS[f"{dataset} {kind}"]
    loaded = load_data(dataset, **images, seed=1000 + seed)
    data, classes = in_pairs(loaded), len(loaded["label_names"])
    np.random.seed(seed)
    start = time.process_time()
    model, optimizer = _model(kind, data["data_train"][0].shape[1:], classes, chosen)
    rate, every = chosen["decay"]
    train_net(
        data, model, cross_entropy(), optimizer, chosen["batch"], chosen["epochs"],
        lr_decay=rate, lr_decay_every=every, verbose=False,
    )  # fmt: skip
    seconds = time.process_time() - start
    accuracy = compute_acc(model, *data["data_test"])
    print(f"{dataset} {kind} {seed}: {accuracy:.4f} in {seconds:.1f} s", file=sys.stderr)
    return Run(accuracy, seconds)


def _model(
    kind: str, shape: tuple[int, int, int], classes: int, chosen: Mapping[str, Any]
) -> tuple[Any, Any]:
    from lib.cnn.cnn_models import SmallConvolutionalNetwork
    from lib.mlp.fully_conn import TinyNet
    from lib.optim import SGD, Adam

    if kind == "mlp":
        model = TinyNet(int(np.prod(shape)), chosen["hidden_dim"], classes)
        return model, SGD(model.net, chosen["rate"])
    model = SmallConvolutionalNetwork(shape, classes)
    return model, Adam(model.net, chosen["rate"])


def _report(dataset: str, kind: str, runs: list[Run]) -> float:
    accuracies = [run.accuracy for run in runs]
    goal = threshold(accuracies)
    figures = (min(accuracies), mean(accuracies), stdev(accuracies), max(accuracies))
    shown = [f"{figure:.4f}" for figure in figures]
    slowest = f"{max(run.seconds for run in runs):.1f}"
    print(LINE.format(dataset, kind, len(runs), *shown, slowest, f"{goal:.3f}"))
    return goal


def _write_thresholds(assignment: Assignment, dataset: str, goals: Mapping[str, float]) -> None:
    path = assignment.source / "assignment.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    start = lines.index(f"[thresholds.{dataset}]") + 1
    for number in range(start, len(lines)):
        name = lines[number].partition(" = ")[0]
        if lines[number].startswith("["):
            break
        if name in goals:
            lines[number] = f"{name} = {goals[name]}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _compare_speed(steps: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((100, 32, 32, 3)).astype(np.float32)
    y = rng.integers(20, size=100)
    ours = {"mlp": _our_mlp(x, y), "cnn": _our_cnn(x, y)}
    try:
        theirs = _torch_steps(x, y)
    except ImportError:
        print("PyTorch is not installed; times of the reference alone.")
        theirs = {}
    print(f"{THREADS} thread(s), {steps} steps, milliseconds of one step (median)")
    for kind, step in ours.items():
        pair = [step, *([theirs[kind]] if kind in theirs else [])]
        times = [1000 * seconds for seconds in _alternate(pair, steps)]
        ratio = f", PyTorch {times[1]:.1f}, ratio {times[0] / times[1]:.2f}" if theirs else ""
        print(f"{kind}: reference {times[0]:.1f}{ratio}")


def _our_mlp(x: Any, y: Any) -> Callable[[], object]:
    from lib.mlp.fully_conn import TinyNet
    from lib.optim import SGD

    model = TinyNet(3072, 300, 20)
    return _our_step(model, SGD(model.net, 0.01), x, y)


def _our_cnn(x: Any, y: Any) -> Callable[[], object]:
    from lib.cnn.cnn_models import SmallConvolutionalNetwork
    from lib.optim import Adam

    model = SmallConvolutionalNetwork((32, 32, 3), 20)
    return _our_step(model, Adam(model.net, 1e-3), x, y)


def _our_step(model: Any, optimizer: Any, x: Any, y: Any) -> Callable[[], object]:
    from lib.mlp.layer_utils import cross_entropy

    loss = cross_entropy()

    def step() -> None:
        loss.forward(model.forward(x, True), y)
        model.backward(loss.backward())
        optimizer.step()

    return step


def _torch_steps(x: Any, y: Any) -> dict[str, Callable[[], object]]:
    """The same two networks. Raises ImportError."""
    import torch
    from torch import nn

    torch.set_num_threads(THREADS)
    mlp = nn.Sequential(
        nn.Flatten(), nn.Linear(3072, 300), nn.GELU(approximate="tanh"), nn.Linear(300, 20)
    )
    cnn = nn.Sequential(
        nn.Conv2d(3, 16, 5, padding=2),
        nn.GELU(approximate="tanh"),
        nn.MaxPool2d(4),
        nn.Flatten(),
        nn.Linear(16 * 8 * 8, 20),
    )
    images, labels = torch.tensor(x), torch.tensor(y)
    planes = images.permute(0, 3, 1, 2).contiguous()

    def step_of(net: Any, optimizer: Any, batch: Any) -> Callable[[], object]:
        criterion = nn.CrossEntropyLoss()

        def step() -> None:
            optimizer.zero_grad()
            criterion(net(batch), labels).backward()
            optimizer.step()

        return step

    return {
        "mlp": step_of(mlp, torch.optim.SGD(mlp.parameters(), 0.01), images),
        "cnn": step_of(cnn, torch.optim.Adam(cnn.parameters(), 1e-3), planes),
    }


def _alternate(steps: list[Callable[[], object]], count: int) -> list[float]:
    """The median seconds of each, after a few that are not counted."""
    clock = time.process_time if THREADS == 1 else time.perf_counter
    times: list[list[float]] = [[] for _ in steps]
    for number in range(count + 5):
        for index, step in enumerate(steps):
            start = clock()
            step()
            if number >= 5:
                times[index].append(clock() - start)
    return [median(of) for of in times]


if __name__ == "__main__":
    main()
