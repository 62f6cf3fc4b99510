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
    names = ["w_1", "w", "\\hat w_1"]
    wanted = {"kind": "number", "shape": ["2"], "names": names, "up_to": "sign",
              "reference": f"[{column[0]}; {column[1]}]"}  # fmt: skip
    said = judge(question({"id": "list", "answer": wanted}), answer)
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


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("1/4", "This is not an interval."),
        ("between 0 and 1", "“between 0 and 1” does not say whether the ends belong to it."),
        ("(1, 0)", "The left end 1 is larger than the right end 0."),
        ("(0, x]", "The ends of an interval are numbers."),
        ("(0,0,25]", "It is not clear which comma stands between the two ends."),
        ("(0, 1) or [0, 1]", "Two intervals stand here: (0, 1) and [0, 1]."),
        ("(0, 1) ∪ (2, 3)", "A union is read as no interval."),
        ("not (0, 1)", "“not” says which interval it is not."),
        ("(0, 1) if z > 0, otherwise (0, 2)", "“otherwise” gives a second interval."),
    ],
)
def test_what_is_said_to_a_text_that_is_no_interval(answer, problem):
    with pytest.raises(MathematicsError) as caught:
        interval(answer, UNNAMED)
    assert str(caught.value) == problem
    assert "[-1" in caught.value.help


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("", "No line is named here yet."),
        ("b x a", "No line is called 'x'; there are a b c d e f g h."),
        ("b c a b", "Line b is named twice."),
        ("b c d or d c b", "Two orders stand here: b c d and d c b."),
        ("not b c d", "“not” before an order says which one it is not."),
        ("b ← c ← d", "An arrow to the left turns the order around."),
        ("b=2, c=1", "The numbers beside b c are not 1, 2, 3 in this order."),
        ("c after b, d", "“after” turns an order around."),
        ("backwards: b c d", "The order is said to be turned around."),
        ("last c, then b, d", "The words “first” and “last” do not stand with the first and last "
                              "line named."),
        ("c d e because a is a fact", "Line a is named outside of the order."),
        ("c d a lemma", "“a lemma”: this a can be a word or a name."),
    ],
)  # fmt: skip
def test_what_is_said_to_a_text_that_is_no_order(answer, problem):
    with pytest.raises(MathematicsError) as caught:
        order(answer, LINES)
    assert str(caught.value) == problem
    assert "as in " in caught.value.help


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("", "No choice is named here yet."),
        ("b or d", "“or” leaves open which choices are yours."),
        ("b-d", "“b-d” can be more than two choices."),
        ("b and d, not c", "“not” leaves open which choices are yours."),
        ("b fits and d fits", "Two groups of choices stand here: b and d."),
        ("b holds, a lemma", "“a lemma”: this a can be a word or a name."),
    ],
)
def test_what_is_said_to_a_text_that_names_no_choices(answer, problem):
    with pytest.raises(MathematicsError) as caught:
        selection(answer)
    assert str(caught.value) == problem
    assert "as in " in caught.value.help


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("1,000", "The comma in 1,000 can separate thousands or decimals."),
        ("1.000,5", "The comma in 1.000,5 can separate thousands or decimals."),
        ("1,2,3", "1,2,3 can be read as several numbers."),
        (",5", "A comma stands before this number."),
        ("2^0,5", "It is not clear where this exponent ends."),
        ("2½", "A number with ½ behind it can be a sum or a product."),
        (r"2\frac12", "A number with a fraction behind it can be a sum or a product."),
        ("7 % 2", "% between two factors has no meaning here."),
        (r"\frac{1, 2}{3}", "A list of several things cannot stand here."),
    ],
)
def test_what_is_said_to_a_number_with_two_meanings(answer, problem):
    said = judge(_number(1), answer)
    assert said.rationale == problem
    assert "as in " in said.help or "Write " in said.help


def test_where_the_names_of_choices_are_declared_nothing_else_is_one():
    assert selection("relu and tanh", ["relu", "tanh", "sigmoid"]) == ("relu", "tanh")
    plain = {"kind": "choice", "correct": ["relu"], "choices": ["relu", "tanh"]}
    assert judge(question({"id": "choice", "answer": plain}), "ReLU, b").is_right


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        ("order: b → d → a. Line c is not needed.", "bda"),
        ("b, d, a. Lines c and e are wrong.", "bda"),
        ("1. b 2. d 3. a (c is a distractor)", "bda"),
        ("Step 1: b. Step 2: d. Step 3: a.", "bda"),
        ("b. d. a.", "bda"),
    ],
)
def test_what_follows_an_order_in_a_sentence_of_its_own_is_no_part_of_it(answer, meaning):
    assert "".join(order(answer, LINES)) == meaning
