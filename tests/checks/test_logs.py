"""Logs of a student's own training: read where settings failed, and worth no point."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograder.assignment import load_assignment
from autograder.authoring import read_assignment, reference_files
from autograder.course import shipped_course
from autograder.grading.failures import log_failure
from autograder.grading.loading import read_release
from autograder.grading.one import Grader
from autograder.grading.runs import GradingCase
from autograder.grading.seeds import Draws
from autograder.judging.check import check_modules, load_checks
from autograder.results import CheckResult, Status
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

NETS = read_assignment("fully_connected_nets", shipped_course())
NOTEBOOK, PART = "fully_connected_nets.ipynb", "overfit_three_layers"
RIGHT = 'three_layers = {\\"weight_scale\\": 0.15'
TOO_SMALL = 'three_layers = {\\"weight_scale\\": 0.001'
LOSSES, REACHED = (2.303, 1.25, 0.004), (0.1, 0.75, 1.0)
FROM_ALL = "Are the settings at the edge of the range that works?"


def npz(**histories: object) -> bytes:
    file = io.BytesIO()
    np.savez(file, **histories)
    return file.getvalue()


def npy(history: object) -> bytes:
    file = io.BytesIO()
    np.save(file, np.asarray(history))
    return file.getvalue()


def csv(**columns: object) -> bytes:
    rows = zip(*columns.values(), strict=True)  # type: ignore[call-overload]
    return "\n".join(",".join(map(str, row)) for row in (columns, *rows)).encode()


def logs_room() -> Any:
    """The module of the hidden tests that reads logs."""
    name = check_modules(NETS)[0].__name__.rpartition(".")[0]
    return sys.modules[f"{name}.logs"]


def judged(logs: Mapping[str, bytes], *, settings: str = TOO_SMALL) -> CheckResult:
    """The check of three layers on the solution with other settings, and with logs beside it."""
    files = reference_files(NETS)
    text = files[NOTEBOOK].decode()
    assert text.count(RIGHT) == 1
    files |= {NOTEBOOK: text.replace(RIGHT, settings).encode(), **logs}
    case = GradingCase(
        assignment=NETS,
        submission=Submission(student="ada", files=files),
        release=read_release(load_assignment(NETS.slug, NETS.course)),
        level=get_level("process"),
        limits=Limits(),
        draws=Draws(seed=7, student="ada"),
        end=time.monotonic() + 200,
        failed=log_failure,
    )
    return Grader(case, {PART: replace(load_checks(NETS)[PART], needs=())}).grade()[0]


def said(logs: Mapping[str, bytes]) -> str:
    result = judged(logs)
    assert result.status is Status.FAILED
    assert result.score == 0
    assert "The loss hardly falls" in result.help
    return result.help


@pytest.mark.parametrize(
    "logs",
    [
        {},
        {f"logs/{PART}.npz": b"no zip at all"},
        {f"logs/{PART}.npz": npz(loss_history=[2.0, 9.0], train_acc_history=[0.1, 0.1])},
        {f"logs/{PART}.csv": b"loss\nnan\n"},
        {f"logs/{PART}.json": b'{"seconds": []}'},
    ],
    ids=["none", "damaged", "rising", "not finite", "empty"],
)
def test_no_log_costs_right_settings_a_point(logs: Mapping[str, bytes]) -> None:
    result = judged(logs, settings=RIGHT)
    assert (result.status, result.score) == (Status.PASSED, result.max_score)


@pytest.mark.parametrize(
    "logs",
    [
        {f"logs/{PART}.npz": npz(loss_history=LOSSES, train_acc_history=REACHED, val_acc=[0])},
        {f"logs/{PART}.npz": npz(Loss=np.float32(LOSSES)[:, None], train_acc=np.float32(REACHED))},
        {f"logs/{PART}.json": json.dumps({"losses": LOSSES, "train accuracy": REACHED}).encode()},
        {f"logs/{PART}.csv": csv(step=(0, 1, 2), loss=LOSSES, train_accuracy=(10, 75, 100))},
        {f"mine/{PART}.npz": npz(loss_history=LOSSES, train_acc_history=REACHED)},
    ],
    ids=["as the notebook", "float32 columns", "JSON", "CSV in per cent", "other folder"],
)  # fmt: skip
def test_a_training_that_got_there_is_recognised_in_every_form(logs: Mapping[str, bytes]) -> None:
    help = said(logs)
    assert "the loss goes from 2.3 to 0.004, and the training accuracy reaches 100%" in help
    assert "from none of 3 random initialisations" in help
    assert help.endswith(FROM_ALL)


def test_a_training_that_did_not_get_there_is_told_apart() -> None:
    log = npz(loss_history=[2.303, 2.301], train_acc_history=[0.1, 0.14])
    help = said({f"logs/{PART}.npz": log})
    assert help.endswith("the training accuracy reaches 14%: too low there, too.")
    result = judged({f"logs/{PART}.npz": log})
    drawn = result.exhibit
    assert drawn is not None
    assert drawn.curve is not None
    assert drawn.curve.name == "loss_history"
    assert drawn.accuracies is not None
    assert drawn.accuracies.values == (0.1, 0.14)
    assert drawn.accuracies.name == f"training accuracy in logs/{PART}.npz"


def test_losses_alone_are_enough() -> None:
    for logs in ({f"logs/{PART}.npy": npy(LOSSES)}, {f"logs/{PART}.json": b"[2.303, 0.004]"}):
        assert said(logs).endswith("the loss goes from 2.3 to 0.004.")


def test_a_log_of_other_settings_is_asked_about() -> None:
    help = said({f"logs/{PART}.npz": npz(loss_history=[31.0, 0.1], train_acc_history=[0.1, 1.0])})
    assert "the loss goes from 31 to 0.1, and here it begins at 2.3" in help
    assert help.endswith("Have you changed the settings since, or the data set?")
    assert FROM_ALL not in help


@pytest.mark.parametrize(
    ("logs", "says"),
    [
        ({}, f"No log of your own training was handed in: run the cell after your settings, which "
             f"writes `logs/{PART}.npz`, and the hand-in cell will pack it."),
        ({f"logs/{PART}.npz": b"no zip at all"}, f"logs/{PART}.npz"),
        ({f"logs/{PART}.json": b'{"seconds": 4, "epochs": 2}'}, "holds no history of the loss."),
        ({f"logs/{PART}.json": b'{"loss": []}'}, "holds no history of the loss."),
    ],
    ids=["none", "damaged", "no loss", "empty"],
)  # fmt: skip
def test_what_is_missing_is_said(logs: Mapping[str, bytes], says: str) -> None:
    assert says in said(logs)


@pytest.mark.parametrize("scale", [0.001, 0.15, 1.0, 10.0])
@pytest.mark.parametrize("hidden", [2, 4])
def test_first_losses_of_one_scale_are_near_each_other(scale: float, hidden: int) -> None:
    """The bound by which a log of other settings is told: 200 right trainings stay within it."""
    rng = np.random.default_rng(0)
    sizes = (784, *[100] * hidden, 10)
    firsts = []
    for _ in range(200):
        rows, labels = rng.standard_normal((25, 784)), rng.integers(10, size=25)
        for number, (inputs, outputs) in enumerate(pairwise(sizes), start=1):
            rows = rows @ (scale * rng.standard_normal((inputs, outputs)))
            rows = np.maximum(rows, 0) if number < len(sizes) - 1 else rows
        rows = rows - rows.max(axis=1, keepdims=True)
        each = np.log(np.exp(rows).sum(axis=1)) - rows[np.arange(25), labels]
        firsts.append(float(each.mean()))
    assert all(logs_room()._near(one, other) for one, other in pairwise(firsts))
