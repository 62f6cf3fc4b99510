"""Does a comparison accept what is right in any form, and name what is wrong?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from autograder.judging.arrays import (
    Hints,
    Mistake,
    expect_close,
    expect_number,
    expect_shape,
    expect_unchanged,
)
from autograder.judging.check import Finding, NotAttempted

RIGHT = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, 4.0]])


def finding(got: object, expected: object = RIGHT, **options: object) -> Finding:
    with pytest.raises(Finding) as caught:
        expect_close("out", got, expected, **options)
    return caught.value


@pytest.mark.parametrize(
    "got",
    [
        RIGHT,
        RIGHT.tolist(),
        tuple(map(tuple, RIGHT.tolist())),
        RIGHT.astype(np.float32),
        np.asfortranarray(RIGHT),
        RIGHT + 1e-6,
    ],
    ids=["array", "lists", "tuples", "float32", "fortran", "rounding"],
)
def test_a_right_answer_in_any_form_is_accepted(got: object) -> None:
    np.testing.assert_allclose(expect_close("out", got, RIGHT), RIGHT, atol=1e-5)


@given(
    npst.arrays(np.float64, npst.array_shapes(max_dims=3), elements=st.floats(-1e6, 1e6)),
    st.floats(-2e-8, 2e-8),
)
def test_rounding_never_costs_a_point(right: np.ndarray, noise: float) -> None:
    expect_close("out", (right * (1 + noise)).astype(np.float32), right)


@given(npst.arrays(np.float64, (3, 4), elements=st.floats(0.1, 10)), st.floats(5e-4, 1))
def test_an_error_of_half_a_permille_is_seen(right: np.ndarray, error: float) -> None:
    with pytest.raises(Finding):
        expect_close("out", right * (1 + error), right)


def test_the_shape_is_strict_and_its_owner_named() -> None:
    assert finding(np.zeros((2, 4)), like="x").rationale == (
        "This gives `out` of shape (2, 4), expected (2, 3), the shape of `x`."
    )
    assert finding(RIGHT.T).rationale.endswith("Is it transposed?")
    assert finding(0.0, np.zeros((2, 2))).rationale == (
        "This gives `out` of shape (), expected (2, 2)."
    )


def test_an_alternative_shape_may_be_right() -> None:
    expect_close("db", [[1.0, 2.0]], np.array([1.0, 2.0]), also_shapes=[(1, 2)])


def test_nan_and_infinity_are_findings_of_their_own() -> None:
    wrong = RIGHT.copy()
    wrong[0, 2] = np.nan
    assert finding(wrong).rationale == (
        "This gives `out` with 1 of 6 values not finite (NaN, first at [0, 2])."
    )
    assert finding(np.full((2, 3), np.inf)).help == (
        "Is there a log(0), an overflow in exp, or a division 0/0?"
    )


def test_none_asks_for_a_return() -> None:
    found = finding(None)
    assert found.rationale == "This gives None for `out`, expected an array."
    assert found.help == "Is a `return` missing?"


@pytest.mark.parametrize("got", ["text", {"a": 1}, [[1, 2], [3]], [object()], 1j])
def test_what_is_not_numbers_is_said_to_be_so(got: object) -> None:
    assert "expected numbers" in finding(got).rationale


def test_the_placeholder_is_not_an_attempt() -> None:
    with pytest.raises(NotAttempted):
        expect_close("out", ..., RIGHT)


def test_factors_are_named() -> None:
    factors = {4.0: "the number of rows"}
    assert finding(4 * RIGHT, hints=Hints(factors=factors)).rationale == (
        "This gives `out` that is 4 times the right value, and 4 is the number of rows."
    )
    assert finding(RIGHT / 4, hints=Hints(factors=factors)).rationale == (
        "This gives `out` that is 1/4 of the right value, and 4 is the number of rows."
    )
    assert finding(-RIGHT).rationale == "This gives `out` with the wrong sign."
    assert finding(2 * RIGHT).rationale == (
        "This gives `out` that is 2 times the right value everywhere."
    )
    assert "zero everywhere" in finding(0 * RIGHT).rationale


def test_a_square_transpose_is_named() -> None:
    square = np.arange(9.0).reshape(3, 3)
    assert finding(square.T, square).rationale == (
        "This gives `out` that is the transpose of the right value."
    )


def test_a_known_mistake_is_named_before_anything_else() -> None:
    mistake = Mistake(value=lambda: 2 * RIGHT, rationale="it is doubled.", help="Halve it.")
    found = finding(2 * RIGHT, hints=Hints(mistakes=[mistake], help="Look again."))
    assert (found.rationale, found.help) == ("`out`: it is doubled.", "Halve it.")


def test_the_worst_elements_are_shown() -> None:
    wrong = RIGHT.copy()
    wrong[1, 2] = 5
    assert finding(wrong).rationale == (
        "This gives wrong values. 1 of 6 differ by more than 0.0001 (relative): "
        "`out[1, 2]` = 5, expected 4."
    )


def test_numbers_come_in_many_forms() -> None:
    for got in (2, 2.0, np.float32(2), np.array(2.0), [2.0], np.array([[2.0]])):
        assert expect_number("loss", got, 2.0) == 2.0
    with pytest.raises(Finding, match="expected a single number"):
        expect_number("loss", [1.0, 2.0], 2.0)
    with pytest.raises(Finding) as caught:
        expect_number("loss", 3.0, 2.0)
    assert (
        caught.value.rationale == "This gives `loss` that is 1.5 times the right value everywhere."
    )
    with pytest.raises(Finding, match="not finite"):
        expect_number("loss", float("nan"), 2.0)


def test_expect_shape_asks_for_finite_numbers() -> None:
    assert expect_shape("W1", RIGHT, (2, 3)).dtype == np.float64
    with pytest.raises(Finding, match="expected"):
        expect_shape("W1", RIGHT, (3, 2))
    with pytest.raises(Finding, match="not finite"):
        expect_shape("W1", [np.nan], (1,))


def test_a_changed_input_is_a_finding() -> None:
    expect_unchanged("x", RIGHT.copy(), RIGHT)
    with pytest.raises(Finding, match="changes its input `x` in place"):
        expect_unchanged("x", RIGHT + 1, RIGHT)
