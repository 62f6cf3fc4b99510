"""Both ways of judging training, through the sandbox: trained again, and from saved weights."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from autograder.assignment import Assignment, TrainingGrades, load_assignment
from autograder.authoring import read_assignment, reference_files, release_files
from autograder.course import shipped_course
from autograder.grading.failures import log_failure
from autograder.grading.loading import read_release
from autograder.grading.one import Grader
from autograder.grading.runs import GradingCase
from autograder.grading.seeds import Draws
from autograder.judging.check import load_checks
from autograder.judging.images import draw_images, held_back_images
from autograder.results import CheckResult, Status
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

Array = np.ndarray
NETS = read_assignment("fully_connected_nets", shipped_course())
MNIST = read_assignment("mnist_numpy", shipped_course())
CASES = [(NETS, "tuning"), (MNIST, "held_back_accuracy")]
HIDDEN = {NETS.slug: (200,), MNIST.slug: (256, 256)}


def notebook_data(assignment: Assignment) -> dict[str, Array]:
    """What a student's notebook trains on."""
    from autograder.judging.images import _given

    counts = assignment.training[assignment.dataset]["images"]
    given = _given(assignment.release / assignment.package, assignment.slug)
    return given.load_data(assignment.dataset, **counts)


def good_weights(assignment: Assignment) -> dict[str, Array]:
    """Weights that stochastic gradient descent has found, by code of these tests' own."""
    return dict(_trained(assignment.slug))


@cache
def _trained(slug: str) -> dict[str, Array]:
    data, rng = notebook_data(load_assignment(slug)), np.random.default_rng(0)
    X, wanted = data["X_train"].reshape(len(data["X_train"]), -1), np.eye(10)[data["y_train"]]
    sizes = (X.shape[1], *HIDDEN[slug], 10)
    weights = [rng.standard_normal(pair) * np.sqrt(2 / pair[0]) for pair in pairwise(sizes)]
    biases = [np.zeros(size) for size in sizes[1:]]
    for rows in rng.integers(len(X), size=(1000, 100)):
        inputs = [X[rows]]
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            inputs.append(np.maximum(inputs[-1] @ W + b, 0))
        scores = inputs[-1] @ weights[-1] + biases[-1]
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        slope = (odds / odds.sum(axis=1, keepdims=True) - wanted[rows]) / len(rows)
        for n in reversed(range(len(weights))):
            before = slope @ weights[n].T * (inputs[n] > 0)
            weights[n] -= 0.1 * inputs[n].T @ slope
            biases[n] -= 0.1 * slope.sum(axis=0)
            slope = before
    numbered = range(1, len(sizes))
    return {f"W{n}": weights[n - 1] for n in numbered} | {f"b{n}": biases[n - 1] for n in numbered}


