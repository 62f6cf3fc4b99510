"""Which course is meant, what its `course.toml` may say, and that courses do not meet."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.assignment import Assignment
from autograder.course import Course, CourseError, find_course, read_course, shipped_course
from autograder.grading import Conditions, Processes, grade_class, grade_submission
from autograder.judging.check import load_checks
from autograder.submission import Submission

Write = Callable[..., None]


@pytest.fixture
def course(tmp_path: Path, write_files: Write) -> Path:
    """The folder of a course, with a folder some way inside of it."""
    write_files(tmp_path / "course", {"course.toml": 'title = "Deep nets"\n', "a/b/note.txt": ""})
    return tmp_path / "course"


# Which one is meant -----------------------------------------------------------------------------


def test_the_folder_that_is_given_comes_first(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path / "nowhere"))
    assert find_course(course).root == course


def test_then_the_one_that_the_variable_names(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write_files: Write
) -> None:
    write_files(tmp_path / "other", {"course.toml": ""})
    monkeypatch.chdir(tmp_path / "other")
    monkeypatch.setenv("AUTOGRADER_COURSE", str(course))
    assert find_course().root == course
    monkeypatch.setenv("AUTOGRADER_COURSE", "")
    assert find_course().root == tmp_path / "other"


def test_then_the_nearest_one_above_the_current_folder(
    course: Path, monkeypatch: pytest.MonkeyPatch, write_files: Write
) -> None:
    monkeypatch.chdir(course / "a" / "b")
    assert find_course().root == course
    write_files(course / "a", {"course.toml": ""})
    assert find_course().root == course / "a"


def test_else_the_one_that_comes_with_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_course() == shipped_course()
    assert "fully_connected_nets" in shipped_course().slugs


@pytest.mark.parametrize("source", ["--course", "AUTOGRADER_COURSE"])
def test_a_folder_that_is_no_course_is_refused_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    with pytest.raises(CourseError) as raised:
        find_course(tmp_path if source == "--course" else None)
    assert str(raised.value) == (
        f"{source} names {tmp_path}, which has no course.toml. Name the folder that has one, or"
        f" make a course with `autograder init {tmp_path}`."
    )


def test_a_course_is_the_same_however_its_folder_is_named(
    course: Path, monkeypatch: pytest.MonkeyPatch, write_files: Write
) -> None:
    write_files(course, {"course.toml": ""})
    monkeypatch.chdir(course / "a")
    assert read_course(Path("..")) == read_course(course)
    assert read_course(Path("..")).title == "course"
    monkeypatch.chdir(course)
    assert read_course(Path()) == read_course(Path(".")) == read_course(course)


# What is in it ----------------------------------------------------------------------------------


def test_folders_have_the_usual_names_where_nothing_is_said(course: Path) -> None:
    found = read_course(course)
    assert found == Course(
        root=course,
        title="Deep nets",
        solutions=course / "solutions",
        assignments=course / "assignments",
        checks=course / "checks",
        data=course / "data",
        source=course / "source",
    )
    assert found.slugs == ()


def test_folders_may_have_other_names(course: Path, write_files: Write) -> None:
    text = '[folders]\nchecks = "hidden/tests"\ndata = "datasets"\n'
    write_files(course, {"course.toml": text})
    found = read_course(course)
    assert (found.checks, found.data) == (course / "hidden" / "tests", course / "datasets")
    assert found.shown(found.checks / "tiny.py") == "hidden/tests/tiny.py"
    assert found.shown(course.parent) == str(course.parent)


def test_an_assignment_has_a_source_or_a_release(course: Path, write_files: Write) -> None:
    written = ("solutions/nets/assignment.toml", "assignments/nets/release.json")
    more = ("assignments/old/release.json", "solutions/given/a.py", "assignments/new/README.md")
    write_files(course, dict.fromkeys((*written, *more, "solutions/b/assignment.toml"), ""))
    assert read_course(course).slugs == ("b", "nets", "old")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title =", " is not TOML: Invalid value (at end of document)."),
        (
            b"\xff",
            " is not TOML: 'utf-8' codec can't decode byte 0xff in position 0: ",
        ),
        (
            "colour = 1",
            ": unknown key 'colour' in the file; "
            "there are: title, python, files, folders, datasets, marks, late, gradescope,"
            " feedback, adopt.",
        ),
        (
            "[folders]\ntests = 'a'",
            ": unknown key 'tests' in [folders]; "
            "there are: solutions, assignments, checks, data, source.",
        ),
        ("folders = 'a'", ": [folders] should be a table."),
        ("marks = 1", ": [marks] should be a table."),
        ("[marks]\nshare = 1", ": unknown key 'share' in [marks]; there are: follow_through."),
        *(
            (
                f"[marks]\nfollow_through = {value}",
                f": [marks] follow_through is {shown}; give a number from 0 to 1, the share of its"
                " points that a right answer earns which is built on a wrong one.",
            )
            for value, shown in (
                ("1.5", "1.5"),
                ("-1", "-1"),
                ("true", "True"),
                ("'all'", "'all'"),
                ("nan", "nan"),
            )
        ),
        ("datasets = 'mnist'", ": [datasets] should be a table."),
        (
            "[datasets]\nnets = 'mnist'",
            ": [datasets] names 'nets', and no assignment is called that. There are: none.",
        ),
        *(
            (
                f"python = {value}",
                f": python is {shown}; give the version that grades as text, such as python = "
                '"3.12". The lowest is 3.11.',
            )
            for value, shown in (("3.12", "3.12"), ("'3.9'", "'3.9'"), ("'3.12.1'", "'3.12.1'"))
        ),
        ("title = 3", ": title is 3; give one line of text."),
        ("title = ' '", ": title is ' '; give one line of text."),
        (r'title = "a\nb"', ": title is 'a\\nb'; give one line of text."),
    ],
)
def test_what_is_wrong_in_a_course_toml_is_said(
    course: Path, write_files: Write, text: str | bytes, said: str
) -> None:
    write_files(course, {"course.toml": text})
    with pytest.raises(CourseError) as raised:
        read_course(course)
    assert str(raised.value).startswith(f"{course / 'course.toml'}{said}")


def test_the_share_of_follow_through_is_all_where_nothing_is_said(
    course: Path, write_files: Write
) -> None:
    assert read_course(course).follow_through == 1
    write_files(course, {"course.toml": "[marks]\nfollow_through = 0\n"})
    assert read_course(course).follow_through == 0


@pytest.mark.parametrize("folder", ["..", "../a", "/etc", "a//b", "a\\b", "C:/a", "", 3, "a/."])
def test_folders_stay_inside_the_course(course: Path, write_files: Write, folder: object) -> None:
    value = folder if isinstance(folder, int) else f"'{folder}'"
    write_files(course, {"course.toml": f"[folders]\nchecks = {value}\n"})
    with pytest.raises(CourseError) as raised:
        read_course(course)
    assert str(raised.value) == (
        f"{course / 'course.toml'}: [folders] checks is {folder!r}; give a folder inside the"
        " course, relative, with `/`."
    )


# Courses do not meet ----------------------------------------------------------------------------

CHECK = '''\
from autograder.judging.arrays import expect_number
from autograder.judging.check import check

from .common import EXPECTED


@check("number", points={points})
def number(student, rng):
    """number is right."""
    expect_number("number", student.work.number(), EXPECTED)
'''
STUB = "def number():\n    raise NotImplementedError('TODO(number)')\n"


@pytest.fixture
def two(
    tmp_path: Path, write_files: Write, write_release: Callable[..., Assignment]
) -> tuple[Assignment, Assignment]:
    """Assignments of one name in two courses, whose hidden tests are not the same."""

    def made(name: str, points: int, expected: float) -> Assignment:
        common = f"EXPECTED = {expected}\n"
        write_files(
            tmp_path / name / "checks",
            {"tiny.py": CHECK.format(points=points), "common.py": common},
        )
        return write_release(tmp_path / name, "tiny", {"nn/__init__.py": "", "nn/work.py": STUB})

    return made("one", 1, 1.0), made("two", 2, 2.0)


def two_is_right(student: str) -> Submission:
    files = {"nn/__init__.py": b"", "nn/work.py": b"def number():\n    return 2.0\n"}
    return Submission(student=student, files=files)


def test_two_courses_grade_one_submission_differently(two: tuple[Assignment, Assignment]) -> None:
    reports = [
        grade_submission(one, two_is_right("ada"), level="process") for one in (*two, two[0])
    ]
    assert [(report.score, report.max_score) for report in reports] == [(0, 1), (2, 2), (0, 1)]


def test_graders_of_a_class_have_the_checks_of_its_course(
    two: tuple[Assignment, Assignment], tmp_path: Path
) -> None:
    students = [two_is_right(name) for name in ("ada", "boris")]
    for number, (one, score) in enumerate(zip(two, (0.0, 2.0), strict=True)):
        reports = grade_class(
            Conditions(assignment=one, level="process"),
            students,
            out=tmp_path / f"grades{number}",
            place=Processes(2),
        )
        assert [report.score for report in reports] == [score] * 2


def test_checks_of_two_courses_are_two_modules(two: tuple[Assignment, Assignment]) -> None:
    first, second = (load_checks(one)["number"] for one in two)
    assert first.run.__module__ != second.run.__module__
    assert load_checks(two[0])["number"] is first


# Nothing is read by importing -------------------------------------------------------------------

LOOK = """
import sys

opened = []
ours = {root!r}
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
import autograder.cli
import autograder.grading
import autograder.authoring
import autograder.gradescope.bundle
import autograder.judging.training
import autograder.data
def others():
    return [name for name in opened if name.startswith(ours) and not name.endswith((".py", ".pyc"))]

print(*others(), sep="\\n", file=sys.stderr)
autograder.course.shipped_course()
print(*others(), sep="\\n")
"""


def test_importing_the_grader_opens_no_file_of_a_course() -> None:
    course = shipped_course()
    program = LOOK.format(root=str(course.root))
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=course.root
    )
    installed = {str(course.root / name) for name in (".venv", ".tox")}
    found = [
        [name for name in text.split("\n") if name and not name.startswith(tuple(installed))]
        for text in (done.stderr, done.stdout)
    ]
    assert found == [[], [str(course.root / "course.toml")]]
