"""What is known of a class beside its results, kept from one run of `grade` to the next.

Whoever grades one more student gives neither the roster nor the folder of the class again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from autograder.files import write_atomically
from autograder.printable import encodable

RECORD = ".class"  # beside the results; no student's file begins with a dot


class ClassRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Who on the roster handed in nothing, and what is not certain of whose files some are."""

    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def keep_class(
    folder: Path,
    graded: Collection[str],
    everyone: Collection[str],
    *,
    warnings: Sequence[str] = (),
    missing: Sequence[str] | None = None,
) -> ClassRecord:
    """Add a run to what is known of the class, and say what that is now.

    Parameters
    ----------
    folder : of the results of one assignment.
    graded, everyone : the students of this run, and all who have a result.
    warnings : what is not certain in this run. They replace earlier ones where everyone was graded
        again; otherwise they are added.
    missing : who on the roster handed in nothing, or None where no roster was given.
    """
    before = _read(folder / RECORD)
    kept = () if set(everyone) <= set(graded) else before.warnings
    absent = before.missing if missing is None else missing
    now = ClassRecord(
        missing=tuple(student for student in absent if student not in set(everyone)),
        warnings=tuple(dict.fromkeys(map(encodable, (*kept, *warnings)))),
    )
    if now != before:
        write_atomically(folder / RECORD, msgspec.json.format(msgspec.json.encode(now)) + b"\n")
    return now


def _read(path: Path) -> ClassRecord:
    try:
        return msgspec.json.decode(path.read_bytes(), type=ClassRecord)
    except (OSError, msgspec.DecodeError):
        return ClassRecord()
