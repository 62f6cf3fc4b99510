"""Names a mistake: asks which of the known ones gives the answers of a check that failed.

The answers are held against those of the course's own code, in a process of its own (`replay`).
No outcome depends on it: a student is told more, or the same as before.
"""

from __future__ import annotations

import base64
import logging
import pickle
from dataclasses import asdict, replace
from functools import cache
from typing import Any

from autograder.assignment import Assignment
from autograder.judging.bounded import BoundedProcess
from autograder.judging.check import Check, Finding
from autograder.results import Status
from autograder.sandbox.faults import CodeRaised
from autograder.sandbox.recording import Recorder
from autograder.sandbox.transports import Transport

from .outcomes import Outcome
from .seeds import Draws

logger = logging.getLogger(__name__)

# Of the processor, for looking at known mistakes; what is read and imported first is not counted.
CHECK_SECONDS = 2.0
SUBMISSION_SECONDS = 6.0
PATIENCE = 20.0  # seconds after which the process is replaced

SAME_END = "A known mistake ends in the same way: {said}"
SAME_ENDS = "Two known mistakes end in the same way. One: {} The other: {}"


class Diagnoser:
    """Names the mistakes of one submission, as long as its time lasts.

    Parameters
    ----------
    draws : those of its checks.
    """

    def __init__(self, assignment: Assignment, draws: Draws) -> None:
        self._assignment = assignment
        self._draws = draws
        self._left = SUBMISSION_SECONDS

    def recorder(self, check: Check, transport: Transport) -> Transport:
        """What a check talks through, so that it can be diagnosed if it fails."""
        return Recorder(transport) if check.exact else transport

    def named(
        self, outcome: Outcome, error: Exception | None, check: Check, transport: Transport
    ) -> Outcome:
        """The outcome with the name of the mistake, where one is found; else as it is."""
        found = isinstance(error, CodeRaised) or (isinstance(error, Finding) and not error.named)
        if outcome.status is not Status.FAILED or not found or not isinstance(transport, Recorder):
            return outcome
        try:
            reply = self._asked(check, transport, error) if self._left > 0 else {}
        except Exception as failed:  # whatever it is, the outcome stands
            logger.warning("%s: %s is not diagnosed: %s", self._draws.student, check.id, failed)
            return outcome
        return _told(outcome, reply) if reply.get("said") else outcome

    def _asked(self, check: Check, recorder: Recorder, error: Exception | None) -> Any:
        reply = _process().ask(
            {
                "assignment": base64.b64encode(pickle.dumps(self._assignment)).decode(),
                "check": check.id,
                "draws": asdict(self._draws),
                "answers": base64.b64encode(recorder.packed()).decode(),
                "notebooks": recorder.notebooks,
                "rationale": error.rationale if isinstance(error, Finding) else "",
                "seconds": min(CHECK_SECONDS, self._left),
            }
        )
        self._left -= reply["seconds"]
        return reply


def _told(outcome: Outcome, reply: dict[str, Any]) -> Outcome:
    said, help = " ".join(reply["said"]), " ".join(reply["help"])
    if not reply["sure"]:
        likely = SAME_END.format(said=said)
        if reply.get("raised") and len(reply["said"]) == 2:
            likely = SAME_ENDS.format(*reply["said"])
        return replace(outcome, help=f"{outcome.help} {likely}".strip())
    if all(sentence in outcome.rationale for sentence in reply["said"]):
        return replace(outcome, help=help or outcome.help)
    return replace(outcome, rationale=f"{said} {outcome.rationale}", help=help or outcome.help)


def start_diagnosing() -> None:
    """Start the process that knows the mistakes, which otherwise the first failed check does."""
    _process().start()


@cache
def _process() -> BoundedProcess:
    return BoundedProcess("from autograder.grading import replay; replay.serve()", seconds=PATIENCE)
