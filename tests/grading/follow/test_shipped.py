"""Mistakes of real students in the shipped assignments: each costs its own points."""

from __future__ import annotations

from functools import cache

import pytest

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.grading import grade_submission
from autograder.results import Report
from autograder.solved import read_solved
from autograder.submission import Submission

pytestmark = pytest.mark.long

RELU = "def relu_backward(dout, cache):\n    dout[cache <= 0] = 0\n    return dout\n"
SOFTMAX = """
def softmax_loss(x, y):
    rows = np.arange(len(x))
    x -= x.max(axis=1, keepdims=True)
    powers = np.exp(x)
    loss = (np.log(powers.sum(axis=1)) - x[rows, y]).mean()
    powers /= powers.sum(axis=1, keepdims=True)
    powers[rows, y] -= 1
    return loss, powers / len(x)
"""
MEAN = """
right_affine_backward = affine_backward


def affine_backward(dout, cache):
    dx, dw, db = right_affine_backward(dout, cache)
    return dx, dw, db / len(dout)
"""
LEAKY = "def relu_forward(x):\n    return np.where(x > 0, x, 0.01 * x), x\n"
NO_RETURN = "def affine_backward(dout, cache):\n    dx = dout\n"
BORDER = """
right_backward = ConvLayer2D.backward


def backward(self, dprev):
    border = dprev[:, 0 : -self.padding, 0 : -self.padding]
    if not border.size:
        raise ValueError("could not broadcast input array")
    return right_backward(self, dprev)


ConvLayer2D.backward = backward
"""


@cache
def graded(slug: str, *edits: tuple[str, str]) -> Report:
    """The report of the reference with code added at the ends of files."""
    assignment = load_assignment(slug, shipped_course())
    solved = read_solved(assignment)
    assert solved is not None
    files = solved.reference()
    for path, code in edits:
        files[path] += f"\n\n{code}".encode()
    handed_in = {path: files[path] for path in assignment.editable}
    return grade_submission(assignment, Submission(student="ada", files=handed_in), seed=5)


def points_lost(report: Report) -> dict[str, float]:
    """By check, where any are lost."""
    found = {one.id: one.max_score - one.score for one in report.checks}
    return {id: points for id, points in found.items() if points}


@pytest.mark.parametrize(
    ("slug", "path", "code", "lost"),
    [
        ("fully_connected_nets", "nn/layers.py", RELU, {"relu_backward": 1}),
        ("fully_connected_nets", "nn/layers.py", SOFTMAX, {"softmax_loss": 2}),
        (
            "fully_connected_nets",
            "nn/layers.py",
            MEAN,
            {"affine_backward": 2, "two_layer_training": 2},
        ),
        (
            "fully_connected_nets",
            "nn/layers.py",
            LEAKY,
            {"relu_forward": 1, "two_layer_training": 2},
        ),
        (
            "fully_connected_nets",
            "nn/layers.py",
            NO_RETURN,
            {"affine_backward": 2, "two_layer_training": 2},
        ),
        ("modular_nets", "lib/cnn/layer_utils.py", BORDER, {"conv_backward_no_padding": 1}),
    ],
    ids=["relu in place", "softmax in place", "mean", "leaky", "no return", "no padding"],
)
def test_a_mistake_costs_its_own_points(
    slug: str, path: str, code: str, lost: dict[str, float]
) -> None:
    assert points_lost(graded(slug, (path, code))) == lost


def test_a_module_with_a_syntax_error_costs_its_own_points() -> None:
    report = graded("fully_connected_nets", ("nn/optim.py", "def sgd(:\n"))
    lost = {one.id for one in report.checks if one.score < one.max_score}
    assert lost == {"sgd", "two_layer_training", "sgd_momentum", "rmsprop", "adam"}


V_FOR_VT = """
def lstsq_svd(X, y, cutoff=CUTOFF):
    U, s, Vt = np.linalg.svd(X, full_matrices=False)
    kept = s > cutoff * s[0]
    return Vt[:, kept] @ (U[:, kept].T @ y / s[kept])
"""
BY_OWN_SOLVER = """
from .least_squares import lstsq_svd


def tikhonov(A, b, W1, W2, c):
    return lstsq_svd(np.vstack([W1 @ A, W2]), np.concatenate([W1 @ b, {part}]))
"""
SOLVER, TIKHONOV = "linear/least_squares.py", "linear/tikhonov.py"


def test_a_solver_that_others_call_costs_its_own_points() -> None:
    """`min_norm_svd` calls it in the reference, `tikhonov` does so here."""
    right = BY_OWN_SOLVER.format(part="W2 @ c")
    report = graded("least_squares", (SOLVER, V_FOR_VT), (TIKHONOV, right))
    assert set(points_lost(report)) == {"lstsq_svd"}


def test_a_mistake_of_its_own_is_not_hidden_by_the_solver() -> None:
    wrong = BY_OWN_SOLVER.format(part="np.zeros(len(W2))")
    report = graded("least_squares", (SOLVER, V_FOR_VT), (TIKHONOV, wrong))
    assert set(points_lost(report)) == {"lstsq_svd", "tikhonov"}


STEPS_BY_ONE = """
right_size, right_forward = ConvLayer2D.get_output_size, ConvLayer2D.forward


def get_output_size(self, shape):
    count, down, _, filters = right_size(self, shape)
    return count, down, down, filters


def forward(self, feat):
    step, self.stride = self.stride, 1
    out = right_forward(self, feat)
    self.stride = step
    return out


ConvLayer2D.get_output_size, ConvLayer2D.forward = get_output_size, forward
"""


def test_what_a_check_shares_with_its_own_group_is_not_said_to_be_replaced() -> None:
    report = graded("modular_nets", ("lib/cnn/layer_utils.py", STEPS_BY_ONE))
    found = {check.id: check for check in report.checks}
    assert found["conv_forward_strides"].status == "failed"
    backward = found["conv_backward_strides"]
    assert backward.followed == ("conv_output_size",)
    assert backward.rationale.startswith(
        "Marked with the course's `ConvLayer2D.get_output_size` in place of yours."
    )
