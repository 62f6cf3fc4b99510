"""A package that is given as one zip is imported in the worker; a zip of a student's is not."""

from __future__ import annotations

import io
import zipfile

from autograder.grading.loading import loaded
from autograder.grading.planning import Plan, plan
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

DOOR = b"""\
from pathlib import Path
__path__.insert(0, str(Path(__file__).resolve().parent / "reading.zip"))
from .reading.words import WHOSE
"""


def zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("reading/__init__.py", "")
        archive.writestr("reading/words.py", text)
    return buffer.getvalue()


def planned(files: dict[str, bytes]) -> Plan:
    release = {
        "written/__init__.py": DOOR,
        "written/reading.zip": zipped("WHOSE = 'ours'"),
        "nn/layers.py": b"def f():\n    raise NotImplementedError('TODO(f)')\n",
    }
    return plan(release, Submission(student="ada", files=files))


def test_a_given_zip_travels_and_a_zip_of_a_student_does_not() -> None:
    ours = zipped("WHOSE = 'ours'")
    files = planned({"written/reading.zip": zipped("WHOSE = 'mine'"), "more.zip": ours}).files
    assert files["written/reading.zip"] == ours
    assert "more.zip" not in files


def test_the_worker_imports_from_the_given_zip(level_name: str) -> None:
    mine = {
        "written/reading.zip": zipped("WHOSE = 'mine'"),
        "written/reading/__init__.py": b"",
        "written/reading/words.py": b"WHOSE = 'mine'",
        "nn/layers.py": b"from written import WHOSE\nassert WHOSE == 'ours', WHOSE\n",
    }
    with loaded(get_level(level_name), Limits(), planned(mine)) as result:
        assert result.problems == []
