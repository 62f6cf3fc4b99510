"""Is a course refused whose hidden tests every submission could read?"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.course import PACKAGE, Course, read_course
from autograder.files import is_private
from autograder.grading.exposure import ExposedCourseError, exposed_results, refuse_exposed
from autograder.grading.store import write_report
from autograder.results import Report
from autograder.sandbox import visible


def course_in(folder: Path) -> Course:
    (folder / "course.toml").parent.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text("")
    return read_course(folder)


def test_a_course_elsewhere_is_fine(tmp_path: Path) -> None:
    refuse_exposed(course_in(tmp_path))


def test_a_course_inside_of_pythons_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    course = course_in(tmp_path / "share" / "course")
    with pytest.raises(ExposedCourseError) as raised:
        refuse_exposed(course)
    assert str(raised.value) == (
        f"Submissions could read {course.checks}: the sandbox shows them /usr and Python with its"
        " libraries, and the course lies in there. Move the course elsewhere, for example to your"
        " home."
    )


def test_a_link_into_what_is_shown_is_seen_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "python"))
    course_in(tmp_path / "python" / "course")
    (tmp_path / "course").symlink_to(tmp_path / "python" / "course")
    with pytest.raises(ExposedCourseError):
        refuse_exposed(read_course(tmp_path / "course"))


def test_the_shipped_course_is_hidden_with_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a wheel, where the package and the course in it are among Python's libraries."""
    monkeypatch.setattr(visible, "python_folders", lambda: [PACKAGE.parent])
    shipped = PACKAGE / "shipped"
    assert visible.exposed([shipped / "solutions", PACKAGE / "checks"]) == []
    assert visible.exposed([PACKAGE.parent / "elsewhere"]) == [PACKAGE.parent / "elsewhere"]


@pytest.mark.parametrize(
    "libraries",
    [
        "lib/python3.11/site-packages",
        "lib64/python3.12/site-packages",
        "lib/python3/dist-packages",
        "local/lib/python3.11/dist-packages",
        "local/lib/python3.12/site-packages",
        "envs/other/lib/python3.12/site-packages",
        "",
    ],
)
def test_a_copy_of_the_package_among_pythons_libraries_is_hidden(
    tmp_path: Path, libraries: str
) -> None:
    """Whichever copy is running: each brings hidden tests along."""
    copy = tmp_path / libraries / "autograder"
    (copy / "shipped" / "solutions").mkdir(parents=True)
    assert visible.secrets_below([tmp_path]) == [copy]


def test_a_prefix_behind_a_link_is_seen_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real" / "venv").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "linked" / "venv"))
    with pytest.raises(ExposedCourseError):
        refuse_exposed(course_in(tmp_path / "real" / "venv" / "course"))


def test_what_is_hidden_is_named_as_it_is_shown(tmp_path: Path) -> None:
    """What is mounted over it has to be where a submission would look."""
    copy = tmp_path / "real" / "lib" / "python3.11" / "site-packages" / "autograder"
    copy.mkdir(parents=True)
    (tmp_path / "real" / "lib64").symlink_to("lib")
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    (hidden,) = visible.secrets_below([tmp_path / "linked"])
    assert hidden.is_relative_to(tmp_path / "linked")
    assert hidden.resolve() == copy


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user of the machine may enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        if is_private(Path(folder)):
            pytest.skip("the folder for temporary files is not for everybody")
        yield Path(folder)


def test_results_that_everybody_may_look_for_are_said_at_the_level_user(open_folder: Path) -> None:
    assert exposed_results(open_folder, "user") == (
        f"Every user of this machine can see whose results are in {open_folder}, and so can code"
        f" that is graded at the level `user`. Keep them out: chmod o-rwx {open_folder}"
    )
    open_folder.chmod(0o754)
    assert exposed_results(open_folder, "user") == ""


@pytest.mark.parametrize("level", ["bubblewrap", "process"])
def test_at_other_levels_rights_of_files_decide_nothing(open_folder: Path, level: str) -> None:
    assert exposed_results(open_folder, level) == ""


def test_results_that_are_written_make_a_folder_that_is_private(open_folder: Path) -> None:
    report = Report(assignment="nets", student="ada", score=0, max_score=0, sandbox="user",
                    seed=7, seconds=0, checks=())  # fmt: skip
    write_report(report, open_folder / "grades", seed=7)
    assert exposed_results(open_folder / "grades" / "nets", "user") == ""
