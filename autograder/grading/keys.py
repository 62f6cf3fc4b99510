"""What a stored result is known by: a digest of all that it depends on, for every check.

Two results with one key are equal, apart from seconds. Knows nothing of files of results.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

import msgspec

from autograder.assignment import Assignment
from autograder.judging.check import Check, load_checks
from autograder.judging.groups import load_groups
from autograder.results import Report
from autograder.sandbox.limits import Limits
from autograder.solved import solved_file
from autograder.submission import Submission

from .check_sources import check_digests
from .contents import Fingerprint, digest, files_digest, fingerprint, own_files


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of one submission's checks, and of its report as a whole; "" for what has none."""

    checks: Mapping[str, str]
    report: str


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """Under which a class is graded: everything but the submissions."""

    assignment: Assignment
    level: str = "bubblewrap"
    seed: int = 0
    limits: Limits = field(default_factory=Limits)

    def key_maker(self) -> KeyMaker:
        """What makes the keys; looks at the code, the release and the data as they are now."""
        return KeyMaker(self, fingerprint(self.assignment))


class KeyMaker:
    """Makes the keys of submissions. `fingerprint` is what they were made with."""

    def __init__(self, conditions: Conditions, found: Fingerprint) -> None:
        self.fingerprint = found
        assignment = conditions.assignment
        self._checks = load_checks(assignment)
        self._sources = check_digests(assignment)
        # One check does not depend on another's source, so `checks` as a whole is left out.
        shared = msgspec.structs.replace(found, checks="")
        self._base = digest(
            msgspec.json.encode(shared),
            msgspec.json.encode(conditions.limits),
            conditions.level,
            str(conditions.seed),
            str(assignment.course.follow_through),
            repr(load_groups(assignment)),
            _solution(assignment),
        )
        # No check reads the rubrics of cells that a person marks.
        self._rubrics = files_digest(assignment.rubrics, own_files(assignment.rubrics))

    def keys(self, submission: Submission) -> Keys:
        """The keys of one submission: of its files, its student's draws, and the conditions."""
        base = digest(self._base, _submitted(submission))
        keys: dict[str, str] = {}
        for check in self._checks.values():
            keys[check.id] = self._key(check, base, keys)
        known = all(keys.values())
        return Keys(
            checks=keys, report=digest(base, self._rubrics, *keys.values()) if known else ""
        )

    def _key(self, check: Check, base: str, keys: Mapping[str, str]) -> str:
        needs = [keys[need] for need in check.needs]
        if not self._sources[check.id] or not all(needs):
            return ""
        said = (f"{f.name}={getattr(check, f.name)!r}" for f in fields(check) if f.name != "run")
        return digest(base, self._sources[check.id], *said, *needs)


def keyed(report: Report, keys: Keys) -> Report:
    """The report with its keys."""
    checks = tuple(
        msgspec.structs.replace(result, key=keys.checks.get(result.id, ""))
        for result in report.checks
    )
    return msgspec.structs.replace(report, checks=checks, key=keys.report)


def _solution(assignment: Assignment) -> bytes:
    """What stands in for a student's part: the course's solution, as it was built."""
    path = solved_file(assignment)
    return path.read_bytes() if path.is_file() else b""


def _submitted(submission: Submission) -> str:
    files = [part for path in sorted(submission.files) for part in (path, submission.files[path])]
    # Where there is no file, the problems are the rationale; else what is said of a missing one.
    said = sorted(submission.unread.values()) if files else submission.problems
    return digest(submission.student, str(len(files)), *said, *files)
