"""Which assignment a hand-in is of, by the names of its files. Reads no content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from autograder.assignment import Assignment

from .archive import archive_in, open_archive
from .model import BOUNDS, SubmissionError
from .trees import Folder, Tree

_ZIPS = 20  # of a class are enough to tell

WHICH = (
    "The names of the files do not say which assignment this is. Name it first:"
    " autograder inspect SLUG PATH. There are: {slugs}."
)


def assignment_of(paths: Sequence[Path], assignments: Sequence[Assignment]) -> Assignment:
    """The assignment that most of the files at the paths are called after.

    Raises
    ------
    SubmissionError : no file is called like a released one, or two assignments fit as well.
    """
    names = {PurePosixPath(name) for path in paths for name in _names(path)}
    counts = {one.slug: _met(one, names) for one in assignments}
    best = max(counts.values(), default=0)
    fitting = [one for one in assignments if counts[one.slug] == best]
    if not best or len(fitting) != 1:
        raise SubmissionError(WHICH.format(slugs=", ".join(sorted(counts))))
    return fitting[0]


def _met(assignment: Assignment, names: Iterable[PurePosixPath]) -> int:
    """How many files end like a released one; a platform may have put something before its name."""
    wanted = [PurePosixPath(path).name for path in assignment.editable]
    endings = tuple({name for name in wanted if name != "__init__.py"})
    inside = f"{assignment.package}/"
    return sum(name.name.endswith(endings) + (inside in str(name)) for name in names)


def _names(path: Path) -> Iterator[str]:
    if path.suffix.casefold() == ".zip" and path.is_file():
        yield from _in_tree(open_archive(path, BOUNDS))
    elif path.is_dir():
        yield from _in_tree(Folder(path))
    else:
        yield path.name


def _in_tree(tree: Tree) -> Iterator[str]:
    zips = 0
    for entry in tree.scan(BOUNDS).entries:
        yield entry.path
        if entry.path.casefold().endswith(".zip") and zips < _ZIPS:
            zips += 1
            inside = archive_in(entry, BOUNDS).scan(BOUNDS)
            yield from (one.path for one in inside.entries)
