"""The automatic results of an assignment, as the grader wrote them, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from autograder.grading.seeds import SEED_FILE, read_seed
from autograder.grading.store import why_not_ours
from autograder.results import MARKS, Report

UNREADABLE = "{path} is not a result that can be read; it is left out. Grade that student again."
CHANGED = (
    "{path} was changed after the grader wrote it ({reason}); it is left out. Grade that student"
    " again, and write what a person has decided into {marks}."
)


@dataclass(frozen=True, kw_only=True)
class Results:
    """The reports by the id of the student, and a sentence for each file that is none."""

    reports: Mapping[str, Report]
    left_out: tuple[str, ...] = ()


def marks_path(out: Path, slug: str) -> Path:
    """Where the decisions of people are: beside the results, and never written by grading."""
    return out / slug / MARKS


def read_results(out: Path, slug: str) -> Results:
    """Every result of the assignment that nobody has changed."""
    reports: dict[str, Report] = {}
    left_out = []
    seed = _seed(out)
    for path in sorted((out / slug).glob("*.json")):
        try:
            report = Report.from_json(path.read_bytes())
        except (OSError, msgspec.DecodeError):
            left_out.append(UNREADABLE.format(path=path))
            continue
        reason = why_not_ours(report, seed=seed)
        if reason or report.assignment != slug:
            said = {"reason": reason or f"it is of {report.assignment}", "marks": MARKS}
            left_out.append(CHANGED.format(path=path, **said))
        else:
            reports[report.student] = report
    return Results(reports=reports, left_out=tuple(left_out))


def graded_slugs(out: Path) -> Iterator[str]:
    """The assignments that the folder has results or decisions of."""
    for folder in sorted(out.glob("*/")):
        if any(folder.glob("*.json")) or (folder / MARKS).is_file():
            yield folder.name


def _seed(out: Path) -> int:
    """The folder's seed; 0 where there is none, for a result names the one it was made with."""
    try:
        return read_seed((out / SEED_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
