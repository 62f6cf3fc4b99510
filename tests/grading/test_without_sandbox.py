"""Code of the course's own, graded in this process."""

from __future__ import annotations

from autograder.assignment import load_assignment
from autograder.authoring import load_mutants, messages_of, mutant_files, read_assignment
from autograder.authoring.confusion import MessageKind
from autograder.course import shipped_course
from autograder.grading.without_sandbox import grade_without_sandbox
from autograder.results import Status
from autograder.submission import Submission

SLUG = "linearized_features"
RELEASED = load_assignment(SLUG, shipped_course())
AUTHORED = read_assignment(SLUG, shipped_course())


def test_a_mutant_loses_what_it_loses_and_is_told_why() -> None:
    (mutant,) = (one for one in load_mutants(AUTHORED) if one.name == "change_sign")
    files = mutant_files(AUTHORED, mutant)
    report = grade_without_sandbox(RELEASED, Submission(student="mutant", files=files))
    ends = {check.id: check.status for check in report.checks}
    assert [id for id, status in ends.items() if status is Status.FAILED] == ["least_change"]
    assert ends["least_change_rank"] is Status.SKIPPED
    (lost,) = (check for check in report.checks if check.status is Status.FAILED)
    assert mutant.diagnosis in lost.rationale


def test_no_message_names_a_mistake_that_is_not_there() -> None:
    messages = messages_of(AUTHORED, grade=grade_without_sandbox)
    kinds = [message.kind for message in messages]
    assert MessageKind.ANOTHERS not in kinds
    assert kinds.count(MessageKind.NAMES_IT) >= 0.9 * len(kinds)
