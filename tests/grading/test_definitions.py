"""Which statements of a course's notebook make a value, and which would train."""

from __future__ import annotations

import ast

import pytest

from autograder.grading.definitions import definitions


@pytest.mark.parametrize(
    "line",
    [
        "mask = [0.5, 0.0, -0.5]",
        "mask = np.array([[1], [0], [-1]]).ravel() / 2",
        "mask = (np.eye(3) / 2).tolist()",
        "order = 'c, a, b'.split(', ')",
        "widths = list(range(3))",
        "import numpy as np",
        "def best(x):\n    return train(x)",
    ],
)
def test_what_makes_a_value_is_a_definition(line: str) -> None:
    assert [ast.unparse(one) for one in definitions(line)] == [ast.unparse(ast.parse(line))]


@pytest.mark.parametrize(
    "line",
    [
        "history = train(network)",
        "scores = Solver(model, data).train()",
        "scores = solver.train()",
        "loss = np.mean(model.loss(X))",
        "plt.plot(loss)",
        "no Python at all",
    ],
)
def test_what_may_train_is_left_out(line: str) -> None:
    assert list(definitions(line)) == []
