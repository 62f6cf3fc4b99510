"""A platform's download becomes nbgrader's `submitted/` tree, with the same work in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import load_assignment
from autograder.submission import folder_alias, read_roster, take_in

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
    folders = {f"{who}/{SLUG}/{SLUG}.ipynb" for who in ("doejane", "roejohn")}
    assert files == folders | {f"{SLUG}.handed-in.txt"}


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


def test_what_inspect_says_stays_beside_the_folders(download, tmp_path):
    with zipfile.ZipFile(download, "a") as archive:
        archive.writestr("notes.py", b"x = 1\n")
        archive.writestr("poesam_12347_678003_work.zip", b"PK no")
        archive.writestr("ruddkim_12348_678004_work.7z", b"7z")
    submitted = tmp_path / "submitted"
    code, output = command(str(download), "--submitted", str(submitted))
    record = " ".join((submitted / f"{SLUG}.handed-in.txt").read_text("utf-8").split())
    assert code == 0
    assert "`work.zip` is damaged or no zip" in record
    assert "`work.7z` cannot be opened" in record
    assert "notes.py" in record
    assert "meant for it" not in record  # the notebook is no module that was saved otherwise
    assert f"{SLUG}.handed-in.txt." in output.replace(" ", "")


def test_a_second_download_is_recorded_below_the_first(download, tmp_path):
    submitted = tmp_path / "submitted"
    command(str(download), "--submitted", str(submitted))
    later = tmp_path / "late.zip"
    with zipfile.ZipFile(download) as before, zipfile.ZipFile(later, "w") as archive:
        work = before.read(before.namelist()[0])
        archive.writestr(f"poesam_12347_678003_{SLUG}.ipynb", work)
        archive.writestr(f"ruddkim_12348_678004_{SLUG}.ipynb", work)
    command(str(later), "--submitted", str(submitted))
    record = (submitted / f"{SLUG}.handed-in.txt").read_text("utf-8")
    assert record.index("roejohn") < record.index("poesam")


def test_a_number_with_a_slash_is_one_student_on_both_ways(download, tmp_path):
    """nbgrader's folder leads back to the roster's id, so marks can be joined."""
    submitted, assignment = tmp_path / "submitted", load_assignment(SLUG)
    roster = tmp_path / "roster.csv"
    roster.write_text("id,first_name,last_name\n2024/0123,Jane,Doe\n2024/0124,John,Roe\n")
    command(str(download), "--submitted", str(submitted), "--roster", str(roster))
    ids = ["2024/0123", "2024/0124"]
    assert sorted(p.name for p in submitted.iterdir() if p.is_dir()) == [*map(folder_alias, ids)]
    record = (submitted / f"{SLUG}.handed-in.txt").read_text("utf-8")
    said = f"nbgrader knows 2024/0123 as {folder_alias(ids[0])}: it takes no folder of that name."
    assert said in record
    again = take_in([submitted], assignment, roster=read_roster(roster))
    assert sorted(one.student for one in again.submissions) == ids
    assert again.missing == ()
