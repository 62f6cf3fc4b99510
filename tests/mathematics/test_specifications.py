"""The written questions of documents 000 and 003 grade their own examples and real mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.judging.mathematics import judge, question
from autograder.judging.mathematics.computing.bank import instances
from autograder.judging.mathematics.computing.outcomes import Case, Trial
from autograder.judging.mathematics.explaining.edits import edits
from autograder.judging.mathematics.kinds.expressions import ExpressionQuestion
from autograder.judging.mathematics.proving import self_test
from autograder.judging.mathematics.reading.declarations import DeclarationError
from autograder.judging.mathematics.specification import checked, load, public

SPECS = sorted((Path(__file__).parent / "specs").glob("*.toml"))
HALF = {"id": "half", "answer": {"kind": "number", "shape": [], "reference": "1/2"}}


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_a_specification_grades_its_own_examples(path):
    plain = load(path)
    self_test(plain)
    assert len(plain["right"]) >= 3
    assert len(plain["wrong"]) >= 3


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_every_refusal_says_what_happened_and_where_to_look(path, asked):
    for entry in asked(path.stem).plain["wrong"]:
        said = judge(asked(path.stem), entry["answer"])
        assert said.rationale
        assert said.help
        assert said.credit is not None
        assert said.credit < 1


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_what_travels_with_the_release_holds_no_answer(path):
    plain = load(path)
    text = repr(public(plain))
    for key in ("reference", "objective", "predicates", "interval", "correct", "unknowns"):
        if key in plain["answer"]:
            assert repr(key) not in text
    assert "right" not in public(plain)


def test_no_neighbour_of_a_reference_is_accepted_that_differs_on_other_data(asked):
    """One-edit neighbours which pass must also pass on data drawn with another seed."""
    accepted = neighbours = 0
    for name in ("hw1_1b", "hw1_1d", "hw1_2a", "hw1_2b", "hw1_3a", "hw4_2_3_scatter"):
        one = asked(name)
        other = {**one.plain, "id": "another seed"}
        fresh = [Case(i, one.reference(i)) for i in instances(other, one.declared) if not i.edge]
        node = one.read(one.answer["reference"]).node
        for edit in edits(node, one.declared):
            neighbours += 1
            if one.trial.holds(edit.node, one.trial.cases):
                accepted += 1
                assert _trial(one, fresh).holds(edit.node, fresh), edit.words
    assert neighbours > 300
    assert accepted < neighbours / 5


def _trial(one: ExpressionQuestion, cases: list[Case]) -> Trial:
    return Trial(
        declared=one.declared, cases=cases, freedom=one.trial.freedom,
        tolerance=one.trial.tolerance, shape=one.trial.shape,
    )  # fmt: skip


def test_part_credit_for_one_regime(asked):
    padded = r"V[\text{diag}(\frac{\sigma_i}{\sigma_i^2+\lambda}), 0_{d\times(n-d)}]U^Ty"
    said = judge(asked("hw1_2b"), padded)
    assert said.credit == 0.5
    assert said.rationale.startswith("When d > n: A block of size")
    assert "When n > d your answer is right." in said.notes


def test_a_specification_that_refuses_its_right_answer_is_refused():
    plain = {**HALF, "right": ["0.5", "0.7"]}
    with pytest.raises(DeclarationError) as caught:
        self_test(plain)
    assert str(caught.value) == (
        "half: right answer '0.7' is refused: different (Your answer has another value.)"
    )


def test_a_specification_that_passes_its_wrong_answer_is_refused():
    plain = {**HALF, "right": ["1/2"], "wrong": [{"answer": "0.5", "says": "different"}]}
    with pytest.raises(DeclarationError, match=r"^half: wrong answer '0.5' passes$"):
        self_test(plain)


def test_a_wrong_answer_must_get_the_declared_diagnosis():
    plain = {**HALF, "right": ["1/2"], "wrong": [{"answer": "3", "says": "shape"}]}
    with pytest.raises(DeclarationError, match=r"wrong answer '3' is called factor, not shape"):
        self_test(plain)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"anser": {}}, "anser: unknown key; known are"),
        ({"answer": {"kind": "essay"}}, "answer.kind: 'essay' is not one of ['expression',"),
        ({"answer": {"kind": "number", "shape": []}}, "answer.reference: missing, kind 'number'"),
        ({"symbols": {"x": {}}}, "symbols.x: needs 'shape' or 'scalar'"),
        ({"symbols": {"x": {"scalar": "big"}}}, "symbols.x.scalar: 'big' is not one of"),
        ({"symbols": {"x": {"shape": [], "props": ["nice"]}}}, "symbols.x.props: 'nice' is not"),
        ({"edges": ["cliff"]}, "edges: 'cliff' is not one of"),
        ({"answer": {**HALF["answer"], "credit": {"tall": 1}}}, "answer.credit: 'tall' is not one"),
        ({"answer": {**HALF["answer"], "over": "w"}}, "answer.over or unknowns: 'w' is not one of"),
        ({"wrong": [{"answer": "1"}]}, "needs 'answer' and 'says'"),
    ],
)
def test_an_unusable_specification_names_the_key(change, message):
    with pytest.raises(DeclarationError) as caught:
        checked({**HALF, **change})
    assert message in str(caught.value)


def test_a_reference_that_is_not_the_gradient_is_refused():
    plain = {
        "id": "g", "dims": ["d"], "symbols": {"w": {"shape": ["d"]}},
        "answer": {"kind": "gradient_of", "objective": "w^T w", "over": "w", "shape": ["d"],
                   "reference": "w"},
    }  # fmt: skip
    with pytest.raises(DeclarationError, match=r"^answer.reference: is not the gradient"):
        question(plain)


def test_a_reference_that_is_no_minimiser_is_refused():
    plain = {
        "id": "m", "dims": ["d"], "symbols": {"w": {"shape": ["d"]}, "c": {"shape": ["d"]}},
        "answer": {"kind": "minimiser_of", "objective": r"\|w-c\|^2", "over": "w", "shape": ["d"],
                   "reference": "2c"},
    }  # fmt: skip
    with pytest.raises(DeclarationError, match=r"^answer.reference: is no minimiser"):
        question(plain)


def test_an_equation_that_holds_for_all_data_says_nothing():
    plain = {
        "id": "e", "dims": ["n"], "symbols": {"x": {"shape": ["n"]}},
        "answer": {"kind": "equation", "reference": "x = x"},
    }  # fmt: skip
    with pytest.raises(DeclarationError, match="says nothing"):
        question(plain)


def test_a_reference_without_value_is_the_specifications_fault():
    plain = {
        "id": "s", "dims": ["n", "d"], "regimes": {"wide": "n < d"},
        "symbols": {"X": {"shape": ["n", "d"]}},
        "answer": {"kind": "expression", "shape": ["d", "d"], "reference": "(X^T X)^{-1}"},
    }  # fmt: skip
    with pytest.raises(DeclarationError, match=r"^answer.reference: Xᵀ X has no inverse here"):
        question(plain)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"answer": {**HALF["answer"], "allow": ["Q"]}}, "answer.allow: 'Q' is not declared"),
        ({"families": {"x_i": "row of X"}}, "families.x_i: 'row of X' should read like"),
        ({"families": {"x_i": "rows of X"}}, "families.x: 'X' is not among []"),
        ({"regimes": {"tall": "n>d"}}, "regimes.tall: 'n>d' needs spaces, as in 'n > d'"),
        ({"sizes": {"r": "n"}}, "sizes.r: 'n' should read like 'min(n, d)'"),
        ({"symbols": {"x": {"shape": ["n"]}}}, "size 'n' is not among dims []"),
        ({"symbols": {"x": {"shape": "n"}}}, "symbols.x: a shape is [], ['n'] or ['n', 'd']"),
        ({"svd": {"of": "X", "names": ["U", "S", "V"]}}, "svd.of: 'X' is not among symbols []"),
        ({"typed": {"q": "Q"}}, "typed: 'Q' is not declared"),
    ],
)
def test_unusable_declarations_name_the_key(change, message):
    with pytest.raises(DeclarationError) as caught:
        question({**HALF, **change})
    assert message in str(caught.value)
