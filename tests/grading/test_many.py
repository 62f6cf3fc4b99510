"""Is a class graded whole, written whole, and repeatable?"""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.grading import (
    Conditions,
    Listener,
    Processes,
    course_seed,
    grade_class,
    report_path,
    task,
)
from autograder.grading.seeds import judge_rng, worker_seed
from autograder.results import Report, Status
from autograder.sandbox.levels import UnknownLevelError
from autograder.submission import Submission


def class_of(*names: str) -> list[Submission]:
    right = {"nn/layers.py": b"def double(x):\n    return 2 * x", "nn/__init__.py": b""}
    return [Submission(student=name, files=right) for name in names]


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_student_has_a_file(assignment: Assignment, tmp_path: Path, jobs: int) -> None:
    seen: list[str] = []
    reports = grade_class(
        Conditions(assignment=assignment, seed=3),
        class_of("ada", "b/../c", "ünï"),
        out=tmp_path / "grades",
        place=Processes(jobs),
        listener=Listener(graded=lambda report: seen.append(report.student)),
    )
    assert [report.student for report in reports] == ["ada", "b/../c", "ünï"]
    assert sorted(seen) == sorted(["ada", "b/../c", "ünï"])
    for report in reports:
        path = report_path(tmp_path / "grades", "tiny", report.student)
        assert path.parent == tmp_path / "grades" / "tiny"
        assert Report.from_json(path.read_bytes()) == report
        assert (report.score, report.seed, report.sandbox) == (3, 3, "bubblewrap")


def test_an_unknown_level_stops_before_anything_is_graded(
    assignment: Assignment, tmp_path: Path
) -> None:
    with pytest.raises(UnknownLevelError):
        grade_class(
            Conditions(assignment=assignment, seed=3, level="none"),
            class_of("ada"),
            out=tmp_path / "grades",
        )
    assert not (tmp_path / "grades").exists()


def test_a_failure_of_ours_is_an_error_and_stops_nobody(
    assignment: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = task.grade_submission

    def sometimes(assignment: Assignment, submission: Submission, **options: object) -> Report:
        if submission.student == "boris":
            raise OSError("disk full")
        return real(assignment, submission, **options)

    monkeypatch.setattr(task, "grade_submission", sometimes)
    reports = grade_class(
        Conditions(assignment=assignment, seed=3),
        class_of("ada", "boris"),
        out=tmp_path,
        place=Processes(1),
    )
    assert reports[0].score == 3
    assert {check.status for check in reports[1].checks} == {Status.ERROR}
    assert reports[1].checks[0].rationale == "The grader failed: OSError: disk full"
    assert reports[1].max_score == 7


def test_a_course_has_one_seed(tmp_path: Path) -> None:
    seed = course_seed(tmp_path / "grades")
    assert course_seed(tmp_path / "grades") == seed
    assert 0 <= seed < 1 << 32
    (tmp_path / "grades" / ".seed").write_text("seven")
    with pytest.raises(ValueError, match="should hold one whole number"):
        course_seed(tmp_path / "grades")


def test_draws_depend_on_everything() -> None:
    draws = {
        judge_rng(seed, student, check).integers(1 << 62)
        for seed in (1, 2)
        for student in ("a", "b")
        for check in ("x", "y")
    }
    assert len(draws) == 8
    assert judge_rng(1, "a", "x").integers(1 << 62) in draws
    assert worker_seed(1, "a", "x") == worker_seed(1, "a", "x") < 1 << 63
