"""Downloads go through `inspect --submitted` and `nbgrader autograde`: nobody is lost or mixed up.

The marks are those that `autograder grade` would give: the files that are graded are the same.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat
import pytest

from autograder.assignment import load_assignment
from autograder.commands.intake import write_submitted
from autograder.course import read_course
from autograder.layout import Layout
from autograder.submission import Intake, folder_names, read_roster, take_in

Files = Mapping[str, bytes]
NB, WORK = "tiny.ipynb", "pkg/work.py"


def lost(check: str) -> bytes:
    return json.dumps({check: ("failed", 0.0)}).encode()


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


@pytest.fixture
def work(course) -> Callable[..., dict[str, bytes]]:
    """A student's files, who loses one check."""
    notebook = nbformat.writes(course.released()).encode()

    def files(check: str, prefix: str = "", *, flat: bool = False) -> dict[str, bytes]:
        own = {NB: notebook, WORK: lost(check)}
        return {prefix + (path.rpartition("/")[2] if flat else path): data
                for path, data in own.items()}  # fmt: skip

    return files


@pytest.fixture
def through(course, capsys) -> Callable[..., dict[str, float]]:
    """The scores in nbgrader's gradebook of a download that `inspect --submitted` wrote."""
    course.generate_assignment()

    def autograde(path: Path, roster: Path | None = None) -> dict[str, float]:
        assignment = load_assignment("tiny", read_course(course.root))
        known = read_roster(roster) if roster else None
        intake: Intake = take_in([path], assignment, layout=Layout.AUTO, roster=known)
        write_submitted(intake, assignment, course.root / "submitted")
        outcome = course.autograde()
        assert outcome["success"], outcome
        graded = {one.student: one.files for one in course.grader.graded}
        names = folder_names(one.student for one in intake.submissions)
        assert graded == {names[one.student]: one.files for one in intake.submissions}
        autograde.said = capsys.readouterr().err  # type: ignore[attr-defined]
        scores = {student: course.scores(student) for student in graded}
        return {student: sum(filter(None, found.values())) for student, found in scores.items()}

    return autograde


def folder(root: Path, files: Files) -> Path:
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


def test_canvas_with_late_marks_and_second_uploads(tmp_path: Path, work, through) -> None:
    jane = {
        "doejane_LATE_12345_900001_tiny.ipynb": work("first")[NB],
        "doejane_LATE_12345_900002_work.py": lost("first"),
        "doejane_LATE_12345_900003_work-1.py": lost("second"),  # her second upload
    }
    john = work("third", "roejohn_12346_900004_", flat=True)
    (tmp_path / "submissions.zip").write_bytes(zipped(jane | john))
    assert through(tmp_path / "submissions.zip") == {"doejane": 3.0, "roejohn": 5.0}


def test_moodle_with_names_in_other_scripts(tmp_path: Path, work, through) -> None:
    files = {
        **work("first", "李小龙_1234567_assignsubmission_file_/"),
        "李小龙_1234567_assignsubmission_onlinetext_/onlinetext.html": b"<p>Done</p>",
        **work("second", "Владимир Ильин_1234568_assignsubmission_file_/"),
    }
    (tmp_path / "CS101-Homework 1-9876.zip").write_bytes(zipped(files))
    found = through(tmp_path / "CS101-Homework 1-9876.zip")
    assert found == {"李小龙": 4.0, "Владимир Ильин": 3.0}


def test_clones_with_git_inside_and_litter(tmp_path: Path, work, through) -> None:
    litter = {
        ".git/HEAD": b"ref: refs/heads/main\n",
        ".git/objects/ab/cd": b"x",
        ".ipynb_checkpoints/tiny-checkpoint.ipynb": b"{}",
        "pkg/__pycache__/work.cpython-311.pyc": b"x",
        ".github/workflows/classroom.yml": b"on: push",
    }
    files = work("first", "tiny-ada/") | work("third", "tiny-boris/")
    files |= {
        f"tiny-{who}/{path}": data for who in ("ada", "boris") for path, data in litter.items()
    }
    assert through(folder(tmp_path / "tiny-submissions", files)) == {"ada": 4.0, "boris": 5.0}


