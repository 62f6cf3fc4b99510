"""Does docs/marks.md hold? Every command line on it runs, and its file and settings are read."""

from __future__ import annotations

import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import load_assignment
from autograder.course import read_course, shipped_course
from autograder.grading.store import write_report
from autograder.marks.compute import class_marks
from autograder.marks.late import late_policy
from autograder.results import CheckResult, ManualPart, Report, Status
from autograder.submission import read_roster

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "marks.md").read_text(encoding="utf-8")
SLUG = "least_squares"
COMMANDS = [
    line
    for block in re.findall(r"```bash\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
ROSTERS = {
    "students.csv": "id,first_name,last_name\nada,Ada,B\nboris,,\nclara,,\ndeniz,,\n",
    "canvas.csv": "Student,ID,SIS User ID,SIS Login ID,Section\nA,1,,ada,\n",
    "worksheet.csv": "Identifier,Username,Grade,Feedback comments\nParticipant 1,ada,,\n",
    "gradescope.csv": "First Name,Last Name,SID,Email\nAda,B,ada,a@x.edu\n",
}


def result(student: str) -> Report:
    check = CheckResult(id="ridge_fake_data", name="X", status=Status.FAILED, score=0, max_score=3)
    manual = tuple(
        ManualPart(id=id, max_points=3, answered=True)
        for id in ("meaning_of_lambda", "precision_of_views")
    )
    return Report(
        assignment=SLUG, student=student, score=0, max_score=3, sandbox="process", seed=1,
        seconds=1, checks=(check,), manual=manual,
    )  # fmt: skip


@pytest.fixture
def class_of_three(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in ROSTERS.items():
        (tmp_path / name).write_text(text)
    for student in ("ada", "boris", "clara"):
        write_report(result(student), tmp_path / "grades", seed=1)
        (tmp_path / "submitted" / student).mkdir(parents=True)
        (tmp_path / "submitted" / student / f"{SLUG}.ipynb").write_text("{}")
    return tmp_path


def block(language: str, containing: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    return next(text for text in found if containing in text)


def make_gradebook(path: Path) -> None:
    """An empty gradebook of the assignment, where nbgrader is installed."""
    api = pytest.importorskip("nbgrader.api")
    with api.Gradebook(f"sqlite:///{path}") as book:
        book.add_assignment(SLUG)


def run(line: str) -> object:
    return CliRunner().invoke(cli.app, shlex.split(line)[1:])


def test_there_are_commands():
    assert len(COMMANDS) == 10


@pytest.mark.parametrize("line", [line for line in COMMANDS if " grade " not in line])
def test_every_command_line_runs(class_of_three, line):
    if "--gradebook" in line:
        make_gradebook(class_of_three / "gradebook.db")
    said = run(line)
    assert said.exit_code == 0, said.output


def test_the_command_that_grades_is_read(class_of_three, monkeypatch):
    import autograder.grading

    asked = []
    monkeypatch.setattr(
        autograder.grading, "grade_class", lambda *words, **options: asked.append(words) or []
    )
    monkeypatch.setattr("autograder.reports.show", lambda *words, **options: None)
    (line,) = (line for line in COMMANDS if " grade " in line)
    assert run(line).exit_code == 0
    assert [one.student for one in asked[0][1]] == ["ada", "boris", "clara"]


def test_the_rows_of_the_page_are_read_as_it_says(class_of_three):
    (class_of_three / "grades" / SLUG / "marks.csv").write_text(block("csv", "student,check"))
    found = class_marks(load_assignment(SLUG), Path("grades")).by_student
    assert (found["ada"].by_person, found["ada"].lateness.days) == (3, 2)
    assert (found["clara"].overridden, found["clara"].adjustment) == (0, 1)
    assert found["boris"].adjustment == -2


def test_the_error_of_the_page_is_what_is_said(class_of_three):
    path = class_of_three / "grades" / SLUG / "marks.csv"
    path.write_text("student,check,points,by,why\nada,late,1,j,x\nada,ridge_fake_data,9,j,x\n")
    said = run(f"autograder marks {SLUG}")
    assert (said.exit_code, said.stderr) == (2, block("text", "gives at most"))


def test_the_settings_of_the_page_are_read(tmp_path):
    (tmp_path / "course.toml").write_text(block("toml", "[late]"))
    course = replace(shipped_course(), late=read_course(tmp_path).late)
    policy = late_policy(course)
    assert (policy.free_days, policy.free_days_each, policy.percent_per_day) == (5, 2, 10)
    assert (policy.cut_off_days, policy.grace_minutes, len(policy.due)) == (3, 15, 2)


@pytest.mark.parametrize("name", ROSTERS)
def test_the_rosters_are_rosters(class_of_three, name):
    assert "ada" in read_roster(Path(name)).ids
