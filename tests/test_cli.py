"""The commands: what they print, what they write and how they exit."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from rich.console import Console
from typer.testing import CliRunner

import autograder.authoring
import autograder.cli as cli
import autograder.grading
from autograder import data as datasets
from autograder.assignment import Part
from autograder.commands import exits
from autograder.grading import NotWrittenError, Processes, Scheduler
from autograder.grading.task import SchedulerLostError, StopsClassError
from autograder.reports import progress
from autograder.results import CheckResult, Report, Status
from autograder.sandbox import levels

SLUG = "two_layers"
SETTINGS = 'title = "Two layers"\nsummary = "S"\npackage = "nn"\ndataset = "digits"\n'


class Result:
    def __init__(self, result):
        self.code = result.exit_code
        self.out = result.stdout
        self.err = result.stderr
        self.exception = result.exception


def run(*words: object) -> Result:
    return Result(CliRunner().invoke(cli.app, [str(word) for word in words]))


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch, write_files, write_release):
    source = {"assignment.toml": SETTINGS, f"lessons/{SLUG}.py": ""}
    write_files(tmp_path / "solutions" / SLUG, source)
    write_release(
        tmp_path, SLUG, {f"{SLUG}.ipynb": '{"cells": []}'}, title="Two layers", summary="S"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def report(student: str, status: Status = Status.PASSED) -> Report:
    score = 2.0 if status is Status.PASSED else 0.0
    check = CheckResult(id="relu", name="relu.", status=status, score=score, max_score=2.0)
    return Report(
        assignment=SLUG,
        student=student,
        score=score,
        max_score=2.0,
        sandbox="process",
        seed=1,
        seconds=1.0,
        checks=(check,),
    )


@pytest.fixture
def graded(monkeypatch):
    """What `grade_class` was asked; students called bad get an error of the grader."""
    asked = {}

    def grade_class(conditions, submissions, *, listener, **options):
        asked.update(options, conditions=conditions)
        asked.update(students=[one.student for one in submissions])
        reports = [
            report(one.student, Status.ERROR if one.student == "bad" else Status.PASSED)
            for one in submissions
        ]
        for each in reports:
            listener.graded(each)
        return reports

    monkeypatch.setattr(autograder.grading, "grade_class", grade_class)
    return asked


@pytest.fixture
def students(course):
    for name in ("ada", "boris"):
        (course / "class" / name).mkdir(parents=True)
        (course / "class" / name / f"{SLUG}.ipynb").write_text("{}")
    return course / "class"


# grade ------------------------------------------------------------------------------------------


def test_grade_a_class(graded, students):
    result = run("grade", SLUG, students)
    assert result.code == 0
    assert "ada" in result.out
    assert "2/2" in result.out
    assert result.err == "[1/2] ada: 2/2\n[2/2] boris: 2/2\n"
    assert graded["students"] == ["ada", "boris"]


def test_grade_passes_its_options_on(graded, students, tmp_path):
    run("grade", SLUG, students, "--jobs=3", "--sandbox=process", "--seed=7", "--out=results")
    assert graded["place"] == Processes(3)
    assert graded["conditions"].level == "process"
    assert graded["conditions"].seed == 7
    assert str(graded["out"]) == "results"


def test_grade_passes_on_where_to_grade_and_whether_anew(graded, students):
    run("grade", SLUG, students)
    assert (graded["fresh"], graded["place"]) == (False, Processes())
    run("grade", SLUG, students, "--fresh", "--scheduler=tcp://host:8786")
    assert (graded["fresh"], graded["place"]) == (True, Scheduler("tcp://host:8786"))


def test_the_sandbox_is_started_ahead_only_where_it_is_sure_to_be_needed_here(
    graded, students, monkeypatch
):
    asked = []
    monkeypatch.setattr(levels, "make_ready", asked.append)
    run("grade", SLUG, students, "--jobs=2")  # grading processes have sandboxes of their own
    run("grade", SLUG, students, "--jobs=1", "--scheduler=tcp://host:8786")
    assert asked == []
    run("grade", SLUG, students / "ada", "--sandbox=process")
    assert asked == ["process"]
    Path("grades", SLUG).mkdir(parents=True)  # what is in there may still hold
    run("grade", SLUG, students, "--jobs=1")
    assert asked == ["process"]
    run("grade", SLUG, students, "--jobs=1", "--fresh")
    assert asked == ["process", "bubblewrap"]


def test_a_class_that_the_user_can_mend_or_a_lost_scheduler(graded, students, monkeypatch):
    for error, code in (
        (StopsClassError("No dask scheduler answers."), exits.USAGE),
        (SchedulerLostError("The connection was lost."), exits.OUR_FAULT),
        (NotWrittenError("The result of ada could not be written."), exits.OUR_FAULT),
    ):

        def fails(*args, error=error, **options):
            raise error

        monkeypatch.setattr(autograder.grading, "grade_class", fails)
        result = run("grade", SLUG, students)
        assert (result.code, result.err) == (code, f"{error}\n")


def test_the_seed_is_drawn_once(graded, students):
    run("grade", SLUG, students)
    first = graded["conditions"].seed
    run("grade", SLUG, students)
    assert graded["conditions"].seed == first


def test_a_seed_file_that_is_no_number(graded, students, course):
    (course / "grades").mkdir()
    (course / "grades" / ".seed").write_text("seven")
    result = run("grade", SLUG, students)
    assert result.code == exits.USAGE
    assert ".seed should hold one whole number" in result.err


def test_several_paths_and_the_same_student_twice(graded, students):
    assert run("grade", SLUG, students / "ada", students).code == 0
    assert graded["students"] == ["ada", "ada (2)", "boris"]


def test_one_submission_is_shown_in_full_with_notes_about_its_files(graded, students):
    (students / "ada" / f"{SLUG}.ipynb").rename(students / "ada" / "hw.ipynb")
    result = run("grade", SLUG, students / "ada" / "hw.ipynb")
    assert "hw: 2 of 2 points (1 passed)" in result.out
    note = "`hw.ipynb` was taken as `two_layers.ipynb`: it is the only notebook."
    assert f"Note: {note}" in result.out


def test_every_format_at_once(graded, students, course):
    kinds = [f"--format={kind}" for kind in ("json", "html", "csv")]
    result = run("grade", SLUG, students, *kinds)
    end = result.out.rindex("]") + 1
    assert [each["student"] for each in json.loads(result.out[:end])] == ["ada", "boris"]
    assert result.out[end:].split() == [
        f"grades/{SLUG}/index.html",
        f"grades/{SLUG}/grades.csv",
    ]
    assert {path.name for path in (course / "grades" / SLUG).iterdir()} == {
        *("index.html", "ada.html", "boris.html", "grades.csv")
    }


def test_a_failure_of_the_grader_is_exit_code_3(graded, students):
    (students / "ada").rename(students / "bad")
    result = run("grade", SLUG, students)
    assert result.code == exits.OUR_FAULT
    assert "not final" in result.out
    assert result.err.endswith(
        "The grader itself failed at some checks; the scores with `error` are not final.\n"
    )


# What goes wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["grade", "two_layer", "x"],
            "No assignment is called 'two_layer' in the course {course}."
            " Did you mean two_layers?\n",
        ),
        (
            ["grade", SLUG, "/nowhere"],
            "/nowhere does not exist. Give a student's folder, a folder of a class, a notebook, "
            "a .py file or a .zip.\n",
        ),
        (
            ["build", "x"],
            "No assignment is called 'x' in the course {course}. There are: two_layers.\n",
        ),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(course, words, message):
    result = run(*words)
    said = message.format(course=course)
    assert (result.code, result.out, result.err) == (exits.USAGE, "", said)


def test_an_unknown_format_is_wrong_usage(students):
    assert run("grade", SLUG, students, "--format=pdf").code == exits.USAGE


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (levels.UnavailableLevelError("no bwrap"), exits.USAGE, "no bwrap\n"),
        (
            OSError(28, "No space left"),
            exits.OUR_FAULT,
            "The system refused: [Errno 28] No space left. Make room on the disk, and run the same",
        ),
        (
            PermissionError(13, "Permission denied", "out"),
            exits.OUR_FAULT,
            "denied: 'out'. Choose another folder, or change its permissions.\n",
        ),
        (
            NotADirectoryError(20, "Not a directory", "out"),
            exits.OUR_FAULT,
            "'out'. A file stands where a folder is needed, or the reverse: move it, or choose",
        ),
        (
            OSError(5, "Input/output error"),
            exits.OUR_FAULT,
            "refused: [Errno 5] Input/output error.\n",
        ),
        (
            KeyboardInterrupt(),
            exits.INTERRUPTED,
            "Interrupted. Results that were finished are kept.",
        ),
        (ZeroDivisionError("oops"), exits.OUR_FAULT, "ZeroDivisionError: oops\nThis is a bug"),
    ],
)
def test_what_grading_may_raise(graded, students, monkeypatch, error, code, message):
    def fails(*args, **options):
        raise error

    monkeypatch.setattr(autograder.grading, "grade_class", fails)
    result = run("grade", SLUG, students)
    assert result.code == code
    assert message in result.err
    assert ("Traceback" in result.err) == isinstance(error, ZeroDivisionError)


@pytest.mark.parametrize("words", [["list"], ["build"], ["build", "--check"], ["verify"]])
def test_nothing_to_do_is_wrong_usage(tmp_path, write_files, words):
    write_files(tmp_path / "empty", {"course.toml": ""})
    result = run(*words, "--course", tmp_path / "empty")
    assert (result.code, result.out, result.err) == (
        exits.USAGE,
        "",
        f"The course in {tmp_path / 'empty'} has no assignment; `autograder new SLUG` makes one.\n",
    )


@pytest.mark.parametrize(
    "words",
    [["list"], ["build"], ["verify"], ["grade", SLUG, "."], ["gradescope", SLUG], ["new", "a"]],
)
def test_every_command_is_told_of_a_folder_that_is_no_course(tmp_path, words):
    (tmp_path / "none").mkdir()
    result = run(*words, "--course", tmp_path / "none")
    assert (result.code, result.out) == (exits.USAGE, "")
    assert result.err.startswith(f"--course names {tmp_path / 'none'}, which has no course.toml.")


# The other commands -----------------------------------------------------------------------------


def test_list_names_the_assignments_of_another_course(tmp_path, write_release):
    write_release(tmp_path / "other", "convnets", {}, title="Convolutions")
    shown = run("list", "--course", tmp_path / "other").out.split("\n")
    assert shown[1].split() == ["convnets", "Convolutions", "0", "Made", "up"]


def test_list():
    assert run("list").out.split("\n")[1].split() == [SLUG, "Two", "layers", "0", "S"]


def test_list_counts_extra_credit_apart(tmp_path, write_release):
    parts = (Part(id="a", points=3), Part(id="b", points=1.5, manual=True))
    extra = Part(id="c", points=2, bonus=True)
    write_release(tmp_path / "other", "convnets", {}, parts=(*parts, extra))
    assert " 4.5 + 2 extra " in run("list", "--course", tmp_path / "other").out


def test_build(monkeypatch, course):
    for name, result in (("build", [course / "a"]), ("build_hidden", course / "checks/b")):
        monkeypatch.setattr(autograder.authoring, name, lambda _, found=result: found)
    result = run("build")
    said = f"{SLUG}: 1 files in {course}/assignments/{SLUG}; checks/b\n"
    assert (result.code, result.out) == (0, said)


@pytest.mark.parametrize(("difference", "code"), [("", 0), ("- old\n+ new", 1)])
@pytest.mark.parametrize("old", ["stale", "stale_hidden"])
def test_build_check(monkeypatch, old, difference, code):
    for name in ("stale", "stale_hidden"):
        said = difference if name == old else ""
        monkeypatch.setattr(autograder.authoring, name, lambda _, found=said: found)
    result = run("build", "--check")
    assert result.code == code
    assert difference in result.out
    assert ("run `autograder build`" in result.err) == bool(difference)


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, exits.DOES_NOT_HOLD)])
def test_verify(monkeypatch, holds, code):
    class Result(str):
        __slots__ = ()

        @property
        def holds(self):
            return holds

    def proves(assignments, *, grade, run, executor, combined, trainings):
        assert trainings == 3
        assert run.keywords == {"level": "process"}
        assert combined == autograder.authoring.COMBINED
        return [Result(f"{one.slug} at level {grade.keywords['level']}") for one in assignments]

    monkeypatch.setattr(autograder.authoring, "verify_all", proves)
    result = run("verify", "--sandbox=process", "--trainings=3")
    assert (result.code, result.out) == (code, f"{SLUG} at level process\n")


def test_a_table_of_costs_needs_everything_to_run():
    result = run("verify", "--trainings=3", "--table=costs.md")
    assert result.code == exits.USAGE
    assert "leave --trainings out" in " ".join(result.err.split())


def test_data():
    lines = run("data").out.splitlines()
    assert lines[0].split() == ["name", "title", "images", "classes", "licence", "where"]
    assert re.match(r"digits .* 1x8x8 +10 .* ✓ embedded", lines[1])


def test_fetching_data(monkeypatch):
    assert run("data", "digits").out == "digits needs no download.\n"
    monkeypatch.setattr(datasets, "fetch", lambda name: f"/cache/{name}")
    assert run("data", "mnist").out == "mnist is in /cache/mnist\n"


def test_data_that_nobody_knows():
    result = run("data", "mnits")
    assert (result.code, result.out) == (exits.USAGE, "")
    assert result.err.count("\n") == 1


def test_data_that_cannot_be_had(monkeypatch):
    def fetch(name):
        raise datasets.DownloadError("mnist.gz could not be downloaded. Try again later.")

    monkeypatch.setattr(datasets, "fetch", fetch)
    result = run("data", "mnist")
    assert result.code == exits.OUR_FAULT
    assert result.err == "mnist.gz could not be downloaded. Try again later.\n"


HERE = ".".join(map(str, sys.version_info[:3]))
GRADES = f"Python {HERE} and NumPy {numpy.__version__} grade here."


def test_doctor(monkeypatch):
    found = [("bubblewrap", True, "protects much"), ("process", True, "protects little")]
    monkeypatch.setattr(levels, "diagnose", lambda: found)
    result = run("doctor")
    assert result.code == 0
    assert result.out == (
        f"{GRADES}\n"
        "✓ available      bubblewrap: protects much\n✓ available      process: protects little\n"
    )


def test_doctor_says_when_the_default_is_missing(monkeypatch):
    monkeypatch.setattr(levels, "diagnose", lambda: [("bubblewrap", False, "bwrap is not there")])
    result = run("doctor")
    assert result.code == exits.DOES_NOT_HOLD
    assert result.out == f"{GRADES}\n✗ not available  bubblewrap: bwrap is not there\n"
    assert result.err == "The default level, bubblewrap, is missing: bwrap is not there.\n"


def test_doctor_says_when_students_are_told_of_another_python(monkeypatch, tmp_path):
    (tmp_path / "course.toml").write_text('python = "3.99"\n')
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    monkeypatch.setattr(levels, "diagnose", lambda: [("bubblewrap", True, "protects much")])
    result = run("doctor")
    assert result.code == 0
    assert result.err == (
        f"Students are told that Python 3.99 grades their work, and here it is {HERE}. Grade with"
        f" 3.99, or say the other in {tmp_path}/course.toml (python = ...) and build the"
        " assignments again.\n"
    )


@pytest.mark.parametrize(("status", "code"), [(Status.FAILED, 0), (Status.ERROR, exits.OUR_FAULT)])
def test_demo(monkeypatch, status, code):
    import autograder.demo

    monkeypatch.setattr(autograder.demo, "show_demo", lambda *, level: [report(level, status)])
    assert run("demo", "--sandbox=process").code == code


def test_help_is_quick_because_it_imports_nothing_heavy():
    heavy = "{'numpy', 'nbformat', 'jinja2', 'jupytext', 'matplotlib'}"
    program = f"import sys, autograder.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_a_terminal_gets_a_bar():
    console = Console(force_terminal=True, width=80, stderr=True)
    with console.capture() as captured, progress(2, console=console) as on_report:
        on_report(report("ada"))
    assert "1/2" in captured.get()
    assert "ada: 2/2" in captured.get()