def npz(arrays: Mapping[str, Array]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


Judge = Callable[..., CheckResult]


@pytest.fixture
def judge(level_name: str) -> Judge:
    """Run the check of trained accuracy alone on files, at every level."""

    def judged(
        assignment: Assignment,
        files: Mapping[str, bytes],
        *,
        grades: str = "weights",
        share: float = 0.0,
    ) -> CheckResult:
        id = {one.slug: name for one, name in CASES}[assignment.slug]
        chosen = TrainingGrades(grades=grades, retrain_share=share)
        check = replace(load_checks(assignment)[id], needs=())
        case = GradingCase(
            assignment=replace(assignment, training_grades=chosen),
            submission=Submission(student="ada", files=files),
            release=read_release(load_assignment(assignment.slug, assignment.course)),
            level=get_level(level_name),
            limits=Limits(),
            draws=Draws(seed=7, student="ada"),
            end=time.monotonic() + 900,
            failed=log_failure,
        )
        return Grader(case, {id: check}).grade()[0]

    return judged


@pytest.fixture(params=CASES, ids=[one.slug for one, _ in CASES])
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return request.param[0]


def test_the_weights_of_a_right_solution_pass(assignment: Assignment, judge: Judge) -> None:
    files = reference_files(assignment) | {"weights.npz": npz(good_weights(assignment))}
    result = judge(assignment, files)
    assert result.status is Status.PASSED
    assert 0.5 < result.accuracy <= 1


def test_untrained_weights_fail(assignment: Assignment, judge: Judge) -> None:
    rng = np.random.default_rng(1)
    arrays = {
        name: rng.standard_normal(value.shape) for name, value in good_weights(assignment).items()
    }
    result = judge(assignment, reference_files(assignment) | {"weights.npz": npz(arrays)})
    assert result.status is Status.FAILED
    assert "with the weights in `weights.npz` on images held back; needed" in result.rationale


def test_without_a_file_the_reference_is_trained(assignment: Assignment, judge: Judge) -> None:
    assert judge(assignment, reference_files(assignment)).status is Status.PASSED


def test_weights_that_fit_nothing_are_said_and_the_code_trained(judge: Judge) -> None:
    files = reference_files(MNIST)
    small = {name: value[..., :9] for name, value in good_weights(MNIST).items()}
    slow = files["mnist_net/training.py"].replace(b"EPOCHS = 20", b"EPOCHS = 1")
    assert slow != files["mnist_net/training.py"]
    files |= {"weights.npz": npz(small), "mnist_net/training.py": slow}
    result = judge(MNIST, files)
    assert result.status is Status.FAILED
    assert result.help.startswith(
        "`W2` in `weights.npz` has shape (256, 9); expected (9, units). So your code was trained "
        "instead."
    )


def test_another_number_of_hidden_units_is_a_choice_in_nets(judge: Judge) -> None:
    arrays = good_weights(NETS)
    more = {
        "W1": np.c_[arrays["W1"], np.zeros((len(arrays["W1"]), 5))],
        "b1": np.r_[arrays["b1"], np.ones(5)],
        "W2": np.r_[arrays["W2"], np.zeros((5, 10))],
        "b2": arrays["b2"],
    }
    files = reference_files(NETS) | {"weights.npz": npz(more)}
    assert judge(NETS, files).status is Status.PASSED


def test_weights_of_somebody_else_are_found_out_where_they_are_drawn(judge: Judge) -> None:
    """The training reaches no more than what the untrained network has."""
    files = reference_files(MNIST) | {"weights.npz": npz(good_weights(MNIST))}
    source = files["mnist_net/training.py"]
    files["mnist_net/training.py"] = source.replace(b"LEARNING_RATE = 0.1", b"LEARNING_RATE = 0.0")
    assert files["mnist_net/training.py"] != source
    assert judge(MNIST, files, share=0.0).status is Status.PASSED
    result = judge(MNIST, files, share=1.0)
    assert (result.status, result.score) == (Status.PERSON, 0)
    assert "The code that was handed in does not give these weights" in result.rationale


def test_honest_weights_pass_where_they_are_drawn(judge: Judge) -> None:
    files = reference_files(MNIST) | {"weights.npz": npz(good_weights(MNIST))}
    assert judge(MNIST, files, share=1.0).status is Status.PASSED


def test_weights_above_a_stub_are_not_attempted(judge: Judge) -> None:
    files = release_files(NETS) | {"weights.npz": npz(good_weights(NETS))}
    assert judge(NETS, files).status is Status.NOT_ATTEMPTED


def test_by_default_the_file_is_not_looked_at(judge: Judge) -> None:
    files = reference_files(MNIST) | {"weights.npz": b"PK, but no zip"}
    assert judge(MNIST, files, grades="retrain").status is Status.PASSED


# --- images held back -------------------------------------------------------------------------


def test_images_held_back_are_those_that_the_notebook_keeps_for_the_end() -> None:
    data = notebook_data(NETS)
    counts = NETS.training[NETS.dataset]["images"]
    X, y = held_back_images(NETS, counts, np.random.default_rng(0))
    np.testing.assert_array_equal(X, data["X_test"])
    np.testing.assert_array_equal(y, data["y_test"])


def test_shapes_held_back_are_new_and_scaled_as_the_notebook_scales() -> None:
    shapes = replace(NETS, dataset="shapes")
    counts = {"num_train": 40, "num_val": 10, "num_test": 30}
    first, labels = held_back_images(shapes, counts, np.random.default_rng(0))
    again, _ = held_back_images(shapes, counts, np.random.default_rng(0))
    other, _ = held_back_images(shapes, counts, np.random.default_rng(1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (first.shape, labels.shape) == ((30, 3, 32, 32), (30,))
    seen = _notebook_shapes(counts)
    rows = {image.tobytes() for part in ("train", "val", "test") for image in seen[f"X_{part}"]}
    assert not rows & {image.tobytes() for image in first}
    # Black is the same number in both, and so is one step of grey.
    black = -seen["mean_image"]
    steps = (first - black) / (first - black).reshape(30, -1).max() * 255
    np.testing.assert_allclose(steps, steps.round(), atol=1e-2)
    assert np.ptp(seen["X_train"] - black) == pytest.approx(np.ptp(first - black), rel=1e-5)


def _notebook_shapes(counts: Mapping[str, int]) -> dict[str, Array]:
    from autograder.judging.images import _given

    return _given(NETS.release / NETS.package, NETS.slug).load_data("shapes", **counts)


def test_every_student_has_other_images_to_train_on() -> None:
    counts = NETS.training[NETS.dataset]["images"]
    one, two = (draw_images(NETS.dataset, counts, np.random.default_rng(n)) for n in (0, 1))
    assert not np.array_equal(one["X_test"], two["X_test"])


# --- what students are given ------------------------------------------------------------------


@pytest.mark.parametrize(("one", "id"), CASES, ids=[one.slug for one, _ in CASES])
def test_the_notebook_saves_packs_and_says_how_it_is_graded(one: Assignment, id: str) -> None:
    files = release_files(one)
    notebook = files[f"{one.slug}.ipynb"].decode()
    for text in ("save_weights(", "expect_weights(", "weights.npz"):
        assert text in notebook
    assert one.training_grades.grades == "retrain"
    for place in (notebook, files["README.md"].decode()):
        assert one.training_grades.statement in place
    other = TrainingGrades(grades="weights")
    changed = release_files(replace(one, training_grades=other))["README.md"].decode()
    assert other.statement in changed
