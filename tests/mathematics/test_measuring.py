"""The script that measures a set of answers tells apart what is lost and what is misread."""

from __future__ import annotations

import json

import pytest

QUARTER = {
    "id": "quarter",
    "answer": {"kind": "number", "shape": [], "reference": "1/4", "tolerance": 1e-3},
}


@pytest.fixture
def corpus(measure, tmp_path):
    """A set with the given entries about one number."""

    def made(*entries, mistakes=()):
        named = [{"id": str(k), "question": "quarter", **e} for k, e in enumerate(entries)]
        plain = {"questions": {"quarter": QUARTER}, "answers": named, "mistakes": list(mistakes)}
        path = tmp_path / "answers.json"
        path.write_text(json.dumps(plain), encoding="utf-8")
        return measure.Corpus(path)

    return made


@pytest.mark.parametrize(
    ("entry", "as_meant", "silent"),
    [
        ({"answer": "1/4", "outcome": "right"}, True, False),
        ({"answer": "1/4", "outcome": "wrong"}, False, True),
        ({"answer": "1/2", "outcome": "right"}, False, True),
        ({"answer": "1/(", "outcome": "right"}, False, False),
        ({"answer": "1/(", "outcome": "right", "also": ["refused"]}, True, False),
        ({"answer": "1/(", "outcome": "refused"}, True, False),
        ({"answer": "1/2", "outcome": "refused"}, False, True),
        ({"answer": "1/2", "outcome": "refused", "also": ["factor"]}, True, False),
    ],
)
def test_an_answer_is_as_meant_or_lost_or_misread(entry, as_meant, silent, corpus):
    (one,) = corpus(entry).measured()
    assert (one.as_meant, one.silent) == (as_meant, silent)


def test_the_two_figures(corpus, measure):
    entries = [{"answer": text, "outcome": "right"} for text in ("1/4", "0.25", "1/2", "1/(")]
    said = measure.figures(list(corpus(*entries).measured()))
    assert said == "2 of 4 as meant (50.0 %), 1 silent misread"


def test_what_is_lost_is_printed_with_its_reason(corpus):
    (one,) = corpus({"answer": "1/(", "outcome": "right"}).measured()
    assert str(one).startswith("0 lost: right is meant, refused (unreadable)\n  quarter: '1/('")


def test_the_older_sets_are_measured_by_their_meanings(measure):
    measured = list(measure.Corpus(measure.HERE / "answers_third.json").measured())
    assert measure.figures(measured) == "23 of 23 as meant (100.0 %), 0 silent misreads"


def test_a_value_that_is_not_meant_is_a_silent_misread(measure, tmp_path):
    plain = {"answers": [{"id": "a", "world": "ridge", "answer": "X^Ty", "means": "ridge"}]}
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    (one,) = measure.Corpus(path).measured()
    assert (one.got, one.silent) == ("wrong", True)


def test_an_explanation_names_the_mistake_or_says_something_false(measure):
    entry = {"id": "m", "question": "least_squares/ols_formula", "answer": "X^{-1}y",
             "mistake": "X is not square", "names": ["no inverse"]}  # fmt: skip
    said = measure.Explained(entry=entry, message="X is n×d, so it has no inverse.")
    assert (said.named, said.false) == (True, False)
    assert measure.Explained(entry={**entry, "never": ["n×d"]}, message=said.message).false


def test_the_fourth_set_is_whole(measure):
    corpus = measure.Corpus(measure.HERE / "answers_fourth.json")
    answers, mistakes = corpus.plain["answers"], corpus.plain["mistakes"]
    assert (len(answers) >= 150, len(mistakes)) == (True, 60)
    assert {a["outcome"] for a in answers} == {"right", "wrong", "refused"}
    assert len({(a["question"], a["answer"]) for a in answers}) == len(answers)
    assert all(a["why"] for a in answers)
    assert all(m["mistake"] and m["names"] for m in mistakes)


SETS = ("sixty", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
        "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
        "indexed")  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_no_answer_of_a_set_is_read_as_another_one(name, measure):
    measured = list(measure.Corpus(measure.HERE / f"answers_{name}.json").measured())
    assert [str(one) for one in measured if one.silent] == []
    assert sum(one.as_meant for one in measured) >= 0.97 * len(measured)
