"""Measures settings that a student would choose: how often do those that pass in the notebook fail?

    python benchmarks/student_settings.py --seeds 20
    python benchmarks/student_settings.py fully_connected_nets --data digits shapes --seeds 100

Each seed stands for one student. The first training is what the notebook shows, on its own
images with other weights for each seed; the second is what the hidden test does, on images drawn
anew. A row has the accuracies of both, how many pass the notebook's goal, how many of those the
graded one, and of ten thousand students with these settings how many would fail the graded goal, if
accuracies are normal.
"""

# ruff: noqa: E402 - the number of threads is set before NumPy is imported

from __future__ import annotations

import os

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"  # the worker has one, too

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import NormalDist, mean, stdev
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files
from autograder.judging.check import check_modules
from autograder.judging.images import draw_images

LINE = "{:10} {:34} {:>6} {:>6} {:>6} {:>6} {:>6} {:>7} {:>7} {:>9} {:>6}"
HEAD = ("data", "settings", "seen", "sd", "new", "sd", "least", "passed", "of them", "per 10,000",
        "CPU s")  # fmt: skip

# Learning rate, decay of it, batch size, epochs, hidden units, weight scale, regularisation.
TWO_LAYERS: dict[str, dict[str, Any]] = {
    "the course's: 1e-3, small batches": {"lr": 1e-3, "batch": 5, "epochs": 75, "hidden": 50},
    "1e-3, batches of 10, long": {"lr": 1e-3, "batch": 10, "epochs": 150, "hidden": 50},
    "1e-2, batches of 50, long": {"lr": 1e-2, "batch": 50, "epochs": 75, "hidden": 50},
    "1e-2, batches of 20, 100 units": {"lr": 1e-2, "batch": 20, "epochs": 40, "hidden": 100},
    "0.05, decay 0.95, 50 units": {"lr": 0.05, "decay": 0.95, "epochs": 20, "hidden": 50},
    "0.1, batches of 100, regularised": {"lr": 0.1, "batch": 100, "epochs": 20, "reg": 1e-2},
    "0.2, decay 0.9": {"lr": 0.2, "decay": 0.9, "epochs": 10},
    "1.0, decay 0.8": {"lr": 1.0, "decay": 0.8, "epochs": 10},
}
TINY: dict[str, dict[str, Any]] = {
    "0.1, no decay": {"lr": 0.1, "epochs": 20, "hidden": 100},
    "0.03, longer": {"lr": 0.03, "epochs": 40, "hidden": 100},
    "0.1, 50 units": {"lr": 0.1, "epochs": 30, "hidden": 50},
    "0.1, 300 units": {"lr": 0.1, "epochs": 15, "hidden": 300},
    "0.05, batches of 20": {"lr": 0.05, "batch": 20, "epochs": 15, "hidden": 100},
}
CONVNET: dict[str, dict[str, Any]] = {
    "Adam 1e-3": {"optimizer": "Adam", "lr": 1e-3, "epochs": 15},
    "Adam 3e-3, no decay": {"optimizer": "Adam", "lr": 3e-3, "epochs": 10},
    "Adam 1e-2, decay": {"optimizer": "Adam", "lr": 1e-2, "epochs": 8, "decay": 0.8},
    "SGD 0.1": {"optimizer": "SGD", "lr": 0.1, "epochs": 20},
}


class Shown(NamedTuple):
    """The accuracy in a notebook and that of the hidden test, and the CPU seconds of the second."""

    seen: float
    new: float
    seconds: float


Student = Callable[[Mapping[str, Any], int], Shown]


def main() -> None:
    """Measure what was asked for, and print a row for each kind of settings."""
    options = _options()
    print(LINE.format(*HEAD))
    if "fully_connected_nets" in options.slugs:
        for data in options.data or ("mnist8k", "digits"):
            _measure_tuning(data, options.seeds)
    if "modular_nets" in options.slugs:
        _measure_modular("mlp", TINY, options.seeds)
        _measure_modular("cnn", CONVNET, options.seeds)


