"""Free texts: what is found in them by formula, word and number, and what is not."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics import judge, question
from autograder.judging.mathematics.proving import self_test
from autograder.judging.mathematics.reading.declarations import DeclarationError
from autograder.judging.mathematics.texts.prose import numbers, said, sentences, spoken

LINES = [
    {"id": "sum", "points": 1, "text": "the sum", "evidence": [{"formula": "a^2 + 2ab + b^2"}]},
    {"id": "law", "points": 1, "text": "the law", "evidence": [{"equation": "a + b = c"}]},
    {
        "id": "why",
        "points": 1,
        "text": "a reason",
        "evidence": [
            {"words": [["grow", "rise"], ["faster", "speed"]], "within": 2},
            {"numbers": [[2, 3]], "words": [["factor"]]},
            {"check": "add"},
        ],
    },
    {"id": "taste", "points": 0.5, "text": "beauty"},
]
PLAIN = {
    "id": "free",
    "title": "Free.",
    "symbols": {name: {"scalar": "real"} for name in "abc"},
    "answer": {"kind": "rubric"},
    "rubric": LINES,
    "graded": [{"answer": "$(a+b)^2$", "finds": ["sum"]}],
}


@pytest.fixture(scope="module")
def rubric():
    return question(PLAIN)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"It is $(a+b)^2$, is it not?", {"sum"}),
        (r"$$x = (a + b)(b + a) = 4$$", {"sum"}),
        (r"So $a^2 + b^2$.", set()),
        (r"Now $2c - 2b = 2a$ follows.", {"law"}),
        (r"Now $c - b = 2a$ follows.", set()),
        ("Values **rise**. So it is faster.", {"why"}),
        ("Values rise. I like it. So it is faster.", set()),
        ("By a factor of 2.5.", {"why"}),
        ("By a factor of 25.", set()),
        ("The overgrowth is faster.", set()),
        (r"$\oint$ and $(a", set()),
        ("", set()),
    ],
)
def test_what_is_found(rubric, text, found):
    lines = rubric.suggest(text)
    assert {line.id for line in lines if line.found} == found
    assert lines[-1].found is None


def test_a_check_that_passed_is_evidence(rubric):
    line = rubric.suggest("Hm.", passed=["add"])[2]
    assert (line.found, line.because) == (True, "the check `add` passed")


def test_the_students_own_words_are_quoted(rubric):
    lines = rubric.suggest("It *grows*, at the speed of light. Thus $(a+b)^2$.")
    assert lines[0].because == "`(a+b)^2`"
    assert lines[2].because == "“It *grows*, at the speed of light. Thus $(a+b)^2$.”"
    long = rubric.suggest("It grows " + "x" * 200 + " at speed.")[2].because
    assert long == "“It grows " + "x" * 80 + "…”"


def test_a_free_text_is_never_judged(rubric):
    said_of = judge(rubric, "Anything.")
    assert (said_of.credit, said_of.says) == (None, "person")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rubric": [{"id": "a", "text": "a"}]}, "needed .*'points'"),
        ({"rubric": [*LINES, LINES[0]]}, "two lines have the same id"),
        ({"rubric": [{**LINES[0], "evidence": [{"word": "a"}]}]}, "known keys are"),
        ({"graded": [{"answer": "x", "finds": ["y"]}]}, r"finds \['y'\]; the lines are"),
        ({"graded": [{"answer": "x", "finds": ["sum"]}]}, r"in 'x' is found \[\]"),
        ({"graded": []}, "an example is needed"),
    ],
)
def test_a_rubric_that_cannot_be_used_is_refused(changes, says):
    with pytest.raises(DeclarationError, match=says):
        self_test({**PLAIN, **changes})


def test_a_rubric_without_lines_is_refused():
    with pytest.raises(DeclarationError, match="rubric: missing, kind 'rubric' needs it"):
        question({key: value for key, value in PLAIN.items() if key != "rubric"})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"$4^{-2}$ and 1/4", [4.0, 2.0, 0.25]),
        (r"near $\lambda = 10^{-14}$", [1e-14]),
        (r"$2\cdot 10^3$, 3×10^2, 2*10**2", [2000.0, 300.0, 200.0]),
        (r"\frac{1}{8} or 1e-3 or 2E5", [0.125, 1e-3, 2e5]),
        ("7 %, 1.5.", [7.0, 1.5]),
        ("1/0 and e5 and 10^", [1.0, 0.0, 5.0, 10.0]),
        ("9" * 40, [float("9" * 15), float("9" * 15), float("9" * 10)]),
        ("1e99999", [pytest.approx(1e99), 999.0]),
    ],
)
def test_numbers_in_a_text(text, found):
    assert numbers(text) == found


def test_sentences_items_and_paragraphs():
    text = "One 1.5 two. Three?\n- item\n\nLast\nline"
    assert sentences(text) == ["One 1.5 two.", "Three?", "- item", "Last\nline"]
    assert sentences("") == []


def test_symbols_are_spoken_by_their_names():
    assert spoken(r"λ → ∞, $\sigma_1^2 \to 0$ √x") == (
        "lambda to infinity , sigma _1^2 to 0 sqrt x"
    )
    assert said("As λ→0, w→X⁺y.", [["lambda to 0"], ["w to"]]) == "As λ→0, w→X⁺y."
