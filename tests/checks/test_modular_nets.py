"""Hidden tests of `modular_nets`: right formulas, fairness, and what students are told.

The checks run in this process here, on the reference with a line changed; that they hold through
the sandbox, for every mutant and variant, is what `autograder verify` proves.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.authoring import load_mutants, load_variants, read_assignment, reference_files
from autograder.checks.modular_nets import formulas
from autograder.checks.modular_nets.pictures import draw_pictures
from autograder.checks.modular_nets.pooling import _wrong_at_ties
from autograder.course import shipped_course
from autograder.judging.check import Finding, NotAttempted, load_checks
from autograder.judging.handed_in import HandedIn

pytestmark = pytest.mark.long

ASSIGNMENT = read_assignment("modular_nets", shipped_course())
CHECKS = load_checks(ASSIGNMENT)
REFERENCE = reference_files(ASSIGNMENT)
BINARY = {"written/reading.zip"}
PACKAGES = {"lib", "written"}
SLOW = {"tiny_net_training", "cnn_training"}
LAYERS, CONV = "lib/mlp/layer_utils.py", "lib/cnn/layer_utils.py"
OPTIM, SEQUENTIAL = "lib/optim.py", "lib/sequential.py"

Edit = tuple[str, str, str]
Load = Callable[..., Any]


@pytest.fixture
def load(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_this_process: Any,
    write_files: Callable[..., None],
) -> Iterator[Load]:
    """A function that imports the reference, with texts in it replaced, as a student."""
    monkeypatch.setitem(os.environ, "MPLBACKEND", "agg")
    before = np.geterr()

    def import_with(*edits: Edit) -> Any:
        files = {path: data.decode() for path, data in REFERENCE.items() if path not in BINARY}
        for path, find, replace in edits:
            assert files[path].count(find) >= 1, (path, find)
            files[path] = files[path].replace(find, replace)
        write_files(tmp_path, {**REFERENCE, **files})
        monkeypatch.syspath_prepend(tmp_path)
        for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES]:
            monkeypatch.delitem(sys.modules, name)
        np.random.seed(0)
        return in_this_process(HandedIn(assignment=ASSIGNMENT), **_parts(files))

    yield import_with
    np.seterr(**before)
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES]:
        del sys.modules[name]


def _parts(files: dict[str, str]) -> dict[str, Any]:
    parts = ("layer_utils", "fully_conn", "train"), ("layer_utils", "cnn_models", "batch_norm")
    packages = {
        package: SimpleNamespace(
            **{m: importlib.import_module(f"lib.{package}.{m}") for m in names}
        )
        for package, names in zip(("mlp", "cnn"), parts, strict=True)
    }
    single = {m: importlib.import_module(f"lib.{m}") for m in ("sequential", "optim", "analysis")}
    return dict(
        **packages,
        **single,
        module=importlib.import_module,
        send=lambda value, label="": value,
        notebook=lambda name: SimpleNamespace(**_names_of(files[f"{name}.ipynb"])),
    )


def _names_of(notebook: str) -> dict[str, Any]:
    """What the cells define that are run in grading."""
    names: dict[str, Any] = {}
    for cell in json.loads(notebook)["cells"]:
        marks = cell["metadata"].get("nbgrader", {})
        demo = cell["metadata"].get("autograder", {}).get("demo", False)
        tests = marks.get("grade", False) and not marks.get("solution", False)
        if cell["cell_type"] == "code" and not demo and not tests:
            exec(re.sub(r"^%.*$", "", "".join(cell["source"]), flags=re.M), names)
    return names


def _told(id: str, student: Any, seed: int = 0) -> str:
    with pytest.raises(Finding) as found:
        CHECKS[id].run(student, np.random.default_rng(seed))
    return f"{found.value.rationale} {found.value.help}"


@pytest.mark.parametrize("id", sorted(CHECKS.keys() - SLOW))
def test_the_reference_passes_with_many_seeds(id: str, load: Load) -> None:
    student = load()
    for seed in range(20):
        CHECKS[id].run(student, np.random.default_rng(seed))


@pytest.mark.parametrize("id", sorted(SLOW))
def test_the_reference_reaches_what_training_asks_for(id: str, load: Load) -> None:
    student = load()
    np.random.seed(5)
    CHECKS[id].run(student, np.random.default_rng(5))


def test_there_are_enough_mutants_and_variants() -> None:
    assert len(load_mutants(ASSIGNMENT)) >= 16
    assert len(load_variants(ASSIGNMENT)) >= 6


def test_every_check_is_lost_by_some_mutant() -> None:
    lost = {id for mutant in load_mutants(ASSIGNMENT) for id in mutant.loses}
    assert CHECKS.keys() - lost == {
        "conv_forward_shapes",  # a mistake there shows in get_output_size first
        "dropout_net",  # given
        "maxpool_ties",  # no usual way of pooling fails it
    }


EDITS: dict[str, tuple[str, Edit, str]] = {
    "no bias": (
        "fc_forward",
        (LAYERS, " + self.params[self.b_name]", ""),
        "`out`: the bias is not added. "
        "feat w + b, with `self.params[self.w_name]` and `self.params[self.b_name]`.",
    ),
    "keep and drop exchanged": (
        "dropout_forward",
        (LAYERS, "< self.keep_prob", ">= self.keep_prob"),
        "With keep_prob=0.25, 75% of the entries are kept: keeping and dropping are exchanged. "
        "`keep_prob` is the probability that an entry stays.",
    ),
    "no scale": (
        "dropout_forward",
        (LAYERS, "return feat * self.meta / self.keep_prob", "return feat * self.meta"),
        "The kept entries are not divided by keep_prob. "
        "Dividing by keep_prob leaves the mean as it was, in expectation.",
    ),
    "size_average": (
        "cross_entropy_sum",
        (LAYERS, "dfeat / len(feat) if self.size_average else dfeat", "dfeat / len(feat)"),
        "`dfeat`: size_average=False is ignored: it is divided by the number of rows. "
        "With size_average=False nothing is divided by N, in either direction.",
    ),
    "weight decay times rate": (
        "weight_decay",
        (OPTIM, "(1 - self.weight_decay)", "(1 - self.lr * self.weight_decay)"),
        "`one_w`: the weight decay is multiplied by the learning rate. "
        "theta - lr * g - weight_decay * theta, for weights and biases.",
    ),
    "half of L2": (
        "l2_regularization",
        (SEQUENTIAL, "2 * lam * value", "lam * value"),
        "`the gradient of one_w`: the factor 2 of the derivative of theta^2 is missing. "
        "The penalty's derivative is added to the gradient of every weight and bias.",
    ),
    "stride ignored": (
        "conv_backward_strides",
        (
            CONV,
            "planes[:, :, y : y + step * down : step, x : x + step * across : step] +=",
            "planes[:, :, y : y + down, x : x + across] +=",
        ),
        "`dfeat`: the stride is ignored. Here stride=2, padding=1, images (2, 8, 8, 2). "
        "Each output's dprev * w belongs in the window that it came from; the border goes last.",
    ),
    "empty slice": (
        "conv_backward_no_padding",
        (CONV, "pad : pad + height, pad : pad + width]", "pad:-pad, pad:-pad]"),
        "This gives `dfeat` of shape (2, 0, 0, 2), expected (2, 6, 6, 2), the shape of `feat`. "
        "Here stride=1, padding=0, images (2, 6, 6, 2). "
        "Is the border cut off with a slice such as `pad:-pad`? With pad = 0 it is empty.",
    ),
    "overlaps overwrite": (
        "maxpool_overlap",
        (
            CONV,
            "dfeat[part] += dprev * (feat[part] == out)",
            "dfeat[part] = np.where(feat[part] == out, dprev, dfeat[part])",
        ),
        "`dfeat`: windows that overlap overwrite each other's gradients. "
        "An entry that is the largest of several windows gets the sum of their gradients.",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_the_mistake_is_named(name: str, load: Load) -> None:
    id, edit, told = EDITS[name]
    assert _told(id, load(edit)) == told


def test_one_mask_for_all_rows_is_named(load: Load) -> None:
    student = load((LAYERS, "random_sample(feat.shape)", "random_sample(feat.shape[1:])"))
    assert _told("dropout_forward", student) in (
        "Whole rows or columns are dropped together. "
        "Every entry needs a random number of its own: an array of the shape of `feat`.",
        # two hundred columns are few, so their share may be off
        *[
            f"With keep_prob={keep}, {share / 10:.1f}% of the entries are kept in training. An "
            "entry is kept where its own uniform random number is below keep_prob."
            for keep in ("0.25", "0.8")
            for share in range(1001)
        ],
    )


def test_an_overflow_in_gelu_says_where(load: Load) -> None:
    old, new = "(1 - tanh * tanh) * slope", "np.cosh(10 * feat) ** -2 * slope"
    student = load((LAYERS, old, new))
    with pytest.raises(FloatingPointError, match="overflow encountered in cosh"):
        CHECKS["gelu_large_inputs"].run(student, np.random.default_rng(0))


def test_a_placeholder_is_not_attempted(load: Load) -> None:
    student = load()
    student.notebook = lambda name: SimpleNamespace(tiny_settings=..., cnn_settings={"epochs": ...})
    with pytest.raises(NotAttempted):
        CHECKS["tiny_net_training"].run(student, np.random.default_rng(0))
    assert _told("cnn_training", student).startswith("`cnn_settings` has no entry for 'optimizer'.")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("many", "`cnn_settings` should be a dictionary of settings. "),
        (
            {"optimizer": "Adam", "learning_rate": 1, "batch_size": 1, "epochs": 1000},
            "`cnn_settings` asks for 1000 epochs; at most 40 are allowed. ",
        ),
        (
            {"optimizer": "Lion", "learning_rate": 1, "batch_size": 1, "epochs": 1},
            "`cnn_settings` has the optimizer 'Lion'; there are 'SGD' and 'Adam'. ",
        ),
    ],
)
def test_settings_that_make_no_sense_are_named(settings: object, told: str, load: Load) -> None:
    student = load()
    student.notebook = lambda name: SimpleNamespace(cnn_settings=settings)
    assert _told("cnn_training", student) == told


@pytest.mark.parametrize(
    ("mask", "told"),
    [
        ([0.5, 0, -0.5], ""),
        ([-0.5, 0, 0.5], "The mask gives the derivative with the wrong sign."),
        ([1, 0, -1], "The mask gives twice the derivative."),
        ([1, -1, 0], "The mask does not give the derivative of a parabola."),
        ([1, 0, 1], "The mask does not give the derivative of a constant."),
        ([1, -1], "`derivative_mask` has shape (2,), expected three numbers."),
    ],
)
def test_a_derivative_mask_is_judged_by_what_it_does(mask: list[float], told: str) -> None:
    _expect_answer("derivative_mask", mask, told)


@pytest.mark.parametrize(
    ("mask", "told"),
    [
        ([[1, 0, -1], [2, 0, -2], [1, 0, -1]], ""),
        ([[-0.1, 0.1]], ""),
        ([[0, 0, 0], [7, 0, -7], [0, 0, 0]], ""),
        ([[1, 1, 1], [0, 0, 0], [-1, -1, -1]], "The mask answers to a horizontal edge"),
        ([[0, 1, 0], [1, -4, 1], [0, 1, 0]], "The mask answers to a horizontal edge"),
        ([[1, 0, -1], [2, 0, -1], [1, 0, -1]], "The mask answers to an image without any edge"),
        ([[0, 0], [0, 0]], "The mask does not answer to a vertical edge."),
        ([1, 0, -1], "`edge_mask` has shape (3,), expected rows and columns."),
    ],
)
def test_an_edge_mask_is_judged_by_what_it_does(mask: list[list[float]], told: str) -> None:
    _expect_answer("edge_mask", mask, told)


def _expect_answer(name: str, answer: object, told: str) -> None:
    student = SimpleNamespace(notebook=lambda lesson: SimpleNamespace(**{name: answer}))
    if told:
        assert _told(name, student).startswith(told)
    else:
        CHECKS[name].run(student, np.random.default_rng(0))


def test_ties_may_go_to_one_or_to_all_and_not_be_lost() -> None:
    dprev = np.full((2, 2, 2, 2), 3.0)
    all_of_them = np.full((2, 4, 4, 2), 3.0)
    one = np.zeros((2, 4, 4, 2))
    one[:, ::2, ::2] = 3
    assert _wrong_at_ties(all_of_them, dprev) == ""
    assert _wrong_at_ties(one, dprev) == ""
    assert _wrong_at_ties(all_of_them / 4, dprev) == ""
    lost = "Where all entries of a window are equal, the gradient is lost or counted wrongly."
    assert _wrong_at_ties(0 * one, dprev) == lost
    assert _wrong_at_ties(2 * one, dprev) == lost


def _slope(function: Callable[[Any], float], at: Any, direction: Any) -> float:
    return (function(at + 1e-6 * direction) - function(at - 1e-6 * direction)) / 2e-6


def test_the_judges_gelu_has_its_slope_and_does_not_overflow() -> None:
    x = np.linspace(-6, 6, 101)
    measured = (formulas.gelu(x + 1e-6) - formulas.gelu(x - 1e-6)) / 2e-6
    np.testing.assert_allclose(formulas.gelu_slope(x), measured, atol=1e-8)
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(formulas.gelu(np.array([-1e6, 1e6])), [0, 1e6], atol=1e-12)
        np.testing.assert_allclose(formulas.gelu_slope(np.array([-1e6, 1e6])), [0, 1], atol=1e-12)


def test_the_judges_two_layers_have_measured_gradients() -> None:
    rng = np.random.default_rng(0)
    right = formulas.random_layers(rng, 5, 4, 3)
    x, upstream = rng.standard_normal((6, 5)), rng.standard_normal((6, 3))
    gradients, dx = right.gradients(x, upstream)
    direction = rng.standard_normal(x.shape)
    measured = _slope(lambda at: float(np.sum(right.scores(at) * upstream)), x, direction)
    assert np.vdot(dx, direction) == pytest.approx(measured, rel=1e-6)
    assert gradients.named().keys() == {"fc1_w", "fc1_b", "fc2_w", "fc2_b"}


@pytest.mark.parametrize(("size", "stride", "padding"), [(3, 1, 1), (2, 3, 0), (4, 2, 1)])
def test_the_judges_convolution_has_measured_gradients(
    size: int, stride: int, padding: int
) -> None:
    rng = np.random.default_rng(1)
    x, w = rng.standard_normal((2, 6, 7, 2)), rng.standard_normal((size, size, 2, 3))
    upstream = rng.standard_normal(formulas.convolve(x, w, np.zeros(3), stride, padding).shape)
    dx, dw = formulas.convolution_gradients(x, w, upstream, stride, padding)

    def total(x: Any, w: Any) -> float:
        return float(np.sum(formulas.convolve(x, w, np.zeros(3), stride, padding) * upstream))

    to_x, to_w = rng.standard_normal(x.shape), rng.standard_normal(w.shape)
    assert np.vdot(dx, to_x) == pytest.approx(_slope(lambda at: total(at, w), x, to_x), rel=1e-6)
    assert np.vdot(dw, to_w) == pytest.approx(_slope(lambda at: total(x, at), w, to_w), rel=1e-6)


def test_the_judges_pooling_has_a_measured_gradient() -> None:
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2, 7, 6, 2))
    upstream = rng.standard_normal(formulas.pool(x, 3, 2).shape)
    direction = rng.standard_normal(x.shape)
    measured = _slope(lambda at: float(np.sum(formulas.pool(at, 3, 2) * upstream)), x, direction)
    gradient = formulas.pool_gradient(x, upstream, 3, 2)
    assert np.vdot(gradient, direction) == pytest.approx(measured, rel=1e-6)


def test_the_judges_adam_has_the_courses_figures() -> None:
    values = formulas.adam(
        np.array([-0.4, 0.6]),
        [np.array([-0.6, 0.4])],
        lr=1e-2,
        betas=(0.9, 0.999),
        counts=[6.0],
        start={"m": np.array([0.6, 0.9]), "v": np.array([0.7, 0.5])},
    )
    np.testing.assert_allclose(values[0], [-0.40094747, 0.59801459], rtol=1e-7)


def test_pictures_are_those_of_the_lesson(load: Load) -> None:
    load()
    counts = {"num_train": 60, "num_val": 10, "num_test": 20}
    drawn = draw_pictures("shapes", counts, np.random.default_rng(4))
    seed = int(np.random.default_rng(4).integers(1 << 31))
    lesson = importlib.import_module("lib.datasets").load_data("shapes", **counts, seed=seed)
    for part in ("train", "val", "test"):
        images, labels = getattr(drawn, part)
        np.testing.assert_allclose(images, lesson[f"data_{part}"], atol=1e-4)
        np.testing.assert_array_equal(labels, lesson[f"labels_{part}"])
    assert drawn.shape == (16, 16, 3)
    assert drawn.inputs == 768
