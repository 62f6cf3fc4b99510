"""A check of a value in a notebook, which stands in a file."""

import json
from pathlib import Path

from autograder.judging.arrays import expect_number
from autograder.judging.check import check

FOLDER = Path(__file__).parent / "values"


@check("answer", points=1)
def answer(student, rng):
    """The answer is known."""
    expected = json.loads((FOLDER / "answer.json").read_text())
    expect_number("answer", student.notebook().answer, expected)
