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
from autograder.grading.seeds import BITS, LEAST, Draws, read_seed, short_seed, written_seed
from autograder.grading.store import signed
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
        assert Report.from_json(path.read_bytes()) == signed(report, seed=3)
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
    assert LEAST < seed < 1 << BITS
    assert BITS >= 128
    assert (tmp_path / "grades" / ".seed").stat().st_mode & 0o777 == 0o640
    (tmp_path / "grades" / ".seed").write_text("seven")
    with pytest.raises(ValueError, match="should hold one whole number"):
        course_seed(tmp_path / "grades")


def test_draws_depend_on_everything() -> None:
    draws = {
        Draws(seed=seed, student=student, content=content).inputs(check).integers(1 << 62)
        for seed in (1, 2)
        for student in ("a", "b")
        for content in ("", "c")
        for check in ("x", "y")
    }
    assert len(draws) == 16
    assert Draws(seed=1, student="a").inputs("x").integers(1 << 62) in draws


def test_the_same_files_have_the_same_inputs_and_other_files_others() -> None:
    def drawn(**files: bytes) -> int:
        submission = Submission(student="a", files=files)
        return int(Draws.of(submission, seed=1).inputs("x").integers(1 << 62))

    assert drawn(one=b"1", two=b"2") == drawn(two=b"2", one=b"1")
    assert len({drawn(one=b"1"), drawn(one=b"1 "), drawn(two=b"1"), drawn(one=b"1", two=b"")}) == 4


def test_a_workers_seed_has_no_secret_in_it() -> None:
    one, other = (Draws(seed=seed, student="a", content="c") for seed in (1, 1 << 127))
    assert one.worker_seed("x") == other.worker_seed("x") < 1 << 63
    assert one.worker_seed("x") != one.worker_seed("y")


def test_handing_in_again_draws_no_other_lot() -> None:
    lots = [Draws(seed=9, student=f"s{number}", content="c").lot("tuning") for number in range(400)]
    assert 0.4 < sum(lots) / len(lots) < 0.6
    assert min(lots) >= 0
    assert max(lots) < 1
    again = Draws(seed=9, student="s0", content="other")
    assert again.lot("tuning") == lots[0] != again.lot("accuracy")


@pytest.mark.parametrize("seed", [0, 7, (1 << 53) - 1, 1 << 53, 1 << 127])
def test_a_seed_of_a_result_can_be_given_again(seed: int) -> None:
    assert read_seed(str(written_seed(seed))) == seed == read_seed(f"{seed}\n")
    assert isinstance(written_seed(seed), int) == (seed < 1 << 53)


def test_a_seed_of_an_earlier_version_is_told(tmp_path: Path) -> None:
    (tmp_path / ".seed").write_text(f"{(1 << 32) - 1}\n")
    assert short_seed(tmp_path) == (
        f"The seed in {tmp_path / '.seed'} is short enough to be searched for. Delete the file to "
        "have a new one drawn; everything is then graded again with other inputs."
    )
    (tmp_path / ".seed").unlink()
    assert short_seed(tmp_path) == ""
