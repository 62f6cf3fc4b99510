"""Hidden test of the search for a depth: what it reports, held against the networks it returns.

The images, their labels and all settings are the judge's, and small; accuracies are computed here
from the parameters of the returned networks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.judging.arrays import as_array, as_arrays, as_number
from autograder.judging.check import Finding, check, on
from autograder.sandbox.remote import Remote, Student, describe, fetch

from .formulas import scores

Array = np.ndarray[Any, np.dtype[Any]]
Generator = np.random.Generator

FEATURES, CLASSES = 10, 4
SETTINGS = {"weight_scale": 0.4, "learning_rate": 0.3, "batch_size": 16, "num_epochs": 5}
OTHERS = {"weight_scale": 0.3, "learning_rate": 0.2, "batch_size": 8}
WRONG_LABELS = 0.25  # of the validation images, so that no accuracy there is that of training
LEARNED = 0.7  # share of training images; at least one depth reaches more than 0.9
# Two searches are enough, and more are made while all depths end with the same accuracy.
ENOUGH = 2
SEARCHES = (((1, 2, 3, 4), 12), ((1, 3), 9), ((2, 4), 7), ((1, 2, 3), 8), ((4, 2, 1), 10))
RULE = "For each depth, report the validation accuracies of its own solver's val_acc_history."


@dataclass(frozen=True, kw_only=True)
class Depth:
    """One of the compared networks: what was reported, and what its parameters do."""

    depth: int
    reported: float
    validation: float
    training: float


@check("search_depth", points=3, needs=("fc_net_loss", "sgd"), bonus=True)
def search_depth(student: Student, rng: Generator) -> None:
    """search_depth trains one network of each depth and finds the best by validation."""
    for number, (depths, hidden_dim) in enumerate(SEARCHES, start=1):
        data = _clusters(rng)
        function = student.notebook("training_deep_nets").search_depth
        answer = function(dict(data), hidden_dim, dict(SETTINGS), depths=depths, seed=3)
        if describe(answer) == "None":
            raise Finding("`search_depth` returns None.", "Is a `return` missing?")
        best, models, history = answer
        with on(f"depths={depths}"):
            _expect_keys("models", models, depths)
            _expect_keys("history", history, depths)
            found = [
                _examined(depth, models[depth], history[depth], hidden_dim, data)
                for depth in depths
            ]
            _expect_learned(found)
            _expect_best(best, found)
        if number >= ENOUGH and len({one.reported for one in found}) > 1:
            break
    _expect_settings_used(student, rng)


def _expect_settings_used(student: Student, rng: Generator) -> None:
    """Require another result where a setting is another.

    The epochs are left out: whoever keeps the best ones may have the same after more.
    """
    data, base = _clusters(rng), {**SETTINGS, "num_epochs": 2}
    function = student.notebook("training_deep_nets").search_depth

    def result(settings: Mapping[str, float]) -> tuple[Array, Array]:
        _, models, history = function(dict(data), 6, dict(settings), depths=(2,), seed=5)
        tried = fetch(history)
        if not isinstance(tried, dict) or set(tried) != {2}:
            raise Finding(f"With depths=(2,), `history` is of {describe(history)}, expected one.")
        return as_array("history[2]", history[2]), as_arrays("params", models[2].params)["W1"]

    first = result(base)
    for name, other in OTHERS.items():
        if _equal(first, result({**base, name: other})):
            raise Finding(f"`settings[{name!r}]` changes nothing.", "Is it passed on?", named=True)


def _equal(one: tuple[Array, Array], other: tuple[Array, Array]) -> bool:
    return all(map(np.array_equal, one, other))


def _clusters(rng: Generator) -> dict[str, Array]:
    """Clusters that overlap, so that depths differ; many of the validation labels are wrong."""
    centres = 1.3 * rng.standard_normal((CLASSES, FEATURES))
    data: dict[str, Array] = {}
    for part, count in (("train", 96), ("val", 61)):
        labels = rng.integers(CLASSES, size=count)
        data[f"X_{part}"] = centres[labels] + rng.standard_normal((count, FEATURES))
        data[f"y_{part}"] = labels
    wrong = rng.random(61) < WRONG_LABELS
    data["y_val"] = np.where(wrong, (data["y_val"] + 1) % CLASSES, data["y_val"])
    return data


def _expect_keys(name: str, got: Remote, depths: tuple[int, ...]) -> None:
    if not describe(got).startswith("dict"):
        raise Finding(f"`{name}` is {describe(got)}, expected a dictionary with a key per depth.")
    missing = [depth for depth in depths if describe(got.get(depth)) == "None"]
    if missing:
        raise Finding(
            f"`{name}` has no entry {missing[0]}.",
            "There is one entry for each number of hidden layers in `depths`.",
        )


def _examined(
    depth: int, model: Remote, history: Remote, hidden_dim: int, data: Mapping[str, Array]
) -> Depth:
    params = as_arrays("params", model.params)
    _expect_layers(depth, params, hidden_dim)
    plain = {n: v.reshape(-1) if n.startswith("b") else v for n, v in params.items()}
    reached = {
        part: float(np.mean(scores(plain, data[f"X_{part}"]).argmax(axis=1) == data[f"y_{part}"]))
        for part in ("train", "val")
    }
    accuracies = as_array(f"history[{depth}]", history).reshape(-1)
    if not accuracies.size:
        raise Finding(f"`history[{depth}]` is empty.", RULE)
    found = Depth(
        depth=depth,
        reported=float(accuracies.max()),
        validation=reached["val"],
        training=reached["train"],
    )
    _expect_honest(found, rows=len(data["y_val"]))
    return found


def _expect_layers(depth: int, params: Mapping[str, Array], hidden_dim: int) -> None:
    weights = sum(name.startswith("W") for name in params)
    if weights == depth:
        raise Finding(
            f"The network of depth {depth} has {depth - 1} hidden layers.",
            "The depth counts hidden layers; the layer of the scores comes on top.",
            named=True,
        )
    if weights != depth + 1:
        raise Finding(f"The network of depth {depth} has {weights - 1} hidden layers.")
    for layer in range(1, depth + 1):
        units = params[f"W{layer}"].shape[-1]
        if units != hidden_dim:
            raise Finding(
                f"Hidden layer {layer} of depth {depth} has {units} units, expected {hidden_dim}.",
                "Every hidden layer has `hidden_dim` units.",
            )


def _expect_honest(found: Depth, *, rows: int) -> None:
    margin = 1.5 / rows  # one image may fall on the other side in float32
    if abs(found.reported - found.validation) <= margin:
        return
    if abs(found.reported - found.training) <= margin:
        raise Finding(
            f"`history[{found.depth}]` has the accuracies on the training images.",
            "Depths are compared on images that no network was trained on.",
            named=True,
        )
    raise Finding(
        f"The best accuracy in `history[{found.depth}]` is {found.reported:.3f}, and the returned "
        f"network of this depth reaches {found.validation:.3f} on the validation images.",
        RULE,
    )


def _expect_learned(found: list[Depth]) -> None:
    most = max(one.training for one in found)
    if most < LEARNED:
        raise Finding(
            f"The best of the networks is right on {most:.0%} of the images that they were "
            "trained on.",
            "Are they trained with all of `settings`, and are the trained networks returned?",
        )


def _expect_best(best: object, found: list[Depth]) -> None:
    chosen = as_number("best", best)
    top = max(one.reported for one in found)
    right = [one.depth for one in found if one.reported == top]
    if chosen in right:
        return
    listed = ", ".join(f"{one.depth}: {one.reported:.3f}" for one in found)
    said = f"`best` is {chosen:g}; the validation accuracies are {listed}."
    most = max(one.training for one in found)
    if [chosen] == [one.depth for one in found if one.training == most]:
        raise Finding(
            f"{said} Of depth {chosen:g} most training images are right.",
            "The validation images decide: no network was trained on them.",
        )
    if chosen == min(found, key=lambda one: one.reported).depth:
        raise Finding(f"{said} That is the lowest.", "The best depth has the highest one.")
    raise Finding(said, "The best depth has the highest accuracy in its history.")
