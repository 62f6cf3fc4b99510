"""A course directory with our settings: releasing, first use, stale releases, feedback."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from traitlets.config import Config

from autograder.course import shipped_course
from autograder.nbgrader_plugin import configure
from autograder.results import Report

pytestmark = pytest.mark.long

ROOT = shipped_course().root

SECRET = "the hidden test knows 42"
ALL = {"first": 2.0, "second": 3.0, "third": 1.0, "explain": 0.0}


def test_generate_assignment_keeps_our_stubs_and_locks_the_grade_cells(course):
    assert course.generate_assignment()["success"]
    released = nbformat.read(course.root / "release" / "tiny" / "tiny.ipynb", as_version=4)
    sources = {cell.id: cell.source for cell in released.cells}
    assert sources == {cell.id: cell.source for cell in course.released().cells}
    assert [cell.id for cell in released.cells if cell.metadata.get("editable") is False] == [
        "first",
        "second",
        "third",
    ]
    assert (course.root / "release" / "tiny" / "pkg" / "given.py").is_file()


def test_autograde_after_generate_assignment(course):
    course.generate_assignment()
    course.submit("ann")
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL


def test_generate_assignment_after_autograde(course):
    course.submit("ann")
    course.autograde()
    assert course.generate_assignment()["success"]
    assert course.scores("ann") == ALL


def test_an_assignment_entered_with_its_due_date_only_is_completed(course):
    with course.gradebook() as gradebook:
        gradebook.add_assignment("tiny", duedate="2030-01-01 00:00:00 UTC")
    course.submit("ann")
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL
    with course.gradebook() as gradebook:
        assert gradebook.find_assignment("tiny").duedate.year == 2030


def test_a_late_submission_is_still_nbgraders_affair(course):
    with course.gradebook() as gradebook:
        gradebook.add_assignment("tiny", duedate="2020-01-01 00:00:00 UTC")
    course.submit("ann").joinpath("timestamp.txt").write_text("2020-01-01 00:01:00 UTC")
    assert course.autograde()["success"]
    with course.gradebook() as gradebook:
        assert gradebook.find_submission("tiny", "ann").total_seconds_late == 60


def test_an_assignment_that_is_not_built_is_refused_and_the_others_are_graded(course):
    source = course.root / "solutions" / "draft" / "assignment.toml"
    source.parent.mkdir(parents=True)
    source.write_text('title = "half"')
    submitted = course.submit("ann")
    shutil.copytree(submitted, submitted.with_name("draft"))
    folder = course.root / "assignments" / "draft"
    message = f"{folder} has no release.json; run `autograder build draft` first."
    course.slug = "draft"
    for command in (course.generate_assignment, course.autograde):
        outcome = command()
        assert not outcome["success"]
        assert message in outcome["log"]
    assert not (course.root / "autograded").exists()
    course.slug = "tiny"
    assert course.generate_assignment()["success"]
    assert course.autograde()["success"]
    assert course.scores("ann") == ALL


def test_without_a_release_nothing_is_graded(course):
    folder = course.root / "assignments" / "tiny"
    (folder / "tiny.ipynb").unlink()
    course.submit("ann")
    outcome = course.autograde()
    assert not outcome["success"]
    message = f"There is no notebook in {folder}. Run `autograder build tiny` first."
    assert message in outcome["log"].replace("/./", "/")


@pytest.mark.parametrize(
    ("edit", "difference"),
    [
        (lambda nb: nb.cells.pop(2), "there is no grade cell `first`"),
        (
            lambda nb: nb.cells[2].metadata.nbgrader.update(grade_id="old"),
            "there is no grade cell `first`",
        ),
        (
            lambda nb: nb.cells[2].metadata.nbgrader.update(points=5),
            "`first` is worth 2 points, not 5",
        ),
    ],
)
def test_a_release_that_does_not_fit_the_checks_is_refused(course, edit, difference):
    course.submit("ann")
    course.edit_release(edit)
    outcome = course.autograde()
    assert not outcome["success"]
    assert f"do not fit the checks: {difference}. Run `autograder build tiny`" in outcome["log"]
    assert course.grader.graded == []


def test_a_gradebook_that_does_not_fit_the_release_is_refused(course):
    course.generate_assignment()
    course.submit("ann")
    course.edit_release(lambda nb: nb.cells[5].metadata.nbgrader.update(points=9))
    outcome = course.autograde()
    assert not outcome["success"]
    assert (
        "`explain` is worth 9 points, not 4. Run `nbgrader generate_assignment tiny --force`."
    ) in outcome["log"]


def test_feedback_shows_what_happened_and_where_to_look_and_no_hidden_test(course):
    plan = {"second": ("partial", 0.5), "third": ("failed", 0.0)}
    course.submit("ann", notebook=b"{", plan=plan)
    course.autograde()
    assert course.generate_feedback()["success"]
    page = (course.root / "feedback" / "ann" / "tiny" / "tiny.html").read_text()
    assert "first returns a number. (passed: 2 of 2 points)" in page
    assert "second returns a number. (partial: 0.5 of 3 points)" in page
    assert "third(2) returned &lt;b&gt;7&lt;/b&gt;, expected 8." in page
    assert "Look at third again." in page
    assert "cannot be read" in page
    assert SECRET not in page


def test_settings_reach_the_grader(course):
    course.config.GradeInSandbox.update(seed=7)
    course.submit("ann")
    course.autograde()
    assert course.grader.asked == [("process", 7)]


def test_without_a_seed_the_courses_own_is_drawn_once_and_kept(course):
    course.config.GradeInSandbox.seed = None
    course.submit("ann")
    course.autograde()
    course.submit("bob")
    course.autograde()
    seed = int((course.root / "grades" / ".seed").read_text(), 0)
    assert course.grader.asked == [("process", seed), ("process", seed)]


def test_the_report_is_kept_as_our_own_command_keeps_it(course):
    course.config.GradeInSandbox.results = "elsewhere"
    course.submit("ann", plan={"second": ("partial", 0.5)})
    course.autograde()
    report = Report.from_json((course.root / "elsewhere" / "tiny" / "ann.json").read_bytes())
    assert (report.student, report.score) == ("ann", 3.5)


def test_a_sandbox_level_that_does_not_exist_stops_before_the_first_student(course):
    course.config.GradeInSandbox.level = "castle"
    course.submit("ann")
    outcome = course.autograde()
    assert not outcome["success"]
    assert "No sandbox level is called 'castle'." in outcome["log"]
    assert course.grader.graded == []


def test_a_spoilt_seed_stops_before_the_first_student(course):
    course.config.GradeInSandbox.seed = None
    (course.root / "grades").mkdir()
    (course.root / "grades" / ".seed").write_text("seven")
    course.submit("ann")
    assert "should hold one whole number" in course.autograde()["log"]
    assert course.grader.graded == []


def test_a_missing_alembic_is_found_beside_python(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    configure(Config())
    monkeypatch.setenv("PATH", "/nowhere")  # undone first: `configure` sets it past monkeypatch


def test_the_repositorys_own_config_is_one_call():
    config = Config()
    runpy.run_path(str(ROOT / "nbgrader_config.py"), {"get_config": lambda: config})
    assert config == {"OurAssignments": {"course": str(ROOT)}}


def run_nbgrader(*arguments, folder):
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_broken_settings_stop_nbgrader_before_it_runs_anything_without_a_sandbox(course):
    course.generate_assignment()
    proof = course.root / "proof"
    notebook = course.released()
    notebook.cells.insert(0, new_code_cell(f"open({str(proof)!r}, 'w').close()"))
    course.submit("ann", notebook=notebook)
    (course.root / "course.toml").write_text("titel = 'Tiny'")
    call = f"configure(get_config(), course=__import__('pathlib').Path({str(course.root)!r}))"
    lines = ["from autograder.nbgrader_plugin import configure", call]
    (course.root / "nbgrader_config.py").write_text("\n".join(lines))
    done = run_nbgrader("autograde", "tiny", folder=course.root)
    assert done.returncode == 1
    assert (
        "nbgrader was stopped, because without the settings in nbgrader_config.py it would run"
        " students' code outside the sandbox. What went wrong there:"
    ) in done.stderr
    assert (
        "unknown key 'titel' in the file; there are: title, python, files, folders, datasets,"
        in done.stderr
    )
    assert not proof.exists()
    assert not (course.root / "autograded").exists()


def test_the_config_file_stops_nbgrader_when_our_package_is_not_installed(monkeypatch):
    monkeypatch.setitem(sys.modules, "autograder.nbgrader_plugin", None)
    with pytest.raises(SystemExit, match=r"nbgrader was stopped: .* Install this package beside"):
        runpy.run_path(str(ROOT / "nbgrader_config.py"))


CONFIG_FILE = """
import sys
sys.path.insert(0, {tests!r})
import conftest
c = get_config()
conftest.configure(c)
c.GradeInSandbox.grade = conftest.Grader()
c.GradeInSandbox.seed = 0
c.GradeInSandbox.level = "process"
"""


def test_the_plain_command_uses_the_config_file_of_the_course(course):
    (course.root / "nbgrader_config.py").write_text(
        CONFIG_FILE.format(tests=str(Path(__file__).parent))
    )
    course.submit("ann", plan={"second": ("partial", 0.25)})
    course.submit("bob", plan={"second": ("error", 0.0)})
    done = run_nbgrader("autograde", "tiny", folder=course.root)
    assert done.returncode == 1, done.stderr
    assert "error processing assignment 'tiny' for student 'bob'" in done.stderr
    assert course.scores("ann") == {**ALL, "second": 0.25}
    assert set(course.scores("bob").values()) == {None}
