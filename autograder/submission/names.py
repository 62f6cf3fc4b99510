"""Student ids: read off names of files and folders, told apart, and turned into file names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace

from autograder.printable import visible

from .model import Submission

MAX_STUDENT = 120
_SAFE = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?")
_RESERVED = re.compile(r"index|con|prn|aux|nul|com[0-9]|lpt[0-9]")  # our overview; Windows' devices
MARKUP = r"<>\"\\\x00-\x1f\x7f"  # what nbgrader's pages would not show as text
_NO_FOLDER = re.compile(rf"\..*|.*[/*?\[\]{MARKUP}].*", re.DOTALL)  # hidden, a path or a pattern
_FOLDER_BYTES = 255  # of a name, on most file systems
_DIGITS = 32  # 128 bits: nobody finds two names of one digest


def student_name(name: str) -> str:
    """The student id that a file or folder name gives: composed Unicode, no hidden characters.

    Very long names are shortened, and end in a hash of the whole that keeps them apart.

    >>> student_name("  Zoé Müller "), student_name("")
    ('Zoé Müller', 'unnamed')
    """
    legible = os_text(name)
    one_line = " ".join(visible(unicodedata.normalize("NFC", legible)).split())
    if len(one_line) > MAX_STUDENT:
        one_line = f"{one_line[: MAX_STUDENT - _DIGITS - 1].rstrip()}~{_digest(one_line)}"
    return one_line or "unnamed"


def os_text(name: str) -> str:
    """A name from the file system as real text: bytes that are no UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def file_stem(student: str) -> str:
    """A file name, without suffix, that is this student's alone on every file system.

    Short lower-case ASCII ids stay as they are. Any other is simplified, and a hash of the id
    keeps it apart from its neighbours; ``~`` occurs in no plain id, so the two never meet.

    >>> file_stem("ada"), file_stem("Ada"), len(file_stem("../zoé"))
    ('ada', 'ada~99a563ab2f6e21e96998f9fddd2a2bab', 36)
    """
    if _SAFE.fullmatch(student) and not _RESERVED.fullmatch(student.split(".")[0]):
        return student
    return folder_alias(student)


def folder_alias(student: str) -> str:
    """What nbgrader knows a student as whose id is no name of a folder.

    >>> folder_alias("2024/0123")
    '2024-0123~0f26e646469296636e6093eb9b3ac7c2'
    """
    ascii_form = unicodedata.normalize("NFKD", student).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"[^a-z0-9]+", "-", ascii_form.casefold()).strip("-")[:40] or "student"
    return f"{plain}~{_digest(student)}"


def folder_names(students: Iterable[str]) -> Mapping[str, str]:
    """For each id the name of a folder from which nbgrader takes it, the id itself where it can be.

    nbgrader looks for folders by patterns, and shows their names in pages. An id that would be a
    path, hidden, a pattern or markup has a name as `file_stem` gives it, and so has the second of
    two that some file systems hold for one.

    >>> list(folder_names(["Zoé Müller", "j.doe@example.edu", "ada", "Ada"]).values())
    ['Zoé Müller', 'j.doe@example.edu', 'ada', 'ada~99a563ab2f6e21e96998f9fddd2a2bab']
    >>> folder_names(["2024/0123"])["2024/0123"].partition("~")[0]
    '2024-0123'
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        alike = unicodedata.normalize("NFC", student).casefold()
        found[student] = (
            student if alike not in taken and _is_folder(student) else folder_alias(student)
        )
        taken.add(alike)
    return found


def _is_folder(name: str) -> bool:
    return not _NO_FOLDER.fullmatch(name) and len(os_text(name).encode()) <= _FOLDER_BYTES


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]


def distinct(submissions: Iterable[Submission]) -> list[Submission]:
    """The same submissions, in order, with a number and a note for an id that came before."""
    listed = list(submissions)
    taken = {submission.student for submission in listed}
    seen: set[str] = set()
    return [_numbered(submission, seen, taken) for submission in listed]


def _numbered(submission: Submission, seen: set[str], taken: set[str]) -> Submission:
    student = submission.student
    if student not in seen:
        seen.add(student)
        return submission
    number = 2
    while f"{student} ({number})" in taken:
        number += 1
    name = f"{student} ({number})"
    seen.add(name)
    taken.add(name)
    note = f"There is another submission by `{student}`; this one is reported as `{name}`."
    return replace(submission, student=name, problems=(*submission.problems, note))
