"""What a test of otter's shows, compared with the output that was saved."""

from __future__ import annotations

import pytest

from autograder.sandbox.adopted.output import Output, Text


@pytest.mark.parametrize(
    ("value", "expected"),
    [(3, "3"), (True, "True"), ([1, 2], "[1,\n 2]"), ({2, 1}, "{1, 2}"), ("a", "'a'"), (None, "")],
)
def test_what_is_shown_is_compared_as_text(value: object, expected: str) -> None:
    Output().assert_equal(value, Text(expected))


@pytest.mark.parametrize(
    ("value", "expected"), [(3.0, "3"), ("3", "3"), (None, "3"), ([1], "[2]"), (1, "True")]
)
def test_another_text_is_a_mistake(value: object, expected: str) -> None:
    with pytest.raises(AssertionError, match=r"The test shows .*, and expects "):
        Output().assert_equal(value, Text(expected))


def test_scalars_of_numpy_are_numbers() -> None:
    numpy = pytest.importorskip("numpy")
    Output().assert_equal(numpy.float64(0.5), Text("0.5"))
    Output().assert_equal(0.5, Text("np.float64(0.5)"))
    Output().assert_equal(numpy.True_, Text("True"))


def test_an_output_that_was_not_saved() -> None:
    with pytest.raises(AssertionError, match=r"Run the notebook, save it, and adopt it again\."):
        Output().assert_silent(3)
