"""A file that cannot be written where the code runs is said, and no half of it is left."""

from __future__ import annotations

import time

import pytest

from autograder.grading import grade_submission
from autograder.reports import show
from autograder.results import Report, Status
from autograder.sandbox import session as sessions
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import SandboxError, Session
from autograder.submission import Submission

LONG = f"nn/{'x' * 300}.py"


def test_the_session_says_which_and_why(session):
    files = {"a.txt": b"1", "a.txt/b.txt": b"2", LONG: b"3", "c.txt": b"4"}
    left_out = session.write_files(files, time.monotonic() + 20)
    assert left_out == {"a.txt/b.txt": "File exists", LONG: "File name too long"}


def test_what_is_too_large_leaves_no_half(level_name):
    with Session(get_level(level_name), Limits(file_size=1000)) as session:
        left_out = session.write_files({"big.npz": b"x" * 2000}, time.monotonic() + 20)
        assert left_out == {"big.npz": "File too large"}
        code = "import os\nassert os.listdir() == [], os.listdir()"
        assert session.run_cell("lesson", code, time.monotonic() + 20) is None


SAID = "`nn/layers.py` could not be written where the code runs (File too large), and was left out."


def too_large(tiny) -> Submission:
    return tiny.right(layers="def double(x):\n    return 2 * x, x\n# " + "x" * 9000)


def graded(tiny, submission: Submission, level: str = "bubblewrap") -> Report:
    limits = Limits(file_size=9000)
    return grade_submission(tiny.assignment, submission, level=level, limits=limits)


def test_the_report_says_it(tiny, level_name):
    report = graded(tiny, too_large(tiny), level_name)
    assert report.problems == (SAID,)
    assert report.checks[0].help == SAID
    assert Report.from_json(report.to_json()) == report


@pytest.mark.parametrize("kind", ["text", "html", "csv", "gradescope"])
def test_every_format_shows_it(tiny, kind, capsys):
    submission = too_large(tiny)
    folder = tiny.root / "grades"
    show(kind, tiny.assignment, [submission], [graded(tiny, submission)], folder)
    written = "".join(path.read_text() for path in folder.rglob("*") if path.is_file())
    shown = " ".join((capsys.readouterr().out + written).split())
    assert "could not be written where the code runs (File too large)" in shown


def test_a_full_disk_of_ours_is_an_error_not_a_mistake(tiny, monkeypatch):
    full = {"nn/layers.py": "No space left on device"}
    monkeypatch.setattr(sessions.Session, "_ask", lambda *_: sessions.FilesWritten(full))
    level = get_level("process")
    full_disk = pytest.raises(SandboxError, match="the disk of this machine is full")
    with Session(level, Limits()) as session, full_disk:
        session.write_files({"nn/layers.py": b""}, time.monotonic() + 5)
    report = grade_submission(tiny.assignment, tiny.right(), level="process")
    assert {result.status for result in report.checks} == {Status.ERROR}
