"""Intervals, numbers, lists, orders and choices as students write them, and what each means."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.judging.mathematics import judge, question
from autograder.judging.mathematics.reading.declare import declarations
from autograder.judging.mathematics.reading.errors import MathematicsError
from autograder.judging.mathematics.reading.intervals import interval
from autograder.judging.mathematics.reading.orders import order
from autograder.judging.mathematics.reading.selections import selection

ANSWERS = json.loads((Path(__file__).parent / "short_answers.json").read_text(encoding="utf-8"))
NAMED = declarations({"answer": {"names": ["\\sigma'"]}})
UNNAMED = declarations({})
LINES = "abcdefgh"


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS["intervals"])
def test_an_interval_is_read_or_refused(answer, meaning):
    if meaning is None:
        with pytest.raises(MathematicsError) as caught:
            interval(answer, NAMED)
        assert caught.value.help
    else:
        wanted = interval(meaning.replace("inf", "\\infty"), UNNAMED)
        assert interval(answer, NAMED).is_close(wanted)


def _number(value, **more):
    answer = {"kind": "number", "shape": [], "names": ["L"], "reference": repr(float(value))}
    return question({"id": "number", "answer": {**answer, "tolerance": 1e-9, **more}})


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS["numbers"])
def test_a_number_is_read_or_refused(answer, meaning):
    said = judge(_number(10 if meaning is None else meaning, bound="lower"), answer)
    if meaning is None:
        assert said.says in {"unreadable", "ambiguous", "unknown_symbol", "implicit"}
        assert said.help
    else:
        assert said.is_right, said.message()


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS["vectors"])
def test_a_list_is_a_column_where_one_is_asked_for(answer, meaning):
    column = meaning or [0, 1]
    plain = {"id": "list", "answer": {
        "kind": "number", "shape": ["2"], "names": ["w_1", "w", "\\hat w_1"], "up_to": "sign",
        "reference": f"\\begin{{bmatrix}} {column[0]} \\\\ {column[1]} \\end{{bmatrix}}"}}  # fmt: skip
    said = judge(question(plain), answer)
    assert said.is_right == (meaning is not None), said.message()
    assert said.is_right or said.help


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS["orders"])
def test_an_order_is_read_or_refused(answer, meaning):
    if meaning is None:
        with pytest.raises(MathematicsError) as caught:
            order(answer, LINES)
        assert caught.value.help
    else:
        assert "".join(order(answer, LINES)) == meaning


@pytest.mark.parametrize(("answer", "meaning"), ANSWERS["choices"])
def test_choices_are_read_or_refused(answer, meaning):
    if meaning is None:
        with pytest.raises(MathematicsError) as caught:
            selection(answer)
        assert caught.value.help
    else:
        assert sorted(selection(answer)) == sorted(set(meaning))
