"""A student's files at the released paths, and sentences about those that were not taken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from autograder.assignment import Assignment

from .arrange import ITS_NAME, Arranged
from .choice import Choosing, Offer
from .model import CODE
from .trees import Entry, shown

_SHOWN = 5
TAKEN = "`{path}` was taken as `{wanted}`: {reason}."
UNTOUCHED = "the file of that name is as it was handed out"
FURTHER = "more is written in it than in the file of that name"
UNREADABLE = "the file of that name cannot be read"
UNUSED = "{paths} {was} not used: `{wanted}` is graded."
UNKNOWN = (
    "None of the notebooks {paths} is called `{wanted}`: rename the right one and hand it in again."
)
OTHERS = "Only `{lessons}` is graded; {paths} {was} not used."
OUTSIDE = "`{path}` lies outside of `{prefix}` and was not used."
MORE_OUTSIDE = "{count} more files outside of `{prefix}` were not used."
OPENED = "`{zip}` was opened: {paths} {was} taken from it."
OTHER_VERSION = "{where}, {paths} {differ} from what is graded, and {was} not used."


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Path -> file, and what there is to say about names, copies and zips."""

    files: dict[str, Entry] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def place(
    sources: Sequence[Arranged],
    zips: Sequence[str],
    assignment: Assignment,
    content: Callable[[Entry], bytes],
) -> Placed:
    """The files of a folder and its zips that are graded.

    Parameters
    ----------
    sources : the folder's files, and then those of each zip, as they were arranged.
    zips : the path of each source's zip, and an empty one for the folder.
    content : reads a file; empty where it cannot be read.
    """
    return _Placing(sources, zips, assignment, content).placed()


