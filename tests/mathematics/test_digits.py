"""A hundred digits: numbers, matrices, and the data of every question made true to them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograder.judging.mathematics import question
from autograder.judging.mathematics.computing.evaluate import evaluate
from autograder.judging.mathematics.computing.exact_data import exact_instance
from autograder.judging.mathematics.computing.precise import (
    NoExactValueError,
    Precise,
    precise,
    rough,
)
from autograder.judging.mathematics.computing.precise_algebra import (
    SingularError,
    determinant,
    eigenvectors,
    inverse,
    orthonormal,
    pseudo_inverse,
)
from autograder.judging.mathematics.kinds.expressions import ExpressionQuestion
from autograder.judging.mathematics.specification import load

SPECIFICATIONS = sorted((Path(__file__).parent / "specs").glob("*.toml"))
TINY = 1e-80


def worst(values):
    return float(np.abs(rough(values)).max())


@pytest.fixture
def matrix(rng):
    """A 4 by 3 matrix of rank 3."""
    return precise(rng.standard_normal((4, 3)))


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def test_numbers_mix_with_floats_and_arrays():
    third = 1 / Precise(3)
    assert float(3 * third - 1) == pytest.approx(0, abs=1e-100)
    assert float(2 - third) == pytest.approx(5 / 3)
    assert float((third * np.array([3.0, 6.0]))[1]) == pytest.approx(2)
    assert float(np.sqrt(precise(np.array([2.0])))[0] ** 2 - 2) == pytest.approx(0, abs=1e-100)
    assert float(Precise(0.3).tanh()) == pytest.approx(np.tanh(0.3))
    assert float(Precise(0.3).exp().log()) == pytest.approx(0.3)
    assert float(2 ** Precise(0.5)) == pytest.approx(np.sqrt(2))
    assert (Precise(1) < 2, Precise(1) >= 1.5, Precise(2) == 2, abs(Precise(-1)) > 0) == (
        True,
        False,
        True,
        True,
    )
    assert len({Precise(1), Precise(1)}) == 1


def test_a_power_without_end_is_not_computed():
    with pytest.raises(NoExactValueError):
        Precise(10) ** Precise(1e10)


def test_an_inverse_and_a_determinant(matrix):
    square = matrix.T @ matrix
    assert worst(inverse(square) @ square - np.eye(3)) < TINY
    assert float(determinant(square)) == pytest.approx(np.linalg.det(rough(square)))
    with pytest.raises(SingularError) as raised:
        inverse(matrix @ matrix.T)
    assert raised.value.rank == 3
    with pytest.raises(NoExactValueError):
        determinant(precise(np.eye(5)))


def test_the_four_equations_of_a_pseudo_inverse(matrix):
    for a in (matrix, matrix.T, matrix @ matrix.T, matrix * 0):
        p = pseudo_inverse(a)
        assert worst(a @ p @ a - a) < TINY
        assert worst(p @ a @ p - p) < TINY
        assert worst(a @ p - (a @ p).T) < TINY
        assert worst(p @ a - (p @ a).T) < TINY


def test_a_rank_that_only_floats_see_is_not_decided(rng):
    thin = rng.standard_normal((4, 2)) @ rng.standard_normal((2, 3))
    with pytest.raises(NoExactValueError, match="rank"):
        pseudo_inverse(precise(thin))


def test_orthonormal_columns_and_eigenvectors(rng):
    q = orthonormal(precise(np.linalg.qr(rng.standard_normal((5, 3)))[0]))
    assert worst(q.T @ q - np.eye(3)) < TINY
    a = q @ precise(np.diag([3.0, 2.0, 1.0])) @ q.T
    values, basis = eigenvectors(a)
    assert worst(a @ basis - basis * values) < TINY
    assert rough(values).tolist() == pytest.approx([0, 0, 1, 2, 3])


@pytest.mark.parametrize("path", SPECIFICATIONS, ids=lambda path: path.stem)
def test_right_answers_agree_to_many_digits(path):
    plain = load(path)
    asked = question(plain)
    if not isinstance(asked, ExpressionQuestion) or asked.trial.freedom != "nothing":
        pytest.skip("has no one value")
    for probe in asked.probes:
        data = exact_instance(plain, probe.instance)
        reference = asked.reference(data)
        for right in plain["right"]:
            fit = asked.trial.fits_on(asked.read(right).node, data)
            assert worst(evaluate(fit.node, data) - reference) < 1e-50
