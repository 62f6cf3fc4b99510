"""Placeholders: computed where they are shown, and wrong ones named with their line."""

from __future__ import annotations

import pytest

from autograder.authoring.errors import AuthoringError
from autograder.authoring.placeholders import fill_in

VALUES = {"points": {"sgd": 2}, "threshold": {"tuned": 0.9125}}
RULES = "it begins with `[[=` and ends with `]]` on the same line, and knows `points`, `threshold`"


def test_expressions_are_replaced_by_their_values() -> None:
    text = 'get [[= points.sgd ]] for\n[[= "%.1f" | format(100 * threshold.tuned) ]] % and more'
    assert fill_in(text, VALUES, file="a.md") == "get 2 for\n91.2 % and more"


def test_everything_else_stays_as_it_is() -> None:
    text = "\n".join(
        ["x = [[1, 2], [3, 4]]", "{{ a }} {% b %} {# c #}", "[[% d %]]", "<b> & 'q'", "", "  "]
    )
    assert fill_in(text, VALUES, file="a.md") == text
    assert fill_in("[[= '<b> &' ]] {{ x }}", VALUES, file="a.md") == "<b> & {{ x }}"


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("[[= nothing ]]", "'nothing' is undefined"),
        ("[[= points.adam ]]", "'dict object' has no attribute 'adam'"),
        ("[[= points.sgd / 0 ]]", "division by zero"),
        ("[[= points.sgd", "unexpected end of template, expected 'end of print statement'."),
    ],
)
def test_a_wrong_expression_is_named_with_its_line(expression: str, reason: str) -> None:
    with pytest.raises(AuthoringError) as raised:
        fill_in(f"first\nsee {expression}", VALUES, file="a.md", first_line=7)
    assert str(raised.value) == f"a.md:8: the placeholder cannot be computed ({reason}); {RULES}"


@pytest.mark.parametrize(
    ("points", "said"),
    [(1, "(1 point)"), (2, "(2 points)"), (0.5, "(0.5 points)"), (11, "(11 points)")],
)
def test_points_agree_with_their_number(points: float, said: str) -> None:
    values = {"points": {"sgd": points}}
    assert fill_in("([[= points.sgd ]] points)", values, file="a.md") == said


def test_what_the_author_has_written_without_a_placeholder_stays() -> None:
    assert fill_in("worth 1 points", {}, file="a.md") == "worth 1 points"
