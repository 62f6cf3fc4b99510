"""What the cells of an adopted notebook show, run for people to look at. Decides nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

from autograder.adopt.gathering import course_of
from autograder.adopt.reading import read_source
from autograder.adopt.running import NotebookRun
from autograder.adopt.showing import MAX_SECONDS, CellShown, shown_cells
from autograder.assignment import Assignment
from autograder.sandbox.levels import get_level
from autograder.sandbox.limits import Limits
from autograder.submission import Submission

from .adopted import files_beside
from .loading import read_adopted


def shown_in(
    assignment: Assignment,
    submission: Submission,
    notebook: str,
    sources: Mapping[int, str],
    *,
    level: str,
) -> dict[int, CellShown]:
    """What cells of one notebook show, by place.

    Parameters
    ----------
    notebook : its name.
    sources : the cells to run, by place, in order; no test is among them.

    Raises
    ------
    SandboxError, NotBuiltError : they cannot run.
    """
    assert assignment.adopted is not None
    files = read_adopted(assignment)
    source = read_source(notebook, files[f"{notebook}.ipynb"], files)
    course = course_of(files, assignment.course.hidden, source)
    seconds = assignment.adopted.seconds.get(notebook, course.seconds)
    run = NotebookRun(
        course=replace(course, seconds=seconds, hidden={}),
        level=get_level(level),
        limits=Limits(),
        steps=(),
        end=time.monotonic() + MAX_SECONDS,
        extra=files_beside(submission),
    )
    return shown_cells(run, sources)
