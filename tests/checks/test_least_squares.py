"""least_squares: every question has examples and a check; no answer is handed out."""

import json
import tomllib

import pytest

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.judging.check import load_checks
from autograder.judging.written_questions import read_written

ASSIGNMENT = load_assignment("least_squares", shipped_course())
FOLDER = ASSIGNMENT.written
SPECIFICATIONS = sorted(FOLDER.glob("*.toml"))
CODE = sorted((FOLDER.parent / "code").glob("*.toml"))


@pytest.mark.parametrize("path", SPECIFICATIONS, ids=lambda path: path.stem)
def test_every_question_has_three_right_forms_and_two_wrong_ones(path):
    plain = read_written(path).plain
    assert len(plain["right"]) >= 3
    assert len(plain["wrong"]) >= 2


def test_every_specification_has_a_check_of_its_name():
    assert {path.stem for path in [*SPECIFICATIONS, *CODE]} <= set(load_checks(ASSIGNMENT))


def test_what_is_handed_out_has_no_answer_in_it():
    text = (ASSIGNMENT.release / "written" / "questions.json").read_text(encoding="utf-8")
    for question in json.loads(text).values():
        secret = {"reference", "objective", "predicates", "correct", "interval"}
        assert not secret & set(question["answer"])
        assert not {"right", "wrong", "derivation", "proof"} & set(question)
    for path in SPECIFICATIONS:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        reference = plain["answer"].get("reference", "no reference")
        assert len(reference) < 4 or json.dumps(reference)[1:-1] not in text


def test_the_lines_of_a_proof_are_not_handed_out_in_their_order():
    for id in ("map_order", "push_through_order"):
        plain = read_written(FOLDER / f"{id}.toml").plain
        letters = "".join(c for c in plain["right"][0].removeprefix("order:") if c.isalpha())
        assert list(letters) != sorted(letters)
        texts = [line["text"] for line in plain["proof"]["lines"]]
        assert len(set(texts)) == len(texts)
