"""Hidden tests of `linearized_features`: the judge's derivatives, and what students are told.

The checks run in this process here, on the reference with a line changed; that they hold through
the sandbox is what `autograder verify` proves.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.authoring import load_mutants, load_variants, read_assignment, reference_files
from autograder.checks.linearized_features import formulas
from autograder.course import shipped_course
from autograder.judging.check import Finding, load_checks

ASSIGNMENT = read_assignment("linearized_features", shipped_course())
CHECKS = load_checks(ASSIGNMENT)
MODULES = ("shallow", "deep", "descent", "spectrum")
SHALLOW, DEEP, DESCENT, SPECTRUM = (f"linearized/{name}.py" for name in MODULES)
RIGHT_ANSWERS = {"jumping_features": {"a", "b"}, "rank_bound": {"b"}, "first_learned": {"c"}}

Edit = tuple[str, str, str]
Load = Callable[..., SimpleNamespace]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """A function that imports the reference, with texts in it replaced, as a student."""

    def import_with(*edits: Edit) -> SimpleNamespace:
        release = reference_files(ASSIGNMENT)
        files = {path: data.decode() for path, data in release.items() if path.endswith(".py")}
        for path, find, replace in edits:
            assert find in files[path]
            files[path] = files[path].replace(find, replace)
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        for name in [name for name in sys.modules if name.split(".")[0] == "linearized"]:
            monkeypatch.delitem(sys.modules, name)
        parts = {part: importlib.import_module(f"linearized.{part}") for part in MODULES}
        notebook = SimpleNamespace(**RIGHT_ANSWERS)
        return SimpleNamespace(**parts, send=lambda value, label: value, notebook=lambda: notebook)

    return import_with


def _run(id: str, student: SimpleNamespace, seed: int = 0) -> None:
    CHECKS[id].run(student, np.random.default_rng(seed))


def test_there_are_enough_mutants_and_variants() -> None:
    assert len(load_mutants(ASSIGNMENT)) >= 12
    assert len(load_variants(ASSIGNMENT)) >= 4


@pytest.mark.parametrize("id", CHECKS)
def test_the_reference_passes_with_many_seeds(id: str, load: Load) -> None:
    student = load()
    for seed in range(60):
        _run(id, student, seed)


@pytest.mark.parametrize("draw", [formulas.random_shallow, formulas.random_deep])
def test_the_features_of_the_judge_are_finite_differences(
    draw: Callable[[np.random.Generator, int], dict[str, np.ndarray]],
) -> None:
    rng = np.random.default_rng(2)
    params = draw(rng, 4)
    x = formulas.points_off_elbows(params, rng, 20)
    matrix = formulas.features(params, x)
    for name, columns in formulas.blocks(params).items():
        direction = rng.standard_normal(params[name].shape)
        above, below = (
            formulas.predict({**params, name: params[name] + step * direction}, x)
            for step in (1e-6, -1e-6)
        )
        along = matrix[:, columns] @ direction.reshape(-1)
        np.testing.assert_allclose(along, (above - below) / 2e-6, rtol=1e-6, atol=1e-8)


def test_points_off_elbows_are_off_them() -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        params = formulas.random_deep(rng, 5)
        x = formulas.points_off_elbows(params, rng, 40, margin=0.01)
        assert len(x) == 40
        first = np.outer(x, params["W1"]) + params["b1"]
        second = np.maximum(first, 0) @ params["W2"] + params["b2"]
        assert min(np.abs(first).min(), np.abs(second).min()) > 0.01


def test_the_least_change_of_the_judge_is_the_pseudo_inverse() -> None:
    rng = np.random.default_rng(5)
    matrix, residual = rng.standard_normal((6, 9)), rng.standard_normal(6)
    change = formulas.least_change(matrix, residual, 6)
    np.testing.assert_allclose(change, -np.linalg.pinv(matrix) @ residual, rtol=1e-8)


def test_a_shallow_network_has_at_most_2h_plus_1_independent_features() -> None:
    rng = np.random.default_rng(6)
    for hidden in (2, 5, 8):
        elbows = np.linspace(-0.8, 0.8, hidden)
        params = formulas.random_shallow(rng, hidden)
        params["b1"] = -params["W1"][0] * elbows
        matrix = formulas.features(params, np.linspace(-1, 1, 400))
        assert np.linalg.matrix_rank(matrix, tol=1e-9) == 2 * hidden + 1


def test_a_step_multiplies_the_residual_along_a_feature_by_its_factor() -> None:
    rng = np.random.default_rng(7)
    matrix = rng.standard_normal((8, 5))
    functions, values = formulas.left_part(matrix)
    for i in range(5):
        after = functions[:, i] - 0.1 / 8 * matrix @ (matrix.T @ functions[:, i])
        np.testing.assert_allclose(after, (1 - 0.1 * values[i] ** 2 / 8) * functions[:, i])


WRONG = {
    "no activation": (
        "shallow_predict",
        (SHALLOW, "hidden = np.maximum(0, ", "hidden = np.add(0, "),
        "`values`: there is no ReLU.",
    ),
    "no last bias": (
        "deep_predict",
        (DEEP, '[:, 0] + params["b3"]', '[:, 0] + 0 * params["b3"]'),
        "`values`: the bias b3 is not added.",
    ),
    "slope not used": (
        "elbows",
        (SHALLOW, "[switching] / slopes[switching]", "[switching]"),
        "`positions`: the slope W1 is not used: solve x W1 + b1 = 0.",
    ),
    "too few positions": (
        "elbows_flat",
        (SHALLOW, "    return positions\n", "    return positions[switching]\n"),
        "`elbows` gives 3 positions for 5 units.",
    ),
    "wrong block": (
        "shallow_features",
        (SHALLOW, "np.hstack([x * by_inner, by_inner", "np.hstack([x * by_inner, 2 * by_inner"),
        "Wrong are the columns of b1.",
    ),
    "shape lost": (
        "gradient_step",
        (
            DESCENT,
            "return unpack(pack(params) - learning_rate * gradient, params)",
            "new = unpack(pack(params) - learning_rate * gradient, params)\n"
            "    return {name: value.reshape(-1) for name, value in new.items()}",
        ),
        "`params['W1']` has shape (4,), expected (1, 4). `unpack` gives",
    ),
    "rate not used": (
        "gradient_step",
        (DESCENT, "- learning_rate * gradient", "- gradient"),
        "`the change of W1`: the learning rate is not used.",
    ),
    "nothing moved": (
        "gradient_step",
        (DESCENT, "- learning_rate * gradient", "- 0 * gradient"),
        "that is zero everywhere, where the right value is not",
    ),
    "changed in place": (
        "gradient_step",
        (
            DESCENT,
            "return unpack(pack(params) - learning_rate * gradient, params)",
            "new = unpack(pack(params) - learning_rate * gradient, params)\n"
            '    params["W1"][...] = 0\n    return new',
        ),
        "The function changes its input `params['W1']` in place.",
    ),
    "no snapshot at the end": (
        "training",
        (DESCENT, "if step % every == 0:", "if step % every == 0 and step < steps:"),
        "After 6 steps with every=3 there are 2 snapshots, expected 3. One before the first step, "
        "one after step 3, one after step 6.",
    ),
    "losses of half the deep network's values": (
        "training",
        (
            DESCENT,
            "residual = predict(params, x) - y",
            'residual = predict(params, x) / (1 + ("W3" in params)) - y',
        ),
        "On `predict` and `features` of the deep network: This gives wrong values.",
    ),
    "a bound that does not grow": (
        "least_change_rank",
        (SPECTRUM, "1e-10 * values[0]", "1e-9 * values[0]"),
        "On a matrix with the singular values 1, 1e-3, 5e-10 and 2e-11: ",
    ),
    "ascending": (
        "principal_features",
        (SPECTRUM, "    return functions, values\n", "    return functions, values[::-1]\n"),
        "`values`: they are in ascending order.",
    ),
    "not orthonormal": (
        "principal_features",
        (SPECTRUM, "    return functions, values\n", "    return functions * values, values\n"),
        "The columns of `functions` are not orthonormal.",
    ),
    "too many": (
        "features_needed",
        (SPECTRUM, "* held[-1])) + 1", "* held[-1])) + 2"),
        "`k`: it is one too many.",
    ),
    "divided twice": (
        "least_change",
        (SPECTRUM, "(seen / values[:used])", "(seen / values[:used] ** 2)"),
        "`change`: it is divided by s twice.",
    ),
    "multiplied": (
        "least_change",
        (SPECTRUM, "(seen / values[:used])", "(seen * values[:used])"),
        "`change`: it is multiplied by s.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_a_mistake_is_called(name: str, load: Load) -> None:
    id, edit, text = WRONG[name]
    with pytest.raises(Finding) as found:
        _run(id, load(edit))
    assert text in f"{found.value.rationale} {found.value.help}"


@pytest.mark.parametrize(
    "edit",
    [
        (DEEP, "return second @", "return 2 * second @"),
        (DEEP, "return np.hstack([*parts,", "return np.hstack([*parts[::-1],"),
        (DEEP, '[:, 0] + params["b3"]', ' + params["b3"]'),
    ],
    ids=["values", "features", "a column of values"],
)
def test_a_mistake_in_the_deep_network_is_none_of_train(edit: Edit, load: Load) -> None:
    _run("training", load(edit))


@pytest.mark.parametrize(
    ("id", "wrong", "text"),
    [
        ("jumping_features", {"a"}, "The derivative by b1_j is W2_j where the unit is on"),
        ("jumping_features", {"a", "b", "d"}, "By b2 every value changes alike"),
        ("rank_bound", {"c"}, "Make unit j twice as steep and W2_j half as large"),
        ("first_learned", {"d"}, "take r = u_i"),
    ],
)
def test_what_a_wrong_answer_is_told(id: str, wrong: set[str], text: str, load: Load) -> None:
    student = load()
    setattr(student.notebook(), id, wrong)
    with pytest.raises(Finding) as found:
        _run(id, student)
    assert text in found.value.help