def _measure_tuning(data: str, seeds: int) -> None:
    assignment = load_assignment("fully_connected_nets")
    goals, counts = assignment.thresholds[data], assignment.training[data]["images"]
    with TemporaryDirectory() as folder:
        _lay_out(assignment, Path(folder))
        from nn.classifiers.fc_net import TwoLayerNet
        from nn.solver import Solver

        def once(images: Mapping[str, Any], chosen: Mapping[str, Any], seed: int) -> Any:
            np.random.seed(seed)
            model = TwoLayerNet(
                images["X_train"][0].size,
                chosen.get("hidden", 200),
                int(images["y_train"].max()) + 1,
                weight_scale=1e-2,
                reg=chosen.get("reg", 0.0),
            )
            solver = Solver(
                model,
                images,
                optim_config={"learning_rate": chosen["lr"]},
                lr_decay=chosen.get("decay", 1.0),
                batch_size=chosen.get("batch", 50),
                num_epochs=chosen["epochs"],
                verbose=False,
                seed=seed,
            )
            solver.train()
            return model

        def student(chosen: Mapping[str, Any], seed: int) -> Shown:
            given = draw_images(data, counts, np.random.default_rng(1))
            model = once(given, chosen, seed)
            seen = _right(model.loss(given["X_val"]), given["y_val"])
            drawn = draw_images(data, counts, np.random.default_rng(1000 + seed))
            begun = time.process_time()
            model = once(drawn, chosen, 1000 + seed)
            spent = time.process_time() - begun
            return Shown(seen, _right(model.loss(drawn["X_test"]), drawn["y_test"]), spent)

        _print_rows(data, TWO_LAYERS, student, goals["tuned"], goals["tuned_graded"], seeds)


def _measure_modular(kind: str, sets: Mapping[str, Any], seeds: int) -> None:
    assignment = load_assignment("modular_nets")
    data = "shapes"
    goals, counts = assignment.thresholds[data], assignment.training[data][kind]["images"]
    modules = {module.__name__.rpartition(".")[2]: module for module in check_modules(assignment)}
    draw = sys.modules[f"{modules['models'].__package__}.pictures"].draw_pictures
    with TemporaryDirectory() as folder:
        _lay_out(assignment, Path(folder))
        from lib.cnn.cnn_models import SmallConvolutionalNetwork
        from lib.mlp.fully_conn import TinyNet
        from lib.mlp.layer_utils import cross_entropy
        from lib.mlp.train import train_net
        from lib.optim import SGD, Adam

        def once(images: Any, chosen: Mapping[str, Any], seed: int) -> Any:
            np.random.seed(seed)
            if kind == "mlp":
                model = TinyNet(images.inputs, chosen["hidden"], images.classes)
            else:
                model = SmallConvolutionalNetwork(images.shape, images.classes)
            optimiser = Adam if chosen.get("optimizer") == "Adam" else SGD
            train_net(
                {"data_train": images.train, "data_val": images.val},
                model,
                cross_entropy(),
                optimiser(model.net, chosen["lr"]),
                chosen.get("batch", 50),
                chosen["epochs"],
                lr_decay=chosen.get("decay", 1.0),
                lr_decay_every=80,
                verbose=False,
            )
            return model

        def student(chosen: Mapping[str, Any], seed: int) -> Shown:
            given = draw(data, counts, np.random.default_rng(1))
            model = once(given, chosen, seed)
            unseen = [np.concatenate(pair) for pair in zip(given.val, given.test, strict=True)]
            seen = _right(model.forward(unseen[0], False), unseen[1])
            drawn = draw(data, counts, np.random.default_rng(1000 + seed))
            begun = time.process_time()
            model = once(drawn, chosen, 1000 + seed)
            spent = time.process_time() - begun
            return Shown(seen, _right(model.forward(drawn.test[0], False), drawn.test[1]), spent)

        _print_rows(f"{data} {kind}", sets, student, goals[kind], goals[f"{kind}_graded"], seeds)


def _lay_out(assignment: Assignment, folder: Path) -> None:
    """Let Python import the solved submission."""
    for path, content in reference_files(assignment).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    sys.path.insert(0, str(folder))


def _right(scores: Any, labels: Any) -> float:
    return float(np.mean(np.argmax(scores, axis=1) == labels))


def _print_rows(
    data: str,
    sets: Mapping[str, Mapping[str, Any]],
    student: Student,
    goal: float,
    graded: float,
    seeds: int,
) -> None:
    for name, chosen in sets.items():
        with np.errstate(all="ignore"):
            shown = [student(chosen, seed) for seed in range(seeds)]
        seen, new = [one.seen for one in shown], [one.new for one in shown]
        passed = [one for one in shown if one.seen >= goal]
        kept = sum(one.new >= graded for one in passed)
        failing = NormalDist(mean(new), stdev(new) or 1e-9).cdf(graded)
        print(
            LINE.format(
                data,
                name,
                f"{mean(seen):.3f}",
                f"{stdev(seen):.3f}",
                f"{mean(new):.3f}",
                f"{stdev(new):.3f}",
                f"{min(new):.3f}",
                f"{len(passed)}/{seeds}",
                f"{kept}/{len(passed)}",
                f"{10_000 * failing:.2g}",
                f"{mean(one.seconds for one in shown):.1f}",
            ),
            flush=True,
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("slugs", nargs="*", default=["fully_connected_nets", "modular_nets"])
    parser.add_argument("--data", nargs="*", help="of fully_connected_nets; mnist8k and digits")
    parser.add_argument("--seeds", type=int, default=20, help="students with each settings")
    return parser.parse_args()


if __name__ == "__main__":
    main()
