"""Which of the files that may be a released one is graded: the copy that was worked on furthest.

The time of a file counts only where a zip tells it: on disk it changes with every copy, and a
submission would have other marks on another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from autograder.assignment import Assignment

from .arrange import ITS_NAME, Arranged, Claim
from .progress import HandedOut, WorkDone
from .trees import Entry

_COMPARED = 8  # copies of one file that are looked at
ITS_CELLS = "its cells are those of that notebook"
ONLY_ONE = "it is the only notebook"
UNKNOWN = WorkDone()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A file that may be a released one, in the folder or in one of its zips.

    Attributes
    ----------
    source : the number of the folder (0) or of the zip.
    progress : how far it was worked on, where there was anything to choose.
    """

    claim: Claim
    source: int
    progress: WorkDone = UNKNOWN


class Choosing:
    """Chooses among the files of one student's folder and its zips.

    Parameters
    ----------
    sources : what lies in the folder and then in each zip, as it was arranged.
    content : reads a file; empty where it cannot be read.
    """

    def __init__(
        self,
        sources: Sequence[Arranged],
        assignment: Assignment,
        content: Callable[[Entry], bytes],
    ) -> None:
        self._sources = sources
        self._lessons = assignment.notebooks
        self._released = HandedOut(assignment)
        self._content = content
        self._offers = {
            path: [
                Offer(claim=claim, source=number)
                for number, source in enumerate(sources)
                for claim in source.claims[path]
            ]
            for path in assignment.editable
        }

    def made(self) -> dict[str, list[Offer]]:
        """Released path -> the offers, the one that is taken before the others."""
        ranked = {path: self._ranked(path, offers) for path, offers in self._offers.items()}
        for path, offers in self._by_content(ranked).items():
            ranked[path] = self._ranked(path, [*ranked[path], *offers])
        return ranked

    def _ranked(self, path: str, offers: Sequence[Offer]) -> list[Offer]:
        """The offers of one path, furthest first; those before the others win where all is equal.

        A module that has only part of its name from the released one has to be a copy of it.
        """
        if len(offers) < 2 and not any(_is_guess(offer, path) for offer in offers):
            return list(offers)
        known = [self._compared(path, offer) for offer in offers[:_COMPARED]]
        worked = {one.source for one in known if not one.claim.reason and one.progress.worked}
        taken = [
            one
            for one in known
            if not (_is_guess(one, path) and not one.progress.worked)
            and not (one.source in worked and one.claim.reason and _is_imported(one))
        ]
        ranked = sorted(taken, key=_progress, reverse=True)
        return [
            *ranked,
            *(one for one in known if one not in taken and self._is_apart(one, ranked)),
        ]

    def _is_apart(self, offer: Offer, ranked: Sequence[Offer]) -> bool:
        """Whether a module lies where nothing imports it, and has other work in it."""
        apart = offer.claim.path not in self._sources[offer.source].under
        if not (apart and ranked and offer.progress.worked):
            return False
        return self._content(offer.claim.entry) != self._content(ranked[0].claim.entry)

    def _compared(self, path: str, offer: Offer) -> Offer:
        """The offer with how far it is; what only has a like name has to be a copy for that."""
        data = self._content(offer.claim.entry)
        done = self._released.progress(path, data)
        if offer.claim.reason and not self._released.is_copy(path, data):
            done = replace(done, worked=False)
        return replace(offer, progress=done)

    def _by_content(self, ranked: Mapping[str, Sequence[Offer]]) -> dict[str, list[Offer]]:
        """The notebooks that nothing in their name assigns, by the lesson whose cells they have."""
        free = list(self._free_notebooks())
        wanted = [path for path in self._lessons if free and self._is_open(path, ranked[path])]
        if len(free) == 1 and len(self._lessons) == 1 and wanted and not ranked[wanted[0]]:
            return {wanted[0]: [_offer(*free[0], ONLY_ONE)]}
        found: dict[str, list[Offer]] = {}
        for number, path, entry in free[:_COMPARED] if wanted else ():
            lesson = self._released.lesson(self._content(entry))
            if lesson in wanted:
                found.setdefault(lesson, []).append(_offer(number, path, entry, ITS_CELLS))
        return found

    def _is_open(self, path: str, ranked: Sequence[Offer]) -> bool:
        """Whether no notebook was found by its name, or only one as it was handed out."""
        return not ranked or not self._compared(path, ranked[0]).progress.worked

    def _free_notebooks(self) -> Iterator[tuple[int, str, Entry]]:
        for number, source in enumerate(self._sources):
            for path, entry in sorted((source.others | source.strays).items()):
                if path.casefold().endswith(".ipynb"):
                    yield number, path, entry


def _offer(source: int, path: str, entry: Entry, reason: str) -> Offer:
    return Offer(claim=Claim(path=path, entry=entry, reason=reason), source=source)


def _progress(offer: Offer) -> WorkDone:
    return offer.progress


def _is_imported(offer: Offer) -> bool:
    """Whether the released module beside it may import a file, and add to what is in there."""
    path = PurePosixPath(offer.claim.path)
    return path.suffix == ".py" and path.stem.isidentifier()


def _is_guess(offer: Offer, path: str) -> bool:
    return offer.claim.reason == ITS_NAME and path.endswith(".py")
