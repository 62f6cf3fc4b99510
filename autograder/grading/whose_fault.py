"""Whose fault an exception in a check is: the check's own, or that of the answer it worked with.

The check runs again on the course's own code, with the same draws. If it fails there as well, or
that cannot be found out, it is ours. No exception of a student's code comes here, which is a
`Fault` from the beginning.
"""

from __future__ import annotations

import logging
import traceback

from autograder.assignment import Assignment
from autograder.judging.bounded import BrokenJudgeError
from autograder.judging.check import Check, Finding, NotAttempted, PersonNeeded
from autograder.sandbox.faults import Fault, Unfit
from autograder.sandbox.session import SandboxError
from autograder.solved import read_solved

from .seeds import Draws
from .trusted import ONE_AT_A_TIME, trusted

logger = logging.getLogger(__name__)

OUTCOMES = (Finding, NotAttempted, PersonNeeded, Fault)
OURS = (BrokenJudgeError, SandboxError)
MAX_REASON = 200
TAKEN = "%s: the answer is to blame for what %s raised, which passes the reference:\n%s"


def settled(
    error: Exception, check: Check, assignment: Assignment, *, after: str, draws: Draws
) -> Exception:
    """What a check has raised, with `Unfit` in place of what the answer is to blame for.

    Parameters
    ----------
    after : what was asked of the student's code last.
    draws : those of the check.
    """
    if isinstance(error, (*OUTCOMES, *OURS)):
        return error
    if not _passes_the_reference(check, assignment, draws):
        return error
    trace = "".join(traceback.format_exception(error))
    logger.warning(TAKEN, draws.student, check.id, trace)
    said = " ".join(f"{type(error).__name__}: {error}".split())[:MAX_REASON].rstrip(".")
    return Unfit(after, said)


def _passes_the_reference(check: Check, assignment: Assignment, draws: Draws) -> bool:
    try:
        solved = read_solved(assignment)
        if solved is None:
            return False
        with ONE_AT_A_TIME, trusted(assignment, solved.reference()) as code:
            return code.run(check, draws) is None
    except Exception:  # whatever it is, it does not show whose fault the first one was
        logger.exception("%s could not be tried on the reference", check.id)
        return False
