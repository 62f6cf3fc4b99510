"""Ordered proofs: several right orders, first gap, distractors, credit by the largest part."""

from __future__ import annotations

import pytest

from autograder.judging.mathematics.kinds.proofs import Proof, largest_consistent, mark_order
from autograder.judging.mathematics.reading.errors import Empty

LINES = [
    {"id": "a", "text": "x"},
    {"id": "b", "text": "y", "needs": ["a"]},
    {"id": "c", "text": "z"},
    {"id": "d", "text": "u", "needs": ["b", "c"]},
    {"id": "z", "text": "no", "message": "this is false."},
]


@pytest.fixture
def proof():
    return Proof.from_plain({"lines": LINES})


@pytest.mark.parametrize("order", ["abcd", "acbd", "cabd"])
def test_every_order_that_respects_the_needs_is_right(order, proof):
    assert mark_order(proof, list(order)).credit == 1.0


@pytest.mark.parametrize(
    ("order", "credit", "says", "words"),
    [
        ("bacd", 0.75, "order", "Line b comes before something that it needs."),
        ("abc", 0.75, "incomplete", "1 of 4 lines missing."),
        ("abzcd", 0.75, "distractor", "Line z: this is false."),
        ("dcba", 0.5, "order", "Line d comes before something that it needs."),
        ("z", 0.0, "distractor", "Line z: this is false."),
    ],
)
def test_credit_is_the_largest_consistent_part(order, credit, says, words, proof):
    mark = mark_order(proof, list(order))
    assert (mark.credit, mark.says, mark.rationale) == (credit, says, words)


def test_needs_of_needs_count_when_a_line_is_left_out(proof):
    assert largest_consistent(proof, ["d", "a"]) == 1


def test_no_line_is_named(proof):
    with pytest.raises(Empty, match="No line is named here yet"):
        mark_order(proof, ["q"])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([{"id": "a", "text": ""}, {"id": "a", "text": ""}], "two lines have the same id"),
        ([{"id": "a", "text": "", "needs": ["q"]}], r"the needs of \['a'\] cannot be met"),
        ([{"id": str(k), "text": ""} for k in range(13)], "13 lines; at most 12 can be marked"),
    ],
)
def test_an_impossible_proof_is_refused(lines, message):
    with pytest.raises(ValueError, match=message):
        Proof.from_plain({"lines": lines})
