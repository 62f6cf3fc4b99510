"""Hidden tests of `mnist_numpy`: right formulas, the rubric's points, and what students are told.

The checks run in this process here, on the reference with a line changed; that they hold through
the sandbox is what `autograder verify` proves.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.authoring import load_mutants, load_variants, read_assignment, reference_files
from autograder.checks import mnist_numpy
from autograder.checks.mnist_numpy import formulas
from autograder.checks.mnist_numpy.repeated import Repeated, distance
from autograder.course import shipped_course
from autograder.judging.check import Finding, load_checks
from autograder.judging.handed_in import HandedIn

ASSIGNMENT = read_assignment("mnist_numpy", shipped_course())
CHECKS = load_checks(ASSIGNMENT)
NETWORK, TRAINING = "mnist_net/network.py", "mnist_net/training.py"
QUICK = [id for id, check in CHECKS.items() if check.seconds < ASSIGNMENT.settings["seconds"]]

Edit = tuple[str, str, str]
Load = Callable[..., Any]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_this_process: Any) -> Load:
    """A function that imports the reference, with texts in it replaced, as a student."""

    def import_with(*edits: Edit) -> Any:
        files = {path: data.decode() for path, data in _modules().items()}
        for path, find, replace in edits:
            assert find in files[path]
            files[path] = files[path].replace(find, replace)
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        for name in [name for name in sys.modules if name.split(".")[0] == "mnist_net"]:
            monkeypatch.delitem(sys.modules, name)
        parts = {part: importlib.import_module(f"mnist_net.{part}") for part in PARTS}
        submitted = HandedIn(assignment=ASSIGNMENT)
        return in_this_process(submitted, **parts, send=lambda value, label: value)

    return import_with


PARTS = ("network", "training")


def _modules() -> dict[str, bytes]:
    return {
        path: data for path, data in reference_files(ASSIGNMENT).items() if path.endswith(".py")
    }


def _told(id: str, student: Any, seed: int = 0) -> str:
    with pytest.raises(Finding) as found:
        CHECKS[id].run(student, np.random.default_rng(seed))
    return f"{found.value.rationale} {found.value.help}"


def test_the_rubric_has_the_points_of_the_course_and_every_check() -> None:
    steps = [points for points, _ in mnist_numpy.RUBRIC.values()]
    assert steps == [5, 5, 5, 10, 10]
    assert np.cumsum(steps).tolist() == [5, 10, 15, 25, 35]
    for points, ids in mnist_numpy.RUBRIC.values():
        assert sum(CHECKS[id].points for id in ids) == points
    listed = [id for _, ids in mnist_numpy.RUBRIC.values() for id in ids]
    assert sorted(listed) == sorted(CHECKS)


def test_the_statement_shows_the_rubric() -> None:
    release = reference_files(ASSIGNMENT)
    rows = [line for line in release["README.md"].decode().splitlines() if line.endswith("0 |")]
    rows += [line for line in release["README.md"].decode().splitlines() if line.endswith("5 |")]
    assert sorted(int(row.split("|")[-2]) for row in rows) == [5, 5, 5, 10, 10]


def test_there_are_enough_mutants_and_variants() -> None:
    assert len(load_mutants(ASSIGNMENT)) >= 12
    assert len(load_variants(ASSIGNMENT)) >= 4


@pytest.mark.parametrize("id", QUICK)
def test_the_reference_passes_with_many_seeds(id: str, load: Load) -> None:
    student = load()
    for seed in range(25):
        CHECKS[id].run(student, np.random.default_rng(seed))


@pytest.mark.parametrize("id", sorted(CHECKS.keys() - set(QUICK)))
def test_the_reference_reaches_what_training_asks_for(id: str, load: Load) -> None:
    CHECKS[id].run(load(), np.random.default_rng(5))


def test_the_gradients_of_the_judge_are_finite_differences() -> None:
    rng = np.random.default_rng(3)
    params = formulas.random_parameters(rng, (6, 5, 4, 3))
    X, y = rng.standard_normal((7, 6)), rng.integers(3, size=7)
    slopes = formulas.gradients(params, X, y)
    for name, value in params.items():
        direction = rng.standard_normal(value.shape)
        above, below = (
            formulas.loss({**params, name: value + step * direction}, X, y)
            for step in (1e-6, -1e-6)
        )
        numeric = (above - below) / 2e-6
        assert np.vdot(slopes[name], direction) == pytest.approx(numeric, rel=1e-6, abs=1e-9)


def test_the_loss_of_the_judge_is_the_natural_one() -> None:
    loss, slope = formulas.cross_entropy(np.zeros((4, 10)), np.arange(4))
    assert loss == pytest.approx(np.log(10))
    np.testing.assert_allclose(slope.sum(axis=1), 0, atol=1e-15)


def test_masks_name_their_mistakes_apart() -> None:
    rng = np.random.default_rng(4)
    params = formulas.random_parameters(rng, (6, 8, 8, 5))
    X, y = rng.standard_normal((9, 6)), rng.integers(5, size=9)
    first = [
        formulas.gradients(params, X, y, masked=masked)["W1"]
        for masked in ((1, 2), (1, 2, 3), (), (2,), (1,))
    ]
    for number, one in enumerate(first):
        for other in first[number + 1 :]:
            assert not np.allclose(one, other)


def test_movements_of_other_updates_are_told_apart() -> None:
    for seed in range(20):
        one = Repeated(np.random.default_rng(seed))
        path = [params for params, _ in zip(one.path(0.1), range(61), strict=False)]
        assert distance(path[59], path[59], one.params) == 0
        assert distance(path[58], path[59], one.params) > 1e-3
        assert distance(path[60], path[59], one.params) > 1e-3


def test_single_precision_is_the_same_movement(load: Load) -> None:
    student = load((NETWORK, "np.random.default_rng(seed)", "np.random.default_rng(7)"))
    one = Repeated(np.random.default_rng(1))
    network = student.network.Network((5, 6, 6, 3))
    for name, value in one.params.items():
        network.params[name] = value.astype(np.float32)
    student.training.train(network, *one.training(600), *one.validation())
    one.expect_updates(network, updates=60, rows=600)


WRONG = {
    "bias of another shape": (
        "network_init",
        (NETWORK, "size=outputs)", "size=(outputs, 1))"),
        "With sizes (30, 20, 15, 8), `params['b1']` has shape (20, 1), expected (20,).",
    ),
    "tiny weights": (
        "initial_spread",
        (NETWORK, "weights.astype(np.float32)", "1e-4 * weights"),
        "e-06, too small to train from; PyTorch's has 0.0206.",  # drawn without a seed
    ),
    "no activation": (
        "forward",
        (NETWORK, "np.maximum(0, ", "np.add(0, "),
        "`scores`: there is no ReLU between the layers.",
    ),
    "softmax in forward": (
        "forward",
        (
            NETWORK,
            'return second @ params["W3"] + params["b3"]',
            'e = np.exp(second @ params["W3"] + params["b3"])\n'
            "        return e / e.sum(axis=1, keepdims=True)",
        ),
        "`scores`: they are probabilities, after a softmax.",
    ),
    "no biases": (
        "forward",
        (NETWORK, ' + params["b', ' + 0 * params["b'),
        "`scores`: the biases are not added.",
    ),
    "decimal logarithm": (
        "cross_entropy",
        (NETWORK, "y].mean()", "y].mean() / np.log(10)"),
        "`loss`: it is the logarithm to base 10.",
    ),
    "mean over classes": (
        "cross_entropy",
        (NETWORK, "y].mean()", "y].mean() / scores.shape[1]"),
        "`loss`: the mean is taken over rows and classes.",
    ),
    "loss of rectified scores": (
        "cross_entropy",
        (NETWORK, "shifted = scores -", "scores = np.maximum(scores, 0)\n    shifted = scores -"),
        "`loss`: it is the loss of scores that went through a ReLU.",
    ),
    "nothing subtracted": (
        "cross_entropy",
        (NETWORK, "dscores[rows, y] -= 1", "dscores[rows, y] -= 0"),
        "`dscores`: nothing is subtracted at the right class.",
    ),
    "gradient of the scores masked": (
        "cross_entropy",
        (NETWORK, "dscores /= len(scores)", "dscores *= (scores > 0) / len(scores)"),
        "`dscores`: the ReLU's mask is applied to the scores; no ReLU follows the output layer.",
    ),
    "gradient to base 2": (
        "cross_entropy",
        (NETWORK, "dscores /= len(scores)", "dscores /= len(scores) * np.log(2)"),
        "that is 1.4427 times the right value, and 1.4427 is 1/ln 2",
    ),
    "second mask": (
        "backward",
        (NETWORK, "        upstream *= second > 0\n", ""),
        "the mask of the second ReLU is missing.",
    ),
    "sum of gradients": (
        "backward",
        (NETWORK, "upstream.sum(axis=0)}", "7 * upstream.sum(axis=0)}"),
        "that is 7 times the right value, and 7 is the number of rows.",
    ),
    "rate": (
        "hyper_parameters",
        (TRAINING, "LEARNING_RATE = 0.1", "LEARNING_RATE = 0.5"),
        "600 equal rows should give 60 updates at rate 0.1; the parameters have moved as 60 "
        "updates at rate 0.5 would move them.",
    ),
    "momentum": (
        "hyper_parameters",
        (TRAINING, "-= learning_rate * grad", "-= learning_rate * (grad + 0.01)"),
        "the parameters have moved otherwise.",
    ),
    "history too short": (
        "training_runs",
        (TRAINING, 'history["loss"].append(float(np.mean(losses)))', "pass"),
        "`history['loss']` has 0 entries after 2 epochs.",
    ),
    "not a number": (
        "training_runs",
        (TRAINING, "float(np.mean(losses))", "float('nan')"),
        "`history['loss']` is not finite from epoch 1 on.",
    ),
    "sum of losses": (
        "running_loss",
        (TRAINING, "float(np.mean(losses))", "float(np.sum(losses))"),
        "that is 3 times the right value, and 3 is the number of batches",
    ),
    "first loss": (
        "running_loss",
        (TRAINING, "float(np.mean(losses))", "float(losses[0])"),
        "it is the loss of the first batch alone.",
    ),
    "wrong ones": (
        "running_accuracy",
        (TRAINING, "== y", "!= y"),
        "`accuracy`: it is the share of wrong rows.",
    ),
    "right rows by batch": (
        "running_accuracy",
        (
            TRAINING,
            "np.mean(network.forward(X).argmax(axis=1) == y)",
            "np.sum(network.forward(X).argmax(axis=1) == y) / 200",
        ),
        "the number of right rows is divided by 200, not by 450.",
    ),
    "full batches alone": (
        "running_accuracy",
        (
            TRAINING,
            "np.mean(network.forward(X).argmax(axis=1) == y)",
            "np.sum(network.forward(X[:400]).argmax(axis=1) == y[:400]) / len(y)",
        ),
        "rows that do not fill a batch of 100 are left out",
    ),
    "an accuracy of another time": (
        "accuracy_history",
        (TRAINING, ".append(accuracy(network, X_val, y_val))", ".append(0.5)"),
        "Count over all validation rows, also those that do not fill a batch, after the epoch.",
    ),
    "a parameter lost": (
        "last_batch",
        (TRAINING, "    return history\n", '    network.params["b1"] = 0.0\n    return history\n'),
        "`params['b1']` has shape (), expected (6,).",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_mistake_is_called(name: str, load: Load) -> None:
    id, edit, text = WRONG[name]
    assert text in _told(id, load(edit))
