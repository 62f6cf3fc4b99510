"""Whatever a student's code gives, a check ends with an outcome, never with an error of ours.

`AUTOGRADER_FUZZ=10000 pytest -p no:xdist tests/fuzz/test_fuzz_odd_answers.py` tries 10,000 odd
answers with each assignment, checks that train among them.
"""

from __future__ import annotations

import os
import random
import traceback
from collections.abc import Sequence

import pytest

from autograder.assignment import load_assignment
from autograder.course import shipped_course
from autograder.grading.seeds import Draws
from autograder.grading.trusted import TrustedCode, trusted
from autograder.grading.whose_fault import OUTCOMES
from autograder.judging.check import Check, load_checks
from autograder.solved import read_solved

from .conftest import VARIABLE
from .odd_answers import OddAnswer

pytestmark = pytest.mark.long

RUNS = int(os.environ.get(VARIABLE, 100))
SEED = int(os.environ.get(f"{VARIABLE}_SEED", 0))
BETWEEN = 300  # runs of exact checks for one of a check that trains


@pytest.mark.parametrize("slug", shipped_course().slugs)
def test_odd_answers_are_findings(slug: str) -> None:
    assignment = load_assignment(slug, shipped_course())
    solved = read_solved(assignment)
    assert solved is not None
    draw = random.Random(f"{slug} {SEED}")
    with trusted(assignment, solved.reference()) as code:
        exact, training = _counted(code, list(load_checks(assignment).values()))
        unexpected = []
        for number in range(RUNS):
            among = training if training and number % BETWEEN == BETWEEN - 1 else exact
            check, count = among[number % len(among)]
            unexpected += _unexpected(code, check, draw.randint(1, count), draw)
    assert unexpected == []


def _counted(
    code: TrustedCode, checks: Sequence[Check]
) -> tuple[list[tuple[Check, int]], list[tuple[Check, int]]]:
    """Each check with the number of values that it is given: those that train, and the others."""
    exact, training = [], []
    for check in checks:
        transports: list[OddAnswer] = []

        def through(inner, transports=transports):
            transports.append(OddAnswer(inner, 0, random.Random(0)))
            return transports[0]

        if check.trains and VARIABLE not in os.environ:
            continue
        if code.run(check, Draws(seed=SEED, student="odd"), through=through) is not None:
            assert check.trains  # its settings may come from a search, which does not run here
            continue
        (training if check.trains else exact).append((check, transports[0].count))
    return exact, training


def _unexpected(code: TrustedCode, check: Check, at: int, draw: random.Random) -> list[str]:
    transports: list[OddAnswer] = []

    def through(inner):
        transports.append(OddAnswer(inner, at, draw))
        return transports[0]

    error = code.run(check, Draws(seed=SEED, student="odd"), through=through)
    if error is None or isinstance(error, OUTCOMES):
        return []
    if isinstance(error, FloatingPointError):
        return []  # the course's code has set np.seterr, here in the judge's own process
    frame = traceback.extract_tb(error.__traceback__)[-1]
    put = repr(transports[0].put)[:80]
    return [f"{check.id}, value {at} as {put}: {error!r} ({frame.filename}:{frame.lineno})"]
