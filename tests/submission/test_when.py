"""When something was handed in: as platforms say it, and never as a student does."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from autograder.assignment import Assignment, load_assignment
from autograder.submission import take_in
from autograder.submission.when import read_stamp, time_in

SLUG = "fully_connected_nets"
METADATA = """submission_1:
  :submitters:
  - :name: Ada
    :email: ada@x.edu
  :created_at: 2024-01-01 10:00:00.123456789 Z
  :results:
    output: |
      :created_at: 1999-01-01 10:00:00 Z
"""


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_assignment(SLUG)


@pytest.fixture
def handed_in(assignment, tmp_path):
    """Student -> when, of files in a folder."""

    def of(files: dict[str, str | bytes]) -> dict[str, str]:
        for path, text in files.items():
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())
        (top,) = tmp_path.iterdir()
        found = take_in([Path(top)], assignment).submissions
        return {one.student: str(time_in(one.origin.facts)) for one in found}

    return of


def notebook(assignment: Assignment) -> bytes:
    return (assignment.release / f"{SLUG}.ipynb").read_bytes()


def test_blackboard_and_brightspace_write_it_into_names(handed_in, assignment):
    work = notebook(assignment)
    assert handed_in(
        {
            "gradebook_CS1/HW 1_jdoe_attempt_2024-02-01-10-00-00_a.ipynb": work,
            "gradebook_CS1/HW 1_jdoe_attempt_2024-02-02-11-30-59_a.ipynb": work,
            "gradebook_CS1/HW 1_roe_attempt_2024-02-01-09-00-00_a.ipynb": work,
        }
    ) == {"jdoe": "2024-02-02 11:30:59", "roe": "2024-02-01 09:00:00"}


def test_brightspace(handed_in, assignment):
    work = notebook(assignment)
    assert handed_in(
        {
            "HW 1/index.html": "",
            f"HW 1/101-640693 - Jane Doe - Oct 10, 2025 115 PM/{SLUG}.ipynb": work,
            f"HW 1/102-640694 - John Roe - Oct 9, 2025 1130 PM/{SLUG}.ipynb": work,
        }
    ) == {"Jane Doe": "2025-10-10 13:15:00", "John Roe": "2025-10-09 23:30:00"}


def test_gradescope_and_what_a_student_has_printed(handed_in, assignment):
    files = {
        "export/submission_metadata.yml": METADATA,
        f"export/submission_1/{SLUG}.ipynb": notebook(assignment),
    }
    assert handed_in(files) == {"ada@x.edu": "2024-01-01 10:00:00+00:00"}


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("2015-02-02 15:58:23.948203 America/Los_Angeles\n", "2015-02-02 15:58:23-08:00"),
        ("2015-02-02 15:58:23 UTC", "2015-02-02 15:58:23+00:00"),
        ("\ufeff2015-02-02 15:58:23", "2015-02-02 15:58:23"),
        ("soon", "None"),
        ("2015-02-02 15:58:23 Nowhere/Land", "None"),
        ("2015-02-31 15:58:23", "None"),
        (b"\xff\xff", "None"),
    ],
)
def test_nbgrader_has_a_file_for_it(handed_in, assignment, stamp, time):
    assert handed_in(
        {
            f"submitted/ada/{SLUG}/{SLUG}.ipynb": notebook(assignment),
            f"submitted/ada/{SLUG}/timestamp.txt": stamp,
        }
    ) == {"ada": time}


def test_a_student_who_names_files_as_a_platform_does_decides_nothing(handed_in, assignment):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("HW_ada_attempt_2000-01-01-10-00-00_a.ipynb", notebook(assignment))
    files = {"class/ada.zip": packed.getvalue(), f"class/bob/{SLUG}.ipynb": notebook(assignment)}
    assert handed_in(files | {"class/bob/timestamp.txt": "2000-01-01 10:00:00 UTC"}) == {
        "ada": "None",
        "bob": "None",
    }


@pytest.mark.parametrize(
    "text", ["", "2024-02-01", "2024-02-01 25:00:00", "2024-02-01 10:00:00 +9"]
)
def test_what_is_no_whole_time_is_none(text):
    assert read_stamp(text) is None
