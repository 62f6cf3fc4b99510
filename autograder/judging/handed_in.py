"""What a check may know of a submission beside the worker: files as they were handed in.

They are looked at in the judge's process as bytes, before and apart from any code of the student's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from autograder.assignment import Assignment
from autograder.sandbox.remote import Conversation, Student

from .attempts import open_parts


def always(part: str) -> float:
    """The lot of what is trained again in any case."""
    return 0.0


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """One submission's files beside the released ones, and the assignment they belong to.

    Parameters
    ----------
    assignment : with its settings, such as whether training is run again.
    files, release : path → content, of the submission and of what was handed out.
    lot : the part → a number in [0, 1) that decides whether it is trained again.
    """

    assignment: Assignment
    files: Mapping[str, bytes] = field(default_factory=dict)
    release: Mapping[str, bytes] = field(default_factory=dict)
    lot: Callable[[str], float] = field(default_factory=lambda: always)

    @cached_property
    def open_parts(self) -> frozenset[str]:
        """The parts that are still stubs. Parsed when first asked for: right answers need not."""
        return open_parts(self.release, self.files)

    def find(self, name: str) -> bytes | None:
        """The file of that path, or else the only one of that name in any folder."""
        if name in self.files:
            return self.files[name]
        same = [path for path in self.files if PurePosixPath(path).name == name]
        return self.files[same[0]] if len(same) == 1 else None


class Author(Student):
    """A `Student` whose submission can be looked at."""

    def __init__(
        self,
        conversation: Conversation,
        package: str,
        notebooks: tuple[str, ...],
        submitted: HandedIn,
    ) -> None:
        super().__init__(conversation, package, notebooks)
        self._submitted = submitted


def handed_in(student: Student) -> HandedIn:
    """What the student has handed in. Raises `TypeError` where only a worker is known."""
    if not isinstance(student, Author):
        raise TypeError("only a worker is known of this student, and no submission")
    return student._submitted


def assignment_of(student: Student) -> Assignment:
    """The assignment that is graded: its data set, settings of training and thresholds."""
    return handed_in(student).assignment
