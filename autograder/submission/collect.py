"""A tree of files becomes one student's submission: which files, and what of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from pathlib import PurePosixPath

from autograder.assignment import Assignment

from .arrange import Arranged, arrange, is_kept
from .exports import besides, instead_of, like
from .model import ARCHIVES, CODE, OTHER_ARCHIVES, Bounds, Submission
from .packed import Parcel, parcels
from .placing import place
from .reading import content, read_all
from .trees import Entry, Tree, shown

_REMEMBERED = 24  # files that are compared with each other
_SHOWN = 5
UNOPENED = "`{path}` cannot be opened: hand in a .zip, or the files themselves."
MISSING = "`{path}` was not handed in."
NOTHING = "There is nothing to grade here: hand in {wanted}, alone or in a zip."


def collect(tree: Tree, student: str, assignment: Assignment, bounds: Bounds) -> Submission:
    """One student's submission out of everything in `tree`."""
    found = parcels(tree.scan(bounds), assignment.digests, bounds)
    remarks = [remark for origin in found for remark in origin.found.remarks]
    problems = [remark.text for remark in remarks if _matters(remark.path)]
    arranged = [arrange(source.found, assignment) for source in found]
    zips = [source.zip for source in found]
    placed = place(
        arranged, zips, assignment, lru_cache(_REMEMBERED)(partial(content, bounds=bounds))
    )
    taken = read_all(placed.files, assignment.editable, bounds)
    taken = taken.and_then(_named_in_code(found, arranged, taken.files), bounds)
    entries = [entry for origin in found for entry in origin.found.entries]
    nothing = _nothing(taken.files, entries, assignment)
    absent = {} if nothing else _absent(placed.files, entries, assignment)
    problems += _unopened(entries) if nothing or absent else []
    problems += [*placed.notes, *taken.problems, *nothing, *absent.values()]
    return Submission(
        student=student,
        files=dict(sorted(taken.files.items())),
        problems=tuple(dict.fromkeys(problems)),
        unread=taken.unread | absent,
    )


def _named_in_code(
    found: Sequence[Parcel], arranged: Sequence[Arranged], files: Mapping[str, bytes]
) -> dict[str, Entry]:
    """Files of any other kind whose names stand in the student's code, which may open them."""
    code = b"\n".join(data for path, data in files.items() if path.endswith(CODE))
    named: dict[str, Entry] = {}
    for origin, source in zip(found, arranged, strict=True):
        for entry in origin.found.entries:
            path = entry.path.removeprefix(source.prefix)
            name = PurePosixPath(path).name
            other = entry.path.startswith(source.prefix) and not is_kept(path)
            if other and not path.casefold().endswith(ARCHIVES) and name.encode() in code:
                named.setdefault(path, entry)
    return named


def _unopened(entries: Sequence[Entry]) -> list[str]:
    """What is to be said about archives that are no zip, where something is missing."""
    packed = [one.path for one in entries if one.path.casefold().endswith(OTHER_ARCHIVES)]
    return [UNOPENED.format(path=shown(path)) for path in packed[:_SHOWN]]


def _wanted(assignment: Assignment) -> list[str]:
    # The markers of packages hold nothing to grade, and few students hand them in.
    return [path for path in assignment.editable if not path.endswith("__init__.py")]


def _nothing(
    files: Mapping[str, bytes], entries: Sequence[Entry], assignment: Assignment
) -> list[str]:
    if any(path.endswith(CODE) for path in files):
        return []
    names = " and ".join(f"`{path}`" for path in _wanted(assignment)[:2])
    nothing = NOTHING.format(wanted=names or "the assignment's files")
    others = (instead_of(path, entries, assignment) for path in assignment.notebooks)
    return [nothing, *filter(None, others)]


def _absent(
    placed: Mapping[str, Entry], entries: Sequence[Entry], assignment: Assignment
) -> dict[str, str]:
    """Released path -> that it was not handed in, and what was in its place."""
    absent, others = {}, besides(entries, assignment)
    for path in _wanted(assignment):
        if path not in placed:
            notebook = path in assignment.notebooks
            instead = instead_of(path, entries, assignment) if notebook else like(path, others)
            absent[path] = " ".join(filter(None, (MISSING.format(path=path), instead)))
    return absent


def _matters(path: str) -> bool:
    """Whether a refused file could have been part of a solution."""
    return not path or path.endswith("/") or is_kept(path)
