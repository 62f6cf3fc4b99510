"""The written sums of `modular_nets`: specifications, mutants and variants, what is handed out."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.authoring import load_mutants, load_variants, read_assignment, reference_files
from autograder.authoring.mutants import Mutant, Variant, mutant_files
from autograder.course import shipped_course
from autograder.judging.check import Finding, load_checks
from autograder.judging.written_questions import read_written

pytestmark = pytest.mark.long

ASSIGNMENT = read_assignment("modular_nets", shipped_course())
CHECKS = load_checks(ASSIGNMENT)
FOLDER = ASSIGNMENT.written
SUMS = ("image_gradient_sum", "mask_gradient_sum")
MUTANTS = [m for m in load_mutants(ASSIGNMENT) if set(m.loses) & set(SUMS)]
VARIANTS = [v for v in load_variants(ASSIGNMENT) if v.name.startswith("sums_")]


def _answers(files: dict[str, bytes]) -> SimpleNamespace:
    """The texts of the two answers in a solved notebook."""
    found: dict[str, Any] = {}
    for cell in json.loads(files["convolution_maths.ipynb"])["cells"]:
        source = "".join(cell["source"])
        if any(f"\n{name} = " in f"\n{source}" for name in SUMS):
            exec(source, found)
    return SimpleNamespace(**{name: found[name] for name in SUMS})


def _judge(name: str, answers: SimpleNamespace) -> None:
    student: Any = SimpleNamespace(notebook=lambda lesson: answers)
    CHECKS[name].run(student, np.random.default_rng(0))


@pytest.mark.parametrize("name", SUMS)
def test_every_specification_has_twelve_examples_of_each(name: str) -> None:
    plain = read_written(FOLDER / f"{name}.toml").plain
    assert min(len(plain["right"]), len(plain["wrong"])) >= 12


def test_the_reference_and_every_variant_pass() -> None:
    files = [reference_files(ASSIGNMENT), *(mutant_files(ASSIGNMENT, v) for v in VARIANTS)]
    assert len(files) == 4
    for each in files:
        for name in SUMS:
            _judge(name, _answers(each))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_loses_its_sum_and_hears_why(mutant: Mutant | Variant) -> None:
    assert isinstance(mutant, Mutant)
    answers = _answers(mutant_files(ASSIGNMENT, mutant))
    for name in SUMS:
        if name not in mutant.loses:
            _judge(name, answers)
            continue
        with pytest.raises(Finding) as found:
            _judge(name, answers)
        told = f"{found.value.rationale} {found.value.help}"
        assert all(text in told for text in mutant.says), told


def test_what_is_handed_out_has_no_answer_in_it() -> None:
    handed_out = (ASSIGNMENT.release / "written" / "questions.json").read_bytes()
    assert b"\\\\sum" not in handed_out
    assert b"reference" not in handed_out
