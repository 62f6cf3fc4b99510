"""Parts that a student has written, though not where they belong. Gives no points.

What stands elsewhere is not used by the code that calls it, so it does not count. But "still to be
written" alone would be no help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from autograder.judging.attempts import places_of_parts, written_functions

ELSEWHERE = "`{name}` is written in `{found}`, and it belongs in `{wanted}`: move it there."


def written_elsewhere(
    part: str, release: Mapping[str, bytes], submitted: Mapping[str, bytes]
) -> str:
    """That the function of an open part stands in another file; empty where it does not.

    Parameters
    ----------
    part : an id of `all_parts`.
    release, submitted : path -> content.
    """
    for wanted, place in sorted(places_of_parts(release).get(part, ())):
        if not place or place in _functions(wanted, submitted):
            continue
        for found in _others(wanted, submitted):
            if place in written_functions(found, submitted[found]):
                return ELSEWHERE.format(name=place, found=found, wanted=wanted)
    return ""


def _functions(path: str, submitted: Mapping[str, bytes]) -> frozenset[str]:
    return written_functions(path, submitted[path]) if path in submitted else frozenset()


def _others(wanted: str, submitted: Mapping[str, bytes]) -> Iterator[str]:
    """The other sources, notebooks first where a module is wanted."""
    others = [path for path in submitted if path != wanted and path.endswith((".py", ".ipynb"))]
    kind = PurePosixPath(wanted).suffix
    yield from sorted(others, key=lambda path: (PurePosixPath(path).suffix == kind, path))
