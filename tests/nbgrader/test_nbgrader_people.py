"""What `nbgrader autograde` leaves to people: suggestions as comments, undecided checks open."""

from __future__ import annotations

import pytest
from msgspec import structs

from autograder.results import ManualPart, RubricLine

LINE = RubricLine(text="the sum", points=1, found=True, because="`a + b`")
PART = ManualPart(
    id="explain",
    max_points=4,
    answered=True,
    suggested=1,
    summary="Suggested 1 of 4: found the sum (`a + b`).",
    lines=(LINE,),
)


@pytest.fixture
def answered(course):
    """The released notebook with something written where a person marks."""
    notebook = course.released()
    notebook.cells[-1].source = "It is $a + b$."
    return notebook


def test_a_suggestion_is_a_comment_and_no_score(course, answered):
    course.grader.manual.append(PART)
    course.submit("ann", notebook=answered)
    assert course.autograde()["success"]
    assert course.comments("ann")["explain"] == (
        "A suggestion by the grader, no mark: Suggested 1 of 4: found the sum (`a + b`)."
    )
    assert course.scores("ann")["explain"] is None
    assert course.to_be_graded_by_hand("ann") == {"explain"}


def test_a_cell_left_as_it_was_keeps_nbgraders_own_comment(course):
    course.generate_assignment()
    released = course.root / "release" / "tiny" / "tiny.ipynb"
    course.grader.manual.append(PART)
    course.submit("ann", notebook=released.read_bytes())
    course.autograde()
    assert course.comments("ann")["explain"] == "No response."


def test_an_answer_beside_its_cell_is_flagged_and_has_a_comment(course):
    course.generate_assignment()
    released = course.root / "release" / "tiny" / "tiny.ipynb"
    course.grader.manual.append(structs.replace(PART, beside=True, summary="The answer stands."))
    course.submit("ann", notebook=released.read_bytes())
    course.autograde()
    assert course.comments("ann")["explain"] == (
        "A suggestion by the grader, no mark: The answer stands."
    )
    assert course.scores("ann")["explain"] is None
    assert course.to_be_graded_by_hand("ann") == {"explain"}


def test_a_persons_score_and_comment_survive_a_second_run(course, answered):
    course.grader.manual.append(PART)
    course.submit("ann", notebook=answered)
    course.autograde()
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("explain", "tiny", "tiny", "ann")
        comment = gradebook.find_comment("explain", "tiny", "tiny", "ann")
        grade.manual_score, comment.manual_comment = 3.5, "Well said."
        gradebook.db.commit()
    course.autograde()
    with course.gradebook() as gradebook:
        assert gradebook.find_grade("explain", "tiny", "tiny", "ann").score == 3.5
        assert gradebook.find_comment("explain", "tiny", "tiny", "ann").comment == "Well said."


def test_a_check_for_a_person_has_no_score_yet_and_is_flagged(course):
    course.submit("ann", plan={"second": ("for a person", 0.0)})
    assert course.autograde()["success"]
    assert course.scores("ann")["second"] is None
    assert "second" in course.to_be_graded_by_hand("ann")
    assert course.scores("ann")["first"] == 2.0
    cell = next(c for c in course.autograded("ann").cells if c.get("id") == "second")
    assert cell.outputs[0].ename == "ForAPerson"
