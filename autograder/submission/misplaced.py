"""Work that lies in the folder of another assignment than its own. Looks at names only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from autograder.assignment import Assignment
from autograder.errors import UserError

from .evidence import Evidence
from .trees import Tree, shown

ELSEWHERE = (
    "`{student}` has `{file}` in the folder of `{other}`, where it is not graded as `{slug}`. If it"
    " was handed in for `{slug}`, move it to a folder of that name."
)


def misplaced(tree: Tree, student: str, evidence: Evidence) -> Iterator[str]:
    """What a student's folder has of this assignment's notebooks in the folders of others.

    Nothing is said where this assignment has a folder too, or the other has a notebook of the same
    name.
    """
    try:
        folders = set(tree.folders())
    except OSError:
        return
    others = set() if evidence.slug in folders else folders & set(evidence.others)
    for other in sorted(others):
        entries = tree.enter(other).scan(evidence.bounds).entries
        found = [one.path for one in entries if PurePosixPath(one.path).name in evidence.lessons]
        if found and not evidence.lessons & _lessons(evidence.others[other]):
            yield ELSEWHERE.format(
                student=shown(student), file=shown(found[0]), other=other, slug=evidence.slug
            )


def _lessons(load: Callable[[], Assignment]) -> set[str]:
    try:
        return {PurePosixPath(path).name for path in load().notebooks}
    except UserError:  # it is not built
        return set()
