"""A platform's download becomes nbgrader's `submitted/` tree, with the same work in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import load_assignment
from autograder.submission import take_in

SLUG = "least_squares"
WROTE = "Wrote the files of 2 students to {folder}. nbgrader keeps no dates of a download."


def command(*words: str) -> tuple[int, str]:
    found = CliRunner().invoke(cli.app, ["inspect", SLUG, *words])
    return found.exit_code, " ".join(found.output.split())


@pytest.fixture
def download(tmp_path: Path) -> Path:
    """Two students in a download of Canvas, their files uploaded singly."""
    notebook = load_assignment(SLUG).notebooks[0]
    work = (Path(__file__).parents[2] / "assignments" / SLUG / notebook).read_bytes()
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"doejane_12345_678001_{notebook}", work)
        archive.writestr(f"roejohn_LATE_12346_678002_{notebook}", work)
    return path


def test_each_student_has_a_folder_with_the_released_names(download, tmp_path):
    submitted = tmp_path / "submitted"
    code, output = command(str(download), "--submitted", str(submitted))
    assert (code, " ".join(WROTE.format(folder=submitted).split()) in output) == (0, True)
    files = {str(p.relative_to(submitted)) for p in submitted.rglob("*") if p.is_file()}
    assert files == {f"{who}/{SLUG}/{SLUG}.ipynb" for who in ("doejane", "roejohn")}


def test_the_tree_holds_the_same_work_as_the_download(download, tmp_path):
    submitted, assignment = tmp_path / "submitted", load_assignment(SLUG)
    command(str(download), "--submitted", str(submitted))
    before, after = (take_in([path], assignment).submissions for path in (download, submitted))
    assert {s.student: s.files for s in before} == {s.student: s.files for s in after}


def test_what_was_collected_before_is_not_overwritten(download, tmp_path):
    submitted = tmp_path / "submitted"
    (submitted / "roejohn" / SLUG).mkdir(parents=True)
    code, output = command(str(download), "--submitted", str(submitted))
    assert (code != 0, "is there already, and nothing was written" in output) == (True, True)
    assert not (submitted / "doejane").exists()


def test_with_strict_nothing_is_written_while_something_is_to_be_looked_at(download, tmp_path):
    with zipfile.ZipFile(download, "a") as archive:
        archive.writestr("notes.py", b"x = 1\n")
    submitted = tmp_path / "submitted"
    code, _ = command(str(download), "--submitted", str(submitted), "--strict")
    assert (code, submitted.exists()) == (1, False)
