"""Courses that would lose an author's work, or let a student decide what runs here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.assignment import Assignment, NotBuiltError, load_assignment
from autograder.authoring import init_course, new_assignment
from autograder.cli import app
from autograder.course import CourseError, read_course
from autograder.errors import UserError
from autograder.judging.check import check, load_checks


@pytest.mark.parametrize(
    ("folders", "said"),
    [
        ('assignments = "solutions"', "solutions and assignments"),
        ('assignments = "checks"', "assignments and checks"),
        ('assignments = "solutions/released"', "assignments and solutions"),
        ('solutions = "a/b"\nassignments = "a"', "solutions and assignments"),
    ],
)
def test_folders_that_lie_in_each_other_are_refused(
    tmp_path: Path, folders: str, said: str
) -> None:
    """`build` removes what is left over in the released folders."""
    (tmp_path / "course.toml").write_text(f"[folders]\n{folders}\n")
    with pytest.raises(CourseError) as raised:
        read_course(tmp_path)
    assert str(raised.value) == (
        f"{tmp_path / 'course.toml'}: [folders] {said} are the same folder, or one lies in the"
        " other. Give each a folder of its own."
    )


@pytest.mark.parametrize("words", [["new", "ps1"], ["copy", "pca_kmeans"], ["build"]])
def test_what_writes_into_a_course_never_takes_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stderr) == (
        2,
        "There is no course here. Make one with `autograder init DIR` and go there, or name one"
        " with --course DIR.\n",
    )


@pytest.mark.parametrize("path", [".", "..", "../.."])
def test_a_course_that_was_handed_in_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    handed_in = tmp_path / "submitted" / "ada"
    (handed_in / "checks").mkdir(parents=True)
    (handed_in / "course.toml").write_text("")
    (handed_in / "checks" / "ps1.py").write_text("raise SystemExit('the checks of a student')")
    monkeypatch.chdir(handed_in)
    done = CliRunner().invoke(app, ["grade", "ps1", path])
    assert (done.exit_code, done.stderr) == (
        2,
        f"The course in {handed_in} lies among the submissions. Go elsewhere, or name your course"
        " with --course DIR.\n",
    )


def test_a_title_with_quotes_is_a_title(tmp_path: Path) -> None:
    init_course(tmp_path / "course", 'Intro to "ML" \\ 2')
    assert read_course(tmp_path / "course").title == 'Intro to "ML" \\ 2'


def test_a_course_in_a_course_is_said(tmp_path: Path) -> None:
    init_course(tmp_path / "outer")
    inner = tmp_path / "outer" / "spring"
    done = CliRunner().invoke(app, ["init", str(inner)])
    assert (done.exit_code, done.stderr) == (
        0,
        f"{inner} lies in another course, {tmp_path / 'outer'}. Commands typed in {inner} use the"
        " new one.\n",
    )
    assert not CliRunner().invoke(app, ["init", str(tmp_path / "apart")]).stderr


def test_a_keyword_is_no_name_of_an_assignment(tmp_path: Path) -> None:
    init_course(tmp_path)
    with pytest.raises(UserError) as raised:
        new_assignment("class", read_course(tmp_path))
    assert str(raised.value) == (
        "'class' is a keyword of Python, and hidden tests are a module; choose another name."
    )


def test_an_assignment_without_hidden_tests(
    tmp_path: Path, write_release: Callable[..., Assignment]
) -> None:
    assignment = write_release(tmp_path, "tiny", {"nn/layers.py": ""})
    with pytest.raises(UserError) as raised:
        load_checks(assignment)
    assert str(raised.value) == (
        "tiny has no hidden tests: there is neither checks/tiny.py nor checks/tiny/__init__.py."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:\n", "checks/tiny.py:1: the hidden tests cannot be loaded: SyntaxError: "),
        ("import numpyy\n", "checks/tiny.py:1: the hidden tests cannot be loaded: ModuleNot"),
        ("\n1 / 0\n", "checks/tiny.py:2: the hidden tests cannot be loaded: ZeroDivisionError: "),
        (
            "\nraise SystemExit(0)\n",
            "checks/tiny.py:2: the hidden tests cannot be loaded: ExitError: ",
        ),
        ("", "tiny has no hidden tests: no function in checks/tiny is marked with `@check`."),
    ],
)
def test_hidden_tests_that_cannot_be_loaded_stop_before_the_first_student(
    tmp_path: Path,
    write_release: Callable[..., Assignment],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    said: str,
) -> None:
    assignment = write_release(tmp_path, "tiny", {"nn/layers.py": "def f(): ...  # TODO(f)\n"})
    assignment.course.checks.mkdir(exist_ok=True)
    (assignment.course.checks / "tiny.py").write_text(text)
    (tmp_path / "class" / "ada" / "nn").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "nn" / "layers.py").write_text("")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["grade", "tiny", "class", "--sandbox=process"])
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith(said)
    assert not (tmp_path / "grades" / "tiny").exists()
    done = CliRunner().invoke(app, ["gradescope", "tiny"])
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith(said)


def test_a_released_file_that_was_edited_stops_before_the_first_student(
    tmp_path: Path, write_release: Callable[..., Assignment], monkeypatch: pytest.MonkeyPatch
) -> None:
    assignment = write_release(tmp_path, "tiny", {"nn/layers.py": "", "nn/given.py": ""})
    (assignment.release / "nn" / "given.py").write_text("GIVEN = 2\n")
    (tmp_path / "class" / "ada" / "nn").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "nn" / "layers.py").write_text("")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["grade", "tiny", "class", "--sandbox=process"])
    assert (done.exit_code, done.stderr) == (
        2,
        f"{assignment.release}/nn/given.py is not the file that was built; run `autograder build"
        " tiny`.\n",
    )


def test_points_are_not_negative() -> None:
    with pytest.raises(ValueError, match=r"check 'f' is worth -4 points; give 0 or more"):

        @check("f", points=-4)
        def f(student: object, rng: object) -> None:
            """f returns a number."""


def test_a_release_under_another_name_is_refused(
    tmp_path: Path, write_release: Callable[..., Assignment]
) -> None:
    assignment = write_release(tmp_path, "tiny", {"nn/layers.py": ""})
    assignment.release.rename(tmp_path / "assignments" / "other")
    with pytest.raises(NotBuiltError) as raised:
        load_assignment("other", assignment.course)
    assert str(raised.value) == (
        f"{tmp_path / 'assignments' / 'other' / 'release.json'} cannot be read (it is schema 1 of"
        " tiny, not schema 1 of other); run `autograder build other`."
    )
