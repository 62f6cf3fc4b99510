"""When a submission was handed in, as nbgrader's `timestamp.txt` says it. Never stops a class."""

from __future__ import annotations

import os
import stat
from datetime import datetime
from pathlib import Path

import dateutil.parser  # type: ignore[import-untyped]
from nbgrader.utils import parse_utc  # type: ignore[import-untyped]

NAME = "timestamp.txt"
UNCLEAR = (
    "{path} was not used ({reason}): the submission is graded, and whether it is late is open."
)
_MOST = 1000  # bytes; a time has thirty
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


class UnclearTimeError(ValueError):
    """The file says no time; the message says why not."""


def read_time(path: Path) -> datetime | None:
    """The time in a file, in UTC and without a zone, as nbgrader has it; None without a file.

    Raises
    ------
    UnclearTimeError : there is a file, and no one time in it.
    """
    if not os.path.lexists(path):
        return None
    text = _text(path).strip()
    if not text:
        raise UnclearTimeError("it is empty")
    try:
        found: datetime = parse_utc(text)
        if not _is_complete(text):
            raise UnclearTimeError("it names no whole date")
    except UnclearTimeError:
        raise
    # What dateutil is known to raise for words, numbers without end and zones from nowhere.
    except (ValueError, OverflowError, TypeError, AttributeError, ArithmeticError) as error:
        raise UnclearTimeError("it is no date and time") from error
    return found


def _text(path: Path) -> str:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise UnclearTimeError("it is no ordinary file")
        with path.open("rb") as file:
            data = file.read(_MOST + 1)
    except OSError as error:
        raise UnclearTimeError((error.strerror or "it cannot be read").lower()) from error
    if len(data) > _MOST:
        raise UnclearTimeError("it is too long")
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not encoding and data[1::2].count(0) > len(data) // 4:
        encoding = "utf-16-le"
    try:
        return data.decode(encoding or "utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        raise UnclearTimeError("it is no text") from error


def _is_complete(text: str) -> bool:
    """Whether year, month and day are said: dateutil takes what is missing from today."""
    words = text.split(" ")
    said = " ".join(words[:2]) if len(words) == 3 else text  # as nbgrader does with a zone
    defaults = (datetime(2001, 3, 5), datetime(2002, 4, 6))
    found = {dateutil.parser.parse(said, default=day, ignoretz=True) for day in defaults}
    return len(found) == 1
