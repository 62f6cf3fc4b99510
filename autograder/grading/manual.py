"""Cells that a person marks: what can be said about them beforehand. Gives no points."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import structs

from autograder.assignment import Assignment
from autograder.judging.attempts import all_cells
from autograder.judging.bounded import BrokenJudgeError
from autograder.judging.check import Finding
from autograder.results import CheckResult, ManualPart, RubricLine, Status
from autograder.submission import Submission

from .failures import Told, failure_of, log_failure
from .nearby_text import nearby_text
from .outcomes import clean

NO_RUBRIC = "There is no suggestion for this question."
NO_SUGGESTION = "No suggestion: {reason}"
OPEN = "Nothing was written."
BESIDE = "The answer stands beside its own cell, which is as it was handed out. "


def manual_parts(
    assignment: Assignment,
    release: Mapping[str, bytes],
    submission: Submission,
    results: Sequence[CheckResult],
    failed: Told = log_failure,
) -> tuple[ManualPart, ...]:
    """Every cell that a person marks, in the order of the notebooks, with what was found in it.

    A rubric is `manual/<id>.toml` beside the checks. Whatever goes wrong with it, a sentence says
    so: a suggestion that is missing costs nobody anything. `failed` is told what is our fault.
    """

    def broken(id: str, error: BrokenJudgeError) -> None:
        failed(failure_of(error, assignment, student=submission.student, check=id))

    folder = assignment.rubrics
    passed = {result.id for result in results if result.status is Status.PASSED}
    parts = []
    for path, id, points, handed_out in _manual_cells(release):
        notebook = submission.files.get(path, b"")
        text = own_lines(_last(notebook, id), handed_out)
        beside = "" if text else nearby_text(notebook, release[path], id)
        if not text and not beside:
            part = ManualPart(id=id, max_points=points, answered=False, summary=OPEN)
        else:
            part = _suggestion(id, points, text or beside, folder / f"{id}.toml", passed, broken)
        if beside:
            part = structs.replace(part, beside=True, summary=BESIDE + part.summary)
        parts.append(part)
    return tuple(parts)


def own_lines(text: str, handed_out: str) -> str:
    """What a student wrote, without the lines that were in the cell when it was handed out.

    >>> own_lines("Why is that? It has to be.\\nSo.", "Why is that?\\n*Write here.*")
    'Why is that? It has to be.\\nSo.'
    """
    released = {line.strip() for line in handed_out.splitlines()}
    lines = (line for line in text.splitlines() if line.strip() not in released)
    return "\n".join(lines).strip()


def in_words(lines: Sequence[RubricLine], max_points: float) -> str:
    """One sentence that cannot be taken for a mark.

    >>> line = RubricLine(text="the sum", points=1, found=True, because="`a + b`")
    >>> in_words([line, RubricLine(text="a reason", points=1, found=False)], 2)
    'Suggested 1 of 2: found the sum (`a + b`); nothing found on a reason.'
    """
    suggested = sum(line.points for line in lines if line.found)
    found = [f"{line.text} ({line.because})" for line in lines if line.found]
    missing = [line.text for line in lines if line.found is False]
    open_lines = [line.text for line in lines if line.found is None]
    said = [
        f"found {'; '.join(found)}" if found else "",
        f"nothing found on {'; '.join(missing)}" if missing else "",
        f"left to a person: {'; '.join(open_lines)}" if open_lines else "",
    ]
    shown = "; ".join(part for part in said if part)
    return f"Suggested {suggested:g} of {max_points:g}: {shown}."


def _suggestion(
    id: str,
    points: float,
    text: str,
    rubric: Path,
    passed: Collection[str],
    broken: Callable[[str, BrokenJudgeError], None],
) -> ManualPart:
    if not rubric.is_file():
        return ManualPart(id=id, max_points=points, answered=True, summary=NO_RUBRIC)
    from autograder.judging.written import suggest_written  # slow, and most have no such cell

    try:
        found = suggest_written(text, rubric, passed=passed)
    except (Finding, BrokenJudgeError) as error:
        if isinstance(error, BrokenJudgeError):
            broken(id, error)
        summary = clean(NO_SUGGESTION.format(reason=error))
        return ManualPart(id=id, max_points=points, answered=True, summary=summary)
    lines = tuple(structs.replace(line, because=clean(line.because)) for line in found)
    return ManualPart(
        id=id,
        max_points=points,
        answered=True,
        suggested=sum(line.points for line in lines if line.found),
        summary=in_words(lines, points),
        lines=lines,
    )


def _manual_cells(release: Mapping[str, bytes]) -> Iterator[tuple[str, str, float, str]]:
    """Notebook, id, points and released text of the cells with an answer that nbgrader grades."""
    for path in (path for path in release if path.endswith(".ipynb")):
        for cell in json.loads(release[path])["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "markdown" and marks.get("grade"):
                yield path, marks["grade_id"], float(marks["points"]), "".join(cell["source"])


def _last(notebook: bytes, id: str) -> str:
    """The text of the last cell of that id, as nbgrader counts."""
    texts = [cell.source for cell in all_cells(notebook) if cell.id == id]
    return texts[-1] if texts else ""