def test_brightspace_with_an_attempt_before_the_last(tmp_path: Path, work, through) -> None:
    files = {
        "index.html": b"<html></html>",
        **work("second", "101-640693 - Ada Lovelace - Oct 9, 2025 1130 PM/"),
        **work("first", "101-640693 - Ada Lovelace - Oct 10, 2025 1022 AM/"),
        **work("third", "102-640694 - Conor O'Brien - Oct 10, 2025 1022 AM/"),
    }
    (tmp_path / "HW 1 Download Oct 12, 2025 900 AM.zip").write_bytes(zipped(files))
    found = through(tmp_path / "HW 1 Download Oct 12, 2025 900 AM.zip")
    assert found == {"Ada Lovelace": 4.0, "Conor O'Brien": 5.0}


def test_blackboard_with_two_attempts(tmp_path: Path, work, through) -> None:
    head = "HW 1_{}_attempt_2024-02-0{}-10-00-00".format
    files = {
        f"{head('jdoe', 1)}.txt": b"Name: Jane Doe (jdoe)\n",
        f"{head('jdoe', 1)}_hw.zip": zipped(work("second")),
        f"{head('jdoe', 2)}_hw.zip": zipped(work("first")),
        f"{head('roe', 1)}_hw.zip": zipped(work("third")),
    }
    (tmp_path / "gradebook_CS1_HW 1.zip").write_bytes(zipped(files))
    assert through(tmp_path / "gradebook_CS1_HW 1.zip") == {"jdoe": 4.0, "roe": 5.0}


def test_a_class_of_one_and_what_nobody_can_open(tmp_path: Path, work, through) -> None:
    """A damaged zip is a student without points, and what was said of it stays in the tree."""
    files = {**work("first", "doejane_12345_678910_submission/"), "notes.py": b"x = 1\n"}
    (tmp_path / "submissions.zip").write_bytes(
        zipped(files | {"roejohn_12346_678911_work.zip": b"PK no"})
    )
    assert through(tmp_path / "submissions.zip")["doejane"] == 4.0
    (record,) = tmp_path.glob("submitted/*.handed-in.txt")
    assert "`work.zip` is damaged or no zip" in record.read_text("utf-8")
    assert "`notes.py` belongs to no student" in record.read_text("utf-8")


def test_zips_of_windows_and_of_a_mac(tmp_path: Path, work, through) -> None:
    windows = zipped({path.replace("/", "\\"): data for path, data in work("first").items()})
    mac = zipped(work("second", "tiny/") | {"__MACOSX/tiny/._tiny.ipynb": b"\0\5\x16\7"})
    files = {"ada.zip": windows, "zoé.zip": mac}
    assert through(folder(tmp_path / "class", files)) == {"ada": 4.0, "zoé": 3.0}


def test_numbers_with_a_slash_are_students_of_nbgraders_too(tmp_path: Path, work, through) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("id,first_name,last_name\n2024/0123,Jane,Doe\n2024/0124,John,Roe\n")
    files = {
        **work("first", "Jane Doe_1234567_assignsubmission_file_/"),
        **work("second", "John Roe_1234568_assignsubmission_file_/"),
    }
    found = through(folder(tmp_path / "class", files), roster)
    names = list(folder_names(["2024/0123", "2024/0124"]).values())
    assert found == dict(zip(names, (4.0, 3.0), strict=True))
    said = f"nbgrader knows 2024/0123 as {names[0]}: it takes no folder of that name."
    assert said in through.said


@pytest.mark.parametrize("student", ["ada [late]", ".ada", "a*a", "<b>ada"])
def test_ids_that_nbgrader_does_not_find_have_another_name(
    tmp_path: Path, work, through, student: str
) -> None:
    files = work("first", f"{student}/") | work("second", "aba/") | work("third", "ada/")
    name = folder_names([student])[student]
    assert name != student
    found = through(folder(tmp_path / "class", files))
    assert found == {name: 4.0, "aba": 3.0, "ada": 5.0}


@pytest.mark.parametrize("id", ["../../ada", "/tmp/ada", ".."])
def test_no_id_leads_out_of_the_folder(tmp_path: Path, work, through, id: str) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(f"id,first_name,last_name\n{id},Jane,Doe\n")
    files = work("first", "Jane Doe_1234567_assignsubmission_file_/")
    assert list(through(folder(tmp_path / "class", files), roster).values()) == [4.0]


def test_a_class_without_a_notebook_is_graded(tmp_path: Path, work, through) -> None:
    files = {"ada/pkg/work.py": lost("first"), "boris/pkg/work.py": lost("second")}
    assert through(folder(tmp_path / "class", files)) == {"ada": 4.0, "boris": 3.0}
