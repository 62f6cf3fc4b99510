"""Measures what the reference reaches by chance, and sets the thresholds of an assignment by it.

    python benchmarks/calibrate.py --seeds 100 --write mnist8k
    python benchmarks/calibrate.py --seeds 12 --write digits shapes mnist cifar10

Trains the reference of `fully_connected_nets` as the hidden tests do, with other images, weights
and batches for every seed, on each data set that is there. MNIST and CIFAR-10 are there when
AUTOGRADER_DATA names a folder that has them.

A threshold is the largest whole half per cent that is at most the worst accuracy seen, and at most

    mean - k * sd,

where k is the one-sided normal tolerance factor: with 95 % confidence at least 99.9 % of all right
solutions lie above. k is 3.09 for an sd that is known; here it is larger, 5.2 for ten seeds,
because mean and sd are only estimated (Natrella, Experimental Statistics, 1963, section 2-5).
"""

# ruff: noqa: E402 - the number of threads is set before NumPy is imported

from __future__ import annotations

import os

for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"  # the worker has one, too

import argparse
import contextlib
import io
import json
import math
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import NormalDist, mean, stdev
from typing import Any, NamedTuple

import numpy as np

from autograder.assignment import Assignment, load_assignment
from autograder.authoring import reference_files
from autograder.judging.training import graded_goal

SLUG = "fully_connected_nets"
NAMES = ["mnist8k", "digits", "shapes", "mnist", "cifar10"]
PASSES = 0.999
CONFIDENCE = 0.95
STEP = 0.005
LINE = "{:9} {:14} {:>5} {:>7} {:>7} {:>7} {:>7} {:>8} {:>9}"


class Run(NamedTuple):
    """One training: the share of images that are right, and how long it took."""

    accuracy: float
    seconds: float


def main() -> None:
    """Measure each data set, print a table, and write the thresholds if asked."""
    options = _options()
    assignment = load_assignment(SLUG)
    print(LINE.format("data", "training", "seeds", "min", "mean", "sd", "max", "seconds", "goal"))
    with tempfile.TemporaryDirectory() as folder:
        _write_reference(assignment, Path(folder))
        for name in options.datasets:
            try:
                lesson = _run_lesson(Path(folder), name)
            except FileNotFoundError as missing:
                print(f"{name}: left out, {missing}")
                continue
            goals = dict(_measure(assignment, lesson, name, options.seeds))
            if options.write:
                _write_thresholds(assignment, name, goals)


def tolerance_factor(count: int) -> float:
    """How many estimated standard deviations below the mean a share `PASSES` is still above."""
    z, c = NormalDist().inv_cdf(PASSES), NormalDist().inv_cdf(CONFIDENCE)
    a, b = 1 - c * c / (2 * (count - 1)), z * z - c * c / count
    return (z + math.sqrt(z * z - a * b)) / a


def threshold(accuracies: list[float]) -> float:
    """An accuracy that a right solution reaches with probability `PASSES` or more."""
    bound = mean(accuracies) - tolerance_factor(len(accuracies)) * stdev(accuracies)
    return round(math.floor(min(bound, *accuracies) / STEP + 1e-9) * STEP, 3)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("datasets", nargs="*", default=NAMES)
    parser.add_argument("--seeds", type=int, default=12, help="at least 10 for thresholds")
    parser.add_argument("--write", action="store_true", help="write into assignment.toml")
    return parser.parse_args()


def _write_reference(assignment: Assignment, folder: Path) -> None:
    for path, content in reference_files(assignment).items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _run_lesson(folder: Path, dataset: str) -> dict[str, Any]:
    """The names that the solved notebook defines, without its demonstrations and checks."""
    sys.path.insert(0, str(folder))
    os.environ["MPLBACKEND"] = "agg"
    names: dict[str, Any] = {}
    here = Path.cwd()
    os.chdir(folder)
    try:
        for source in _plain_cells(folder / f"{SLUG}.ipynb"):
            chosen = re.sub(r'^DATASET = ".*"$', f'DATASET = "{dataset}"', source, flags=re.M)
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(chosen, SLUG, "exec"), names)
    finally:
        os.chdir(here)
    return names


def _plain_cells(notebook: Path) -> Iterator[str]:
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        metadata = cell["metadata"]
        graded = metadata.get("nbgrader", {}).get("grade", False)
        demo = metadata.get("autograder", {}).get("demo", False)
        if cell["cell_type"] == "code" and not graded and not demo:
            yield re.sub(r"^%.*$", "", "".join(cell["source"]), flags=re.M)


