"""After a regrade: whose marks changed, by how much and why; said, and kept with the results."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.marks.changes import changes_since, kept_results, written_changes
from autograder.results import Status

FULL = {"affine": 4, "relu": 2}
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
OUT = Path("grades")


@pytest.fixture
def regraded(assignment):
    """What is said when `grade` runs between two looks at the results."""

    def of(grade) -> list[str]:
        before = kept_results(assignment, OUT)
        grade()
        changes = changes_since(before, kept_results(assignment, OUT))
        return list(written_changes(changes, OUT, "nets", total=2, now=NOW))

    return of


def test_a_changed_mark_is_said_with_its_checks_and_kept(keep, regraded):
    keep("ada", {"affine": 1, "relu": 2})
    keep("bob", FULL)
    assert regraded(lambda: keep("ada", {"affine": 4})) == [
        "Marks that this grading changed: 1 of 2. All are kept in grades/nets/changes.csv.",
        "  ada: 3 → 4 (+1): affine 1 → 4 (failed → passed); relu 2 → 0 (passed → failed)",
    ]
    assert regraded(lambda: keep("ada", FULL))[1] == (
        "  ada: 4 → 6 (+2): relu 0 → 2 (failed → passed)"
    )
    assert Path("grades/nets/changes.csv").read_text() == (
        "when,student,before,after,change,checks\n"
        "2026-03-14 12:00:00+00:00,ada,3,4,1,affine 1 → 4 (failed → passed); relu 2 → 0"
        " (passed → failed)\n"
        "2026-03-14 12:00:00+00:00,ada,4,6,2,relu 0 → 2 (failed → passed)\n"
    )


def test_what_a_person_has_decided_stays_and_the_new_result_is_said(keep, regraded, marks_csv):
    keep("ada", {"affine": 1, "relu": 2})
    marks_csv("ada,affine,3,jo,so\n")
    assert regraded(lambda: keep("ada", {"affine": 0, "relu": 2})) == [
        "Marks that this grading changed: 0 of 2. All are kept in grades/nets/changes.csv.",
        "  ada: stays 5: affine 1 → 0, but a person has decided on 3 (line 2 of marks.csv)",
    ]
    assert Path("grades/nets/marks.csv").read_text().endswith("ada,affine,3,jo,so\n")


def test_nothing_is_said_where_nothing_changed_or_all_is_new(keep, regraded):
    keep("ada", FULL)
    assert regraded(lambda: (keep("ada", FULL), keep("bob", FULL))) == []
    assert not Path("grades/nets/changes.csv").exists()


def test_what_was_open_and_is_decided_now_is_a_change(keep, regraded):
    keep("ada", {"affine": 4}, statuses={"relu": Status.PERSON})
    assert regraded(lambda: keep("ada", FULL))[1] == (
        "  ada: 4 → 6 (+2): relu 0 → 2 (for a person → passed)"
    )


def test_of_a_large_class_twenty_are_said_and_all_kept(keep, regraded):
    names = [f"s{number:02}" for number in range(25)]
    for name in names:
        keep(name, {})
    said = regraded(lambda: [keep(name, FULL) for name in names])
    assert len(said) == 22
    assert said[-1] == "  … and 5 more."
    assert len(Path("grades/nets/changes.csv").read_text().splitlines()) == 26


def test_of_many_checks_four_are_said_and_all_kept(keep, regraded, monkeypatch):
    monkeypatch.setattr("autograder.marks.changes._CHECKS", 1)
    keep("ada", {})
    assert regraded(lambda: keep("ada", FULL))[1] == (
        "  ada: 0 → 6 (+6): affine 0 → 4 (failed → passed); and 1 more"
    )
    assert "relu 0 → 2" in Path("grades/nets/changes.csv").read_text()


def test_a_wrong_row_stops_no_grading(keep, assignment, marks_csv):
    keep("ada", {"relu": 2})
    marks_csv("zoe,affine,1,jo,so\n")
    found = kept_results(assignment, OUT)
    assert found.marks.by_student["ada"].so_far == 2
    assert found.notice == (
        "Changes are listed without the decisions of people, for grades/nets/marks.csv, line 2:"
        " `zoe` has no result here and is on no roster. Correct the name, or give the roster with"
        " --roster FILE if the student takes part."
    )
