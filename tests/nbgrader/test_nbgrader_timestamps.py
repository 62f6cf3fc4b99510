"""A `timestamp.txt` that nbgrader cannot read: the student is graded, and lateness is open."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from autograder.nbgrader_plugin.timestamps import UnclearTimeError, read_time

pytestmark = pytest.mark.long

LATE = "2020-01-01 00:01:00 UTC"
READ = {
    "bom": b"\xef\xbb\xbf" + LATE.encode(),
    "utf-16": LATE.encode("utf-16"),
    "utf-16-without-mark": LATE.encode("utf-16-le"),
    "utf-32": LATE.encode("utf-32"),
    "new-lines": f"\r\n{LATE}\r\n".encode(),
}
UNCLEAR = {
    "words": (b"handed in late, sorry", "it is no date and time"),
    "empty": (b"\n", "it is empty"),
    "binary": (bytes(range(128, 256)), "it is no text"),
    "half-a-date": (b"10 o'clock", "it is no date and time"),
    "a-day": (b"Monday 10:00", "it names no whole date"),
    "a-number": (b"9" * 40, "it is no date and time"),
    "endless": (b"2020 " * 1000, "it is too long"),
}


@pytest.mark.parametrize("name", READ)
def test_a_time_is_read_in_any_encoding(tmp_path: Path, name: str) -> None:
    path = tmp_path / "timestamp.txt"
    path.write_bytes(READ[name])
    assert read_time(path) == datetime(2020, 1, 1, 0, 1)


@pytest.mark.parametrize("name", UNCLEAR)
def test_what_is_no_time_has_a_reason(tmp_path: Path, name: str) -> None:
    path = tmp_path / "timestamp.txt"
    content, reason = UNCLEAR[name]
    path.write_bytes(content)
    with pytest.raises(UnclearTimeError, match=f"^{reason}$"):
        read_time(path)


def test_a_pipe_is_not_waited_for_and_no_file_is_no_time(tmp_path: Path) -> None:
    assert read_time(tmp_path / "timestamp.txt") is None
    os.mkfifo(tmp_path / "timestamp.txt")
    with pytest.raises(UnclearTimeError, match="it is no ordinary file"):
        read_time(tmp_path / "timestamp.txt")


def test_everybody_is_graded_and_gets_feedback(course) -> None:
    course.generate_assignment()
    for student, content in READ.items():
        (course.submit(student) / "timestamp.txt").write_bytes(content)
    for student, (content, _) in UNCLEAR.items():
        (course.submit(student) / "timestamp.txt").write_bytes(content)
    outcome = course.autograde()
    assert outcome["success"], outcome
    with course.gradebook() as gradebook:
        found = {s.student.id: s for s in gradebook.assignment_submissions("tiny")}
        times = {student: submission.timestamp for student, submission in found.items()}
        scores = {submission.score for submission in found.values()}
    assert scores == {6.0}
    assert times == dict.fromkeys(READ, datetime(2020, 1, 1, 0, 1)) | dict.fromkeys(UNCLEAR)
    for student, (_, reason) in UNCLEAR.items():
        path = course.root / "submitted" / student / "tiny" / "timestamp.txt"
        assert (
            f"{path} was not used ({reason}): the submission is graded, and whether it is late is "
            "open."
        ) in outcome["log"]
    assert course.autograde()["success"]  # what is there already is looked at once more
    assert course.generate_feedback()["success"]
