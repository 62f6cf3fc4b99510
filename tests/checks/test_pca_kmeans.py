"""Hidden tests of `pca_kmeans`: right formulas, fair to right code, and what students are told.

The checks run in this process here, on the reference with a line changed; that they hold through
the sandbox is what `autograder verify` proves.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from autograder.authoring import load_mutants, load_variants, read_assignment, reference_files
from autograder.authoring.settings import given_table
from autograder.checks.pca_kmeans import formulas
from autograder.checks.pca_kmeans.components import (
    expect_span,
    returned_components,
    samples,
)
from autograder.checks.pca_kmeans.invariants import (
    expect_nearest,
    expect_settled,
    history_problem,
    without_repeats,
)
from autograder.checks.pca_kmeans.questions import (
    ALSO,
    FOLDER,
    expect_steps_either,
    expect_written_either,
)
from autograder.checks.pca_kmeans.returned import (
    Clustering,
    read_centres,
    read_clustering,
    read_labels,
    several,
)
from autograder.course import shipped_course
from autograder.judging.check import Finding, load_checks
from autograder.judging.written import read_written

ASSIGNMENT = read_assignment("pca_kmeans", shipped_course())
CHECKS = load_checks(ASSIGNMENT)
MODULES = ("pca", "kmeans")
CODE = ("pca", "pca_wide", "pca_equal_values", "reconstruct", "assign", "assign_ties", "update",
        "update_empty", "objective", "kmeans", "kmeans_start", "kmeans_empty", "kmeans_ties",
        "kmeans_l1", "kmeans_l1_edges")  # fmt: skip
VALUED = ("expression", "equation", "gradient_of", "number")

Load = Callable[..., SimpleNamespace]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """A function that imports the reference, with texts in it replaced, as a student."""

    def import_with(*edits: tuple[str, str, str]) -> SimpleNamespace:
        files = {
            path: data.decode()
            for path, data in reference_files(ASSIGNMENT).items()
            if path.startswith("unsupervised/") and path.endswith(".py")
        }
        for path, find, replace in edits:
            assert files[f"unsupervised/{path}.py"].count(find) == 1
            files[f"unsupervised/{path}.py"] = files[f"unsupervised/{path}.py"].replace(
                find, replace
            )
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(exist_ok=True)
            (tmp_path / path).write_text(text)
        monkeypatch.syspath_prepend(tmp_path)
        for name in [name for name in sys.modules if name.split(".")[0] == "unsupervised"]:
            monkeypatch.delitem(sys.modules, name)
        parts = {part: importlib.import_module(f"unsupervised.{part}") for part in MODULES}
        return SimpleNamespace(**parts, send=lambda value, label: value.copy())

    return import_with


def _told(id: str, student: SimpleNamespace, seed: int = 0) -> str:
    with pytest.raises(Finding) as found:
        CHECKS[id].run(student, np.random.default_rng(seed))
    return f"{found.value.rationale} {found.value.help}"


def test_questions_with_a_value_have_three_right_forms_and_wrong_ones() -> None:
    for path in FOLDER.glob("*.toml"):
        plain = read_written(path).plain
        if plain["answer"]["kind"] in VALUED:
            assert len(plain["right"]) >= 3, path.stem
        assert len(plain["wrong"]) >= 2, path.stem


def test_every_specification_is_asked_for() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} <= set(CHECKS)
    assert {path.stem for path in ALSO.glob("*.toml")} == {"partitions", "rotate_scatter"}


def test_students_get_all_of_the_reading_part() -> None:
    origin = "autograder/judging/mathematics/reading"
    assert given_table(ASSIGNMENT)["written/reading.zip"] == origin


def test_the_order_of_the_letters_is_no_right_order() -> None:
    for path in FOLDER.glob("*_order.toml"):
        for right in read_written(path).plain["right"]:
            letters = [c for c in right.lower().rpartition("order")[2] if c.isalpha()]
            assert letters != sorted(letters), path.stem


def test_there_are_enough_mutants_and_variants() -> None:
    mutants = load_mutants(ASSIGNMENT)
    assert len(mutants) >= 14
    assert set(CODE) <= {id for mutant in mutants for id in mutant.loses}
    assert len(load_variants(ASSIGNMENT)) >= 6


def test_an_upper_bound_of_either_size_will_do() -> None:
    for answer in ("$$k^n$$", "$$2^{kn}$$"):
        expect_written_either("partitions", answer)
    with pytest.raises(Finding, match="has another value"):
        expect_written_either("partitions", "$$n^k$$")


def test_steps_by_samples_and_by_matrices_are_as_good() -> None:
    by_samples = r"$$\sum_{i=1}^n (Mx_i)(Mx_i)^T = M\left(\sum_{i=1}^n x_i x_i^T\right)M^T$$"
    for answer in (by_samples, r"$$(MX)(MX)^T = MXX^TM^T$$"):
        expect_steps_either("rotate_scatter", answer)
    with pytest.raises(Finding, match="Not found among your steps") as found:
        expect_steps_either("rotate_scatter", r"$$M\Sigma M^T = MXX^TM^T$$")
    assert found.value.credit == 0
    with pytest.raises(Finding, match="does not hold") as found:
        expect_steps_either("rotate_scatter", r"$$\sum_{i=1}^d (Mx_i)(Mx_i)^T = M\Sigma M^T$$")
    assert found.value.credit == 0.5


@pytest.mark.parametrize("id", CODE)
def test_the_reference_passes_with_many_seeds(id: str, load: Load) -> None:
    student = load()
    for seed in range(12):
        CHECKS[id].run(student, np.random.default_rng(seed))


@pytest.mark.parametrize("n", [1, 4, 12])
def test_samples_have_the_spread_that_was_asked_for(n: int) -> None:
    X = samples(np.random.default_rng(n), n, (4.0, 2.0, 1.0, 0.5, 0.25))
    W, values = formulas.leading(formulas.centred(X), min(n, 5))
    right = np.array([4.0, 2.0, 1.0, 0.5, 0.25])[: n - 1] ** 2
    np.testing.assert_allclose(values[: len(right)], right)
    np.testing.assert_allclose(values[len(right) :], 0, atol=1e-12)
    np.testing.assert_allclose(W.T @ W, np.eye(len(values)), atol=1e-12)


def test_nearest_points_are_nearer_than_others_on_the_plane() -> None:
    rng = np.random.default_rng(5)
    X = rng.standard_normal((7, 4)) + 3
    nearest = formulas.nearest_points(X, 2)
    basis = np.linalg.svd(nearest - nearest.mean(axis=0))[2][:2]
    others = nearest + rng.standard_normal((7, 2)) @ basis
    assert (np.linalg.norm(X - nearest, axis=1) < np.linalg.norm(X - others, axis=1)).all()
    np.testing.assert_allclose(nearest.mean(axis=0), X.mean(axis=0))


def test_rounds_never_raise_j_and_t_is_within_plus_between() -> None:
    rng = np.random.default_rng(6)
    X = rng.standard_normal((40, 3))
    init, done = formulas.start_without_empty(rng, X, 4, power=2)
    values = [value for one in done for value in (one.between, one.after)]
    assert all(after <= before for before, after in pairwise(values))
    last = done[-1]
    shares = np.bincount(last.labels, minlength=4) / len(X)
    between = shares @ ((last.centres - X.mean(axis=0)) ** 2).sum(axis=1)
    assert X.var(axis=0).sum() == pytest.approx(last.after / len(X) + between)
    assert init.shape == (4, 3)


def test_repeats_at_the_end_of_a_history_do_not_count() -> None:
    history = np.array([5.0, 5.0, 3.0, 2.0, 2.0, 2.0])
    np.testing.assert_array_equal(without_repeats(history), [5, 5, 3, 2])


def test_a_history_may_end_with_or_without_the_repeated_value() -> None:
    rng = np.random.default_rng(7)
    X = rng.standard_normal((30, 2))
    _, done = formulas.start_without_empty(rng, X, 3, power=2)
    right = np.array([one.after for one in done])
    assert history_problem(right, done, 30) is None
    assert history_problem(np.append(right, right[-1]), done, 30) is None
    said = history_problem(right[:1], done, 30)
    assert said is not None
    assert said.rationale.startswith(f"It stops after 1 rounds at J = {right[0]:.6g}")


def test_another_number_of_values_is_named() -> None:
    with pytest.raises(Finding, match=r"`kmeans` returns 2 values, expected \(a, b, c\)\."):
        several("kmeans", (1, 2), ("a", "b", "c"))


WRONG = {
    "a direction of another length": (
        "pca",
        ("pca", "return vectors[:, order], values", "return 2 * vectors[:, order], values"),
        "Column 0 of `W` has length 2, expected 1. The constraint is WᵀW = I.",
    ),
    "the second direction twice": (
        "pca",
        ("pca", "return vectors[:, order]", "return vectors[:, order[::-1]]"),
        "`W`: the largest eigenvalue comes last.",
    ),
    "no centring": (
        "pca",
        ("pca", "centred = X - X.mean(axis=0)\n    values", "centred = X\n    values"),
        "`W`: the samples are not centred. Subtract the mean of each column before anything else.",
    ),
    "samples as columns": (
        "pca",
        ("pca", "centred.T @ centred", "centred @ centred.T"),
        "`W` has shape (12, 3), expected (5, 3): its columns are as long as there are samples.",
    ),
    "divided by n - 1": (
        "pca",
        ("pca", "vectors[:, order], values[order]", "vectors[:, order], values[order] / 11"),
        "`values`: they are divided by n - 1. Here they are those of the plain sum",
    ),
    "no values": (
        "pca",
        ("pca", "return vectors[:, order], values[order]", "return (vectors[:, order],)"),
        "`pca` returns 1 values, expected (W, values).",
    ),
    "nothing added back": (
        "reconstruct",
        ("pca", "return mean + ", "return "),
        "`nearest`: the mean is not added back at the end.",
    ),
    "numbers from 1": (
        "assign",
        ("kmeans", "axis=2), axis=1)", "axis=2), axis=1) + 1"),
        "numbers the clusters from 1; expected 0 to 3.",
    ),
    "farthest centre": (
        "assign",
        ("kmeans", "np.argmin(np.sum(", "np.argmax(np.sum("),
        "Each is at its farthest one.",
    ),
    "one label for each centre": (
        "assign",
        ("kmeans", "axis=2), axis=1)", "axis=2), axis=0)"),
        "gives one label for each of the 4 centres; expected one for each of the 20 samples.",
    ),
    "divided by all samples": (
        "update",
        ("kmeans", "X[labels == j].mean(axis=0)", "X[labels == j].sum(axis=0) / len(X)"),
        "the sums are divided by 20, the number of all samples, where the size of the cluster",
    ),
    "empty cluster": (
        "update_empty",
        ("kmeans", "np.array(centres, dtype=float)", "np.full(np.shape(centres), np.nan)"),
        "gives centre 1 as NaN. Does its cluster have no samples? Then the mean is 0/0; keep the",
    ),
    "origin": (
        "update_empty",
        ("kmeans", "np.array(centres, dtype=float)", "np.zeros(np.shape(centres))"),
        "Centre 1, whose cluster has no samples, is moved to the origin.",
    ),
    "mean": (
        "objective",
        ("kmeans", "np.sum((X - centres[labels]) ** 2)", "np.mean((X - centres[labels]) ** 2)"),
        "`J`: it is the mean over all numbers, not the sum.",
    ),
    "J too early": (
        "kmeans",
        ("kmeans", "objective(X, labels, centres))", "objective(X, labels, init))"),
        "`history` is not that of k-means. After round 1",
    ),
    "means in the place of medians": (
        "kmeans_l1",
        ("kmeans", "np.median(X[labels == j], axis=0)", "np.mean(X[labels == j], axis=0)"),
        "`history[0]`: the centres are the means of their clusters; another point has the smaller",
    ),
    "ties to the first cluster": (
        "kmeans_ties",
        ("kmeans", "        labels = assign(X, centres)\n        centres = update",
         "        away = np.sum((X[:, None] - centres[None]) ** 2, axis=2)\n"
         "        ties = np.sum(away == away.min(axis=1, keepdims=True), axis=1) > 1\n"
         "        labels = np.where(ties, 0, away.argmin(axis=1))\n        centres = update"),
        "After one round J = 1250; with every sample at a nearest centre it is 2 already after",
    ),
    "one round more": (
        "kmeans",
        ("kmeans", "    centres, history = init, []\n    while len(history) < max_rounds",
         "    centres, history = init, []\n    while len(history) <= max_rounds"),
        "With max_rounds=1, `history` has 2 entries, expected 1.",
    ),
    "no start of its own": (
        "reconstruct",
        ("pca", "return mean + (X - mean) @ W @ W.T", "return (X - mean) @ W"),
        "`reconstruct(X, 2)` has shape (12, 2), the coordinates along the directions; expected",
    ),
    "whole numbers": (
        "update_empty",
        ("kmeans", "np.array(centres, dtype=float)", "np.array(centres)"),
        "On X and centres of whole numbers: `moved`: they are cut to whole numbers. An array of",
    ),
    "no end": (
        "kmeans_start",
        ("kmeans", "centres))\n        if len(history) > 1 and", "centres))\n        if False and"),
        "It goes on for 99 rounds in which J stays the same. Stop when J no longer changes;",
    ),
    "no seed": (
        "kmeans_start",
        ("kmeans", "k, replace=False)]\n    centres, history = init, []",
         "k, replace=False)]\n        init = X[np.random.default_rng().permutation(len(X))[:k]]\n"
         "    centres, history = init, []"),
        "`kmeans` called twice with the same `seed` gives different centres. Is the start drawn",
    ),
    "max_rounds of another function": (
        "kmeans_l1_edges",
        ("kmeans", "dtype=float), []\n    while len(history) < max_rounds",
         "dtype=float), []\n    while len(history) < 100"),
        "With max_rounds=1, `history` has 2 entries, expected 1 at most. One round is Step 1",
    ),
    "last entry of another time": (
        "kmeans_l1",
        ("kmeans", "np.abs(X - centres[labels]).sum())",
         "np.abs(X - centres[labels]).sum() / (1 + 0.1 * (len(history) > 2)))"),
        "but the labels and centres that are returned have J' = ",
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
@pytest.mark.parametrize("name", WRONG)
def test_what_a_mistake_is_called(name: str, load: Load) -> None:
    id, edit, text = WRONG[name]
    assert text in _told(id, load(edit))


def test_inputs_must_not_change(load: Load) -> None:
    changes = (
        "pca",
        "    centred = X - X.mean(axis=0)\n",
        "    X -= X.mean(axis=0); centred = X\n",
    )
    assert "changes its input `X` in place" in _told("pca", load(changes))


def _says(expected: str, function: Callable[..., object], *args: object, **kwargs: object) -> None:
    with pytest.raises(Finding) as found:
        function(*args, **kwargs)
    assert expected in f"{found.value.rationale} {found.value.help}"


def test_what_is_returned_is_looked_at_first() -> None:
    _says("This gives None, expected (W, values).", several, "pca", None, ("W", "values"))
    _says("labels` that are not whole numbers.", read_labels, [0.5, 1.0], 2, 2)
    _says("gives the label 2; expected 0 to 1.", read_labels, [0, 2], 2, 2)
    _says("gives the label -1; expected 0 to 1.", read_labels, [0, -1], 2, 2)
    _says("gives centre 1 as NaN.", read_centres, np.array([[0.0], [np.nan]]), (2, 1))
    assert read_labels([[0.0], [1.0]], 2, 2).tolist() == [0, 1]


def test_a_history_has_entries_and_they_are_finite() -> None:
    X, labels, centres = np.zeros((2, 1)), [0, 0], [[0.0]]
    _says("gives an empty `history`.", read_clustering, "kmeans", (labels, centres, []), X, 1)
    nan = (labels, centres, [1.0, np.nan])
    _says("gives a `history` that is nan from round 2 on.", read_clustering, "kmeans", nan, X, 1)


def test_directions_are_orthonormal_before_they_are_right() -> None:
    oblique = np.array([[1.0, 0.6], [0.0, 0.8]])
    _says("Columns 0 and 1 of `W` are not orthogonal: their product is 0.6.",
          returned_components, (oblique, [2.0, 1.0]), (5, 2), 2)  # fmt: skip
    _says("`W` has values that are not finite.",
          returned_components, ([np.nan, 1.0], [2.0]), (5, 2), 1)  # fmt: skip
    _says("`pca` returns the eigenvalues first, as `np.linalg.eigh` does",
          returned_components, ([2.0], [[1.0], [0.0]]), (5, 2), 1)  # fmt: skip


def test_a_basis_has_to_catch_the_scatter() -> None:
    X = np.array([[3.0, 0.0], [-3.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    expect_span([[-1.0, 0.0], [0.0, 1.0]], [18.0, 2.0], X, 2)
    _says("Along column 0 of `W` the squared coordinates add up to 2, expected 18, the eigenvalue.",
          expect_span, [[0.0, 1.0], [1.0, 0.0]], [18.0, 2.0], X, 2)  # fmt: skip


def _clustering(labels: list[int], centres: list[list[float]], history: list[float]) -> Clustering:
    return Clustering(labels=np.array(labels), centres=np.array(centres),
                      history=np.array(history), remote_history=history)  # fmt: skip


def test_a_settled_clustering_has_nothing_left_to_do() -> None:
    X = np.array([[0.0], [1.0], [5.0], [9.0]])
    expect_settled(X, _clustering([0, 0, 1, 1], [[0.5], [7.0]], [20.0, 8.5]), power=2)
    _says("J rises from 8 to 8.5 in round 2.", expect_settled, X,
          _clustering([0, 0, 1, 1], [[0.5], [7.0]], [8.0, 8.5]), power=2)  # fmt: skip
    _says("The last entry of `history` is 9, but the labels and centres that are returned have "
          "J = 8.5.", expect_settled, X,
          _clustering([0, 0, 1, 1], [[0.5], [7.0]], [9.0]), power=2)  # fmt: skip
    _says("Centre 1 could be better: its 2 samples have J = 10, and 8 is possible. Which point",
          expect_settled, X,
          _clustering([0, 0, 1, 1], [[0.5], [6.0]], [10.5]), power=2)  # fmt: skip
    X = np.array([[0.0], [0.0], [9.0]])
    _says("J' = 12, and 9 is possible. The centres are the means of their clusters.",
          expect_settled, X, _clustering([0, 0, 0], [[3.0]], [12.0]), power=1)  # fmt: skip


def test_any_median_will_do() -> None:
    X = np.array([[0.0], [1.0], [5.0], [9.0]])
    for middle in (1.0, 2.0, 5.0):
        expect_settled(X, _clustering([0] * 4, [[middle]], [13.0]), power=1)


def test_another_distance_is_named() -> None:
    X, centres = np.array([[0.0, 0.0]]), np.array([[3.0, 0.0], [2.0, 2.0]])
    expect_nearest(X, np.array([1]), centres, power=2)
    expect_nearest(X, np.array([0]), centres, power=1)
    text = "1 of 1 samples are not at their nearest centre: sample 0 is at centre 1, where the sum"
    _says(text, expect_nearest, X, np.array([1]), centres, power=1)


def test_histories_of_other_quantities_are_named() -> None:
    rng = np.random.default_rng(8)
    X = rng.standard_normal((30, 2))
    _, done = formulas.start_without_empty(rng, X, 3, power=2, least=3)
    after = np.array([one.after for one in done])
    between = np.array([one.between for one in done])
    said = {
        "`history` has J between the two steps": between,
        "one entry too many at its beginning": np.append(2 * after[0], after),
        "Its entries are J divided by 30, the number of samples.": after / 30,
        "Its entries are square roots of J.": np.sqrt(after),
        "After round 1, J = ": after * 1.5,
        "different values; expected": np.append(after, after[-1] / 2),
    }
    for text, history in said.items():
        problem = history_problem(history, done, 30)
        assert problem is not None
        assert text in problem.rationale