class _Placing:
    """One student's files on their way to their places."""

    def __init__(
        self,
        sources: Sequence[Arranged],
        zips: Sequence[str],
        assignment: Assignment,
        content: Callable[[Entry], bytes],
    ) -> None:
        self._sources = sources
        self._zips = zips
        self._lessons = assignment.notebooks
        self._content = content
        self._ranked = Choosing(sources, assignment, content).made()
        self._taken = {path: offers[0] for path, offers in self._ranked.items() if offers}
        self._used = {(one.source, one.claim.path) for one in self._taken.values()}

    def placed(self) -> Placed:
        """The files by path, and the notes."""
        files = {path: offer.claim.entry for path, offer in self._taken.items()}
        for number in self._in_use():
            for path, entry in self._others(number):
                files.setdefault(path, entry)
        return Placed(files=files, notes=list(self._notes()))

    def _in_use(self) -> list[int]:
        """The sources from which other files are taken: a zip of something else is none."""
        code = any(path.endswith(CODE) for path in self._sources[0].others)
        offering = {offer.source for offers in self._ranked.values() for offer in offers}
        alone = not offering and not code
        return [n for n in range(len(self._sources)) if n == 0 or n in offering or alone]

    def _others(self, number: int) -> Iterator[tuple[str, Entry]]:
        """The files that are no released ones; a module that was taken stays importable."""
        source = self._sources[number]
        for path, entry in source.others.items():
            if (number, path) not in self._used:
                yield path, entry
        for claim in (claim for claims in source.claims.values() for claim in claims):
            inside = bool(claim.reason) and claim.path in source.under
            helper = claim.reason == ITS_NAME and claim.path.endswith(".py")
            if inside and (helper or (number, claim.path) not in self._used):
                yield claim.path, claim.entry

    def _notes(self) -> Iterator[str]:
        for number in self._in_use():
            yield from self._sources[number].notes
        for wanted, offers in self._ranked.items():
            yield from self._about(wanted, offers)
        yield from self._about_notebooks()
        yield from self._outside()
        yield from self._about_zips()

    def _about(self, wanted: str, offers: Sequence[Offer]) -> Iterator[str]:
        """What is to be said of the copies that lie beside the one that is taken."""
        beside = [offer for offer in offers if offer.source == offers[0].source]
        taken = beside[0].claim if beside else None
        if taken and taken.reason and taken.path != wanted:
            direct = next((offer for offer in beside if not offer.claim.reason), None)
            reason = taken.reason if direct is None else _compared(direct)
            yield TAKEN.format(path=shown(taken.path), wanted=wanted, reason=reason)
        unused = [o.claim.path for o in beside[1:] if o.claim.path != wanted and o.claim.reason]
        inside = [path for path in unused if path in self._sources[beside[0].source].under]
        if inside and not wanted.endswith(".ipynb"):
            yield UNUSED.format(paths=listed(inside), was=_was(inside), wanted=wanted)

    def _about_notebooks(self) -> Iterator[str]:
        others = sorted({path for number in self._in_use() for path in self._notebooks(number)})
        missing = [lesson for lesson in self._lessons if lesson not in self._taken]
        if missing and others:
            yield UNKNOWN.format(paths=listed(others), wanted=missing[0])
        elif others:
            lessons = "`, `".join(self._lessons)
            yield OTHERS.format(lessons=lessons, paths=listed(others), was=_was(others))

    def _notebooks(self, number: int) -> Iterator[str]:
        """The notebooks under the folder of the released paths that are not taken."""
        for path in self._sources[number].under:
            free = (number, path) not in self._used and path not in self._lessons
            if free and path.casefold().endswith(".ipynb"):
                yield path

    def _outside(self) -> Iterator[str]:
        for number in self._in_use():
            source = self._sources[number]
            claims = [o.claim for offers in self._ranked.values() for o in offers
                      if o.source == number]  # fmt: skip
            paths = {claim.path for claim in claims} - set(source.under) | set(source.strays)
            left = sorted(path for path in paths if (number, path) not in self._used)
            for path in left[:_SHOWN]:
                yield OUTSIDE.format(path=shown(path), prefix=source.prefix)
            if left[_SHOWN:]:
                yield MORE_OUTSIDE.format(count=len(left[_SHOWN:]), prefix=source.prefix)

    def _about_zips(self) -> Iterator[str]:
        """What was taken from which zip, and what is otherwise in the others."""
        offered = {offer.source for offers in self._ranked.values() for offer in offers}
        for number, zip in enumerate(self._zips if len(offered) > 1 else ()):
            taken = [path for path, offer in self._taken.items() if offer.source == number]
            if taken and zip:
                yield OPENED.format(zip=shown(zip), paths=listed(taken), was=_was(taken))
            other = [path for path in self._taken if self._differs(path, number)]
            if other:
                where = f"In `{shown(zip)}`" if zip else "Beside the zip"
                differ = "differs" if len(other) == 1 else "differ"
                yield OTHER_VERSION.format(
                    where=where, paths=listed(other), differ=differ, was=_was(other)
                )

    def _differs(self, path: str, number: int) -> bool:
        """Whether a source has work of the student's at a path, other than what is taken."""
        taken = self._taken[path]
        return any(
            offer.source == number != taken.source
            and offer.progress.worked
            and self._content(offer.claim.entry) != self._content(taken.claim.entry)
            for offer in self._ranked[path]
        )


def listed(paths: Iterable[str]) -> str:
    """Some names in a sentence.

    >>> listed(["b", "a"]), listed("abcdefg")
    ('`a`, `b`', '`a`, `b`, `c`, `d`, `e` and 2 more')
    """
    names = sorted(paths)
    more = f" and {len(names) - _SHOWN} more" if names[_SHOWN:] else ""
    return ", ".join(f"`{shown(name)}`" for name in names[:_SHOWN]) + more


def _was(paths: Sequence[str]) -> str:
    return "was" if len(paths) == 1 else "were"


def _compared(direct: Offer) -> str:
    """Why a file of the right name is not taken."""
    if not direct.progress.readable:
        return UNREADABLE
    return FURTHER if direct.progress.worked else UNTOUCHED