def _measure(
    assignment: Assignment, lesson: dict[str, Any], name: str, seeds: int
) -> Iterator[tuple[str, float]]:
    """Print a line for each kind of training; give the thresholds of those that have one."""
    settings = assignment.training[name]
    runs: dict[str, list[Run]] = {}
    for seed in range(seeds):
        data = lesson["load_data"](name, **settings["images"], seed=1000 + seed)
        for kind, train in _trainings(lesson, settings).items():
            start = time.perf_counter()
            np.random.seed(seed)
            with np.errstate(all="ignore"):
                accuracy = train(data, seed)
            runs.setdefault(kind, []).append(Run(accuracy, time.perf_counter() - start))
            print(f"{name} {kind} {seed}: {accuracy:.4f}", file=sys.stderr)
    for kind, of_kind in runs.items():
        accuracies = [run.accuracy for run in of_kind]
        goal = threshold(accuracies) if kind in ("two_layer", "tuned") else None
        figures = (min(accuracies), mean(accuracies), stdev(accuracies), max(accuracies))
        shown = [f"{figure:.4f}" for figure in figures]
        seconds = f"{mean(run.seconds for run in of_kind):.1f}"
        print(LINE.format(name, kind, seeds, *shown, seconds, goal or ""), flush=True)
        if goal is not None:
            yield kind, goal
        if goal is not None and kind == "tuned":
            yield "tuned_graded", _graded(goal, accuracies, settings["images"])


def _graded(goal: float, accuracies: list[float], images: dict[str, int]) -> float:
    """What the hidden test asks for; the spread beside that of the images is at least 0.1 %."""
    chance = mean(accuracies) * (1 - mean(accuracies)) / images["num_test"]
    spread = math.sqrt(max(stdev(accuracies) ** 2 - chance, 1e-6))
    return graded_goal(goal, seen=images["num_val"], unseen=images["num_test"], spread=spread)


def _trainings(
    lesson: dict[str, Any], settings: dict[str, Any]
) -> dict[str, Callable[[dict[str, Any], int], float]]:
    fixed, few = settings["two_layer"], settings["overfit"]
    return {
        "two_layer": lambda data, seed: _two_layer(lesson, fixed, data, seed),
        "tuned": lambda data, seed: _right(lesson["train_best_model"](data, seed=seed), data),
        "overfit_three": lambda data, seed: _overfit(lesson, few, "three_layers", 2, data, seed),
        "overfit_five": lambda data, seed: _overfit(lesson, few, "five_layers", 4, data, seed),
    }


def _two_layer(
    lesson: dict[str, Any], fixed: dict[str, Any], data: dict[str, Any], seed: int
) -> float:
    """The network with fixed settings, on images that it was not trained on."""
    model = lesson["TwoLayerNet"](
        data["X_train"][0].size,
        fixed["hidden_dim"],
        int(data["y_train"].max()) + 1,
        fixed["weight_scale"],
    )
    _solve(lesson, model, data, fixed, seed)
    return _right(model, data)


def _overfit(
    lesson: dict[str, Any],
    fixed: dict[str, Any],
    answer: str,
    hidden_layers: int,
    data: dict[str, Any],
    seed: int,
) -> float:
    """The share of the few training images on which the reference's settings are right."""
    X, y = data["X_train"][: fixed["num_images"]], data["y_train"][: fixed["num_images"]]
    model = lesson["FullyConnectedNet"](
        [fixed["hidden_dim"]] * hidden_layers,
        input_dim=X[0].size,
        num_classes=int(data["y_train"].max()) + 1,
        weight_scale=lesson[answer]["weight_scale"],
        dtype=np.float64,
    )
    few = {"X_train": X, "y_train": y, "X_val": X, "y_val": y}
    solver = _solve(lesson, model, few, {**fixed, **lesson[answer]}, seed)
    return float(solver.best_val_acc)


def _solve(
    lesson: dict[str, Any], model: Any, data: dict[str, Any], settings: dict[str, Any], seed: int
) -> Any:
    solver = lesson["Solver"](
        model,
        data,
        optim_config={"learning_rate": settings["learning_rate"]},
        lr_decay=settings.get("lr_decay", 1.0),
        batch_size=settings["batch_size"],
        num_epochs=settings["num_epochs"],
        verbose=False,
        seed=seed,
    )
    solver.train()
    return solver


def _right(model: Any, data: dict[str, Any]) -> float:
    return float(np.mean(np.argmax(model.loss(data["X_test"]), axis=1) == data["y_test"]))


def _write_thresholds(assignment: Assignment, name: str, goals: dict[str, float]) -> None:
    """Put the section ``[thresholds.<name>]`` into the settings, in place of what was there."""
    path = assignment.source / "assignment.toml"
    section = f"[thresholds.{name}]\n" + "".join(f"{k} = {v}\n" for k, v in goals.items())
    text = path.read_text(encoding="utf-8")
    old = re.compile(rf"^\[thresholds\.{name}\]\n(?:\w.*\n)*", flags=re.M)
    found = old.search(text)
    text = old.sub(section, text) if found else f"{text.rstrip()}\n\n{section}"
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
