"""The proof: it holds when every check ends as it should, and says which one did not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from autograder.assignment import Assignment
from autograder.authoring import AuthoringError, build, build_hidden, verify
from autograder.results import CheckResult, Report, Status
from autograder.submission import Submission

POINTS = {"double": 2.0, "quadruple": 1.0, "choice": 0.5}

MUTANT = """\
description = "double gives x back"
loses = ["double"]
says = ["half of it", "look at double"]
[[edit]]
file = "modules/pkg/work.py"
find = "x + x"
replace = "x"
"""
VARIANT = """\
description = "a product"
[[edit]]
file = "modules/pkg/work.py"
find = "x + x"
replace = "2 * x"
"""

Ends = dict[str, CheckResult]


def end(id: str, status: Status, *, score: float | None = None, rationale: str = "") -> CheckResult:
    earned = POINTS[id] if status is Status.PASSED else 0.0
    return CheckResult(
        id=id,
        name=f"{id} is right.",
        status=status,
        score=earned if score is None else score,
        max_score=POINTS[id],
        rationale=rationale,
        help="Please look\n at double." if status is Status.FAILED else "",
    )


def right_ends(student: str) -> Ends:
    """How the checks end when the assignment is as it should be."""
    if student == "skeleton":
        return {id: end(id, Status.NOT_ATTEMPTED) for id in POINTS}
    ends = {id: end(id, Status.PASSED) for id in POINTS}
    if student == "mutant-identity":
        ends["double"] = end("double", Status.FAILED, rationale="double(2) is half of it.")
        ends["quadruple"] = end("quadruple", Status.SKIPPED)
    return ends


@dataclass
class Grader:
    """Gives each row its right ends, but those of `student` after a change."""

    student: str = ""
    change: Callable[[Ends], Any] = dict.copy

    def __call__(self, assignment: Assignment, submission: Submission) -> Report:
        ends = right_ends(submission.student)
        if submission.student == self.student:
            self.change(ends)
        return Report(
            assignment=assignment.slug,
            student=submission.student,
            score=sum(result.score for result in ends.values()),
            max_score=3.5,
            sandbox="none",
            seed=0,
            seconds=0.0,
            checks=tuple(ends.values()),
        )


@pytest.fixture
def course(tiny: Any) -> Any:
    tiny.write("mutants/identity.toml", MUTANT)
    tiny.write("variants/product.toml", VARIANT)
    build(tiny.assignment)
    build_hidden(tiny.assignment)
    return tiny


def deviations(course: Any, student: str, change: Callable[[Ends], Any]) -> tuple[str, ...]:
    result = verify(course.assignment, grade=Grader(student, change))
    row = next(
        row for row in result.rows if student == "-".join(filter(None, (row.kind, row.name)))
    )
    assert [other.ok for other in result.rows if other is not row] == [True] * 3
    assert result.holds == row.ok == (not row.deviations)
    assert row.explanation == "\n".join(row.deviations)
    return row.deviations


def set_to(id: str, status: Status, **more: Any) -> Callable[[Ends], None]:
    return lambda ends: ends.update({id: end(id, status, **more)})


def test_a_release_that_is_not_current_proves_nothing(course: Any) -> None:
    course.write("README.md", "Another text.\n")
    with pytest.raises(AuthoringError) as raised:
        verify(course.assignment, grade=Grader())
    assert str(raised.value) == (
        "assignments/tiny:1: the release is not what the source gives; run `autograder build tiny`"
    )


def test_it_holds(course: Any) -> None:
    result = verify(course.assignment, grade=Grader())
    assert result.holds
    assert [(row.kind, row.name, row.ok) for row in result.rows] == [
        ("reference", "", True),
        ("skeleton", "", True),
        ("variant", "product", True),
        ("mutant", "identity", True),
    ]
    assert str(result) == (
        "tiny: holds\n"
        "ok     reference: 3.5 of 3.5\n"
        "ok     skeleton: 0 of 3.5\n"
        "ok     variant product: 3.5 of 3.5\n"
        "ok     mutant identity: 0.5 of 3.5\n"
        "       messages of the mistakes: 1 names it, 0 generic, 0 another's"
    )


def test_each_row_is_graded_with_its_own_files(course: Any) -> None:
    seen: dict[str, bytes] = {}

    def grade(assignment: Assignment, submission: Submission) -> Report:
        seen[submission.student] = submission.files["pkg/work.py"]
        return Grader()(assignment, submission)

    verify(course.assignment, grade=grade)
    assert list(seen) == ["reference", "skeleton", "variant-product", "mutant-identity"]
    assert b"= x + x" in seen["reference"]
    assert b"TODO(double)" in seen["skeleton"]
    assert b"= 2 * x" in seen["variant-product"]
    assert b"= x\n" in seen["mutant-identity"]


def test_rows_may_be_graded_by_an_executor(course: Any) -> None:
    with ThreadPoolExecutor(2) as executor:
        result = verify(course.assignment, grade=Grader(), executor=executor)
    assert result == verify(course.assignment, grade=Grader())


def test_what_the_grader_raises_is_not_hidden(course: Any) -> None:
    def grade(assignment: Assignment, submission: Submission) -> Report:
        raise OSError("no sandbox")

    with pytest.raises(OSError, match="no sandbox"):
        verify(course.assignment, grade=grade)


def test_an_unexpected_status_is_explained(course: Any) -> None:
    change = set_to("double", Status.FAILED, rationale="It gave\n 5.")
    assert deviations(course, "reference", change) == (
        "double: expected `passed`, got `failed`: It gave 5. Please look at double.",
    )
    assert deviations(course, "variant-product", change) == deviations(course, "reference", change)
    assert deviations(course, "skeleton", set_to("choice", Status.SKIPPED)) == (
        "choice: expected `not attempted`, got `skipped`",
    )


def test_broken_rows_stand_out_in_the_text(course: Any) -> None:
    result = verify(course.assignment, grade=Grader("skeleton", set_to("choice", Status.PASSED)))
    assert str(result).splitlines()[0] == "tiny: 1 of 4 are not as they should be"
    assert str(result).splitlines()[2:4] == [
        "BROKEN skeleton: 0.5 of 3.5",
        "       choice: expected `not attempted`, got `passed`",
    ]


def test_full_marks_are_all_points(course: Any) -> None:
    change = set_to("double", Status.PASSED, score=1.5)
    assert deviations(course, "reference", change) == ("double: expected 2 of 2 points, got 1.5",)


def test_the_skeleton_earns_nothing(course: Any) -> None:
    change = set_to("double", Status.NOT_ATTEMPTED, score=1.0)
    assert deviations(course, "skeleton", change) == ("double: expected 0 of 2 points, got 1",)


@pytest.mark.parametrize("student", ["reference", "skeleton", "variant-product", "mutant-identity"])
def test_the_graders_own_error_is_never_right(course: Any, student: str) -> None:
    found = deviations(course, student, set_to("choice", Status.ERROR, rationale="A bug."))
    expected = "not attempted" if student == "skeleton" else "passed"
    assert found == (f"choice: expected `{expected}`, got `error`: A bug.",)


def test_a_lost_check_with_an_error_is_not_lost(course: Any) -> None:
    change = set_to("double", Status.ERROR, rationale="half of it, look at double")
    assert deviations(course, "mutant-identity", change) == (
        "double: expected `failed` or `not attempted` or `partial`, got `error`: "
        "half of it, look at double",
    )


def test_a_mutant_that_survives_is_broken(course: Any) -> None:
    assert deviations(course, "mutant-identity", set_to("double", Status.PASSED)) == (
        "double: expected `failed` or `not attempted` or `partial`, got `passed`",
        "says: no lost check tells the student 'half of it'; they say: nothing",
        "says: no lost check tells the student 'look at double'; they say: nothing",
    )


def test_dependents_of_a_lost_check_are_skipped(course: Any) -> None:
    assert deviations(course, "mutant-identity", set_to("quadruple", Status.PASSED)) == (
        "quadruple: expected `skipped`, got `passed`",
    )


def test_a_partial_loss_is_a_loss_of_points(course: Any) -> None:
    said = "half of it, look at double"
    change = set_to("double", Status.PARTIAL, score=1.0, rationale=said)
    assert deviations(course, "mutant-identity", change) == ()
    change = set_to("double", Status.PARTIAL, score=2.0, rationale=said)
    assert deviations(course, "mutant-identity", change) == (
        "double: expected points lost, got all 2",
    )


def test_what_a_mutant_must_be_told_is_looked_for(course: Any) -> None:
    change = set_to("double", Status.FAILED, rationale="Wrong.")
    assert deviations(course, "mutant-identity", change) == (
        "says: no lost check tells the student 'half of it'; "
        "they say: Wrong. Please look at double.",
    )


def test_every_check_is_in_the_report_and_no_other(course: Any) -> None:
    assert deviations(course, "reference", lambda ends: ends.pop("choice")) == (
        "choice: the report does not have this check",
    )
    other = replace_id(end("choice", Status.PASSED), "other")
    assert deviations(course, "reference", lambda ends: ends.update(other=other)) == (
        "other: the report has this check, and the assignment has not",
    )


def replace_id(result: CheckResult, id: str) -> CheckResult:
    return CheckResult(
        id=id, name="", status=result.status, score=result.score, max_score=result.max_score
    )
