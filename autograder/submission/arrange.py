"""Which released file each file of a submission may be. Looks at names only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from autograder.assignment import Assignment

from .model import CODE, KEPT
from .trees import Entry, Found, shown
from .versions import recency

BELONGS = "that is where it belongs"
NO_NAME = "there is no file of the right name"
ITS_NAME = "its name says so"

# What browsers, desktops, Jupyter and learning platforms put before or behind the name of a copy.
_BEFORE = re.compile(
    r"^(?:(?:copy of|kopie von|copie de|copia (?:de|di)|kopia|kopi av|cópia de|копия) +|\(\d+\) *)"
)
_COPY = re.compile(
    r"[ _–-]*(?:\((?P<round>\d+)\)|[–-](?P<dash>\d+)"
    r"|(?:copy|kopie|copie|copia|kopia|kopi|cópia|копия|副本) ?\(?(?P<copy>\d*)\)?)"
)
_SUFFIX_TOO_MUCH = re.compile(
    r".+\.(?:ipynb|py)(?P<more>(?:\.(?:txt|json))+)", re.IGNORECASE | re.DOTALL
)
_MAX_NAME = 300  # of a name that is looked at closely


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A file that may be a released one; `reason` says why, and is empty where its path does."""

    path: str
    entry: Entry
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Arranged:
    """The files of one folder or zip, beside the released paths.

    Attributes
    ----------
    claims : released path -> the files that may be it, the likeliest first.
    under : the files under `prefix`, by path from there.
    others : those of them that claim nothing.
    strays : sources outside of it that claim nothing.
    prefix : the folder in which the released paths are, with its slash.
    notes : sentences about names.
    """

    claims: Mapping[str, list[Claim]]
    under: dict[str, Entry]
    others: dict[str, Entry]
    strays: dict[str, Entry]
    prefix: str = ""
    notes: list[str] = field(default_factory=list)


def is_kept(path: str) -> bool:
    """Whether a file of that name can be part of a solution."""
    return path.casefold().endswith(KEPT)


def arrange(found: Found, assignment: Assignment) -> Arranged:
    """Which files claim to be which released ones, and what is left."""
    own = assignment.editable
    entries, renamed = _by_path(found)
    prefix = common_prefix(entries, own)
    under = {p.removeprefix(prefix): e for p, e in entries.items() if p.startswith(prefix)}
    outside = {p: e for p, e in entries.items() if not p.startswith(prefix)}
    claims = _claims(under, outside, own)
    claimed = {claim.path for found in claims.values() for claim in found}
    return Arranged(
        claims=claims,
        under=under,
        others={path: entry for path, entry in under.items() if path not in claimed},
        strays={p: e for p, e in outside.items() if p.endswith(CODE) and p not in claimed},
        prefix=prefix,
        notes=renamed,
    )


def _by_path(found: Found) -> tuple[dict[str, Entry], list[str]]:
    """The files by path, without the suffix that a browser or a desktop has put behind theirs."""
    entries = {entry.path: entry for entry in found.entries if is_kept(entry.path)}
    notes = []
    for entry in found.entries:
        match = _SUFFIX_TOO_MUCH.fullmatch(entry.path[-_MAX_NAME:])
        path = entry.path[: -len(match["more"])] if match else ""
        if path and path not in entries:
            entries.pop(entry.path, None)
            entries[path] = entry
            notes.append(f"`{shown(entry.path)}` was taken as `{shown(path)}`: rename it.")
    return entries, notes


def common_prefix(paths: Iterable[str], own: Iterable[str]) -> str:
    """The folder, with its slash, under which most released paths are.

    Of equals it is the shallowest, and of these the one that is called like the latest version.

    >>> common_prefix(["hw/nn/layers.py", "hw/nn/optim.py", "notes.txt"], ["nn/layers.py"])
    'hw/'
    """
    votes: Counter[str] = Counter({"": 0})
    endings = tuple(own)
    for path in paths:
        votes.update(
            path.removesuffix(ending)
            for ending in endings
            if path == ending or path.endswith("/" + ending)
        )
    best = min((-count, prefix.count("/")) for prefix, count in votes.items())
    equal = [one for one in votes if (-votes[one], one.count("/")) == best]
    return max(sorted(equal), key=recency)


def copy_number(name: str, wanted: str) -> int | None:
    """Which copy of the file `wanted` a file `name` is; None when it is none.

    >>> copy_number("hw (2).ipynb", "hw.ipynb"), copy_number("HW.ipynb", "hw.ipynb")
    (2, 0)
    >>> copy_number("hw-Copy1.ipynb", "hw.ipynb"), copy_number("other.ipynb", "hw.ipynb")
    (1, None)
    >>> copy_number("Kopie von hw.ipynb", "hw.ipynb"), copy_number("hw - Kopie.ipynb", "hw.ipynb")
    (0, 0)
    """
    path, target = PurePosixPath(name), PurePosixPath(wanted)
    stem = _BEFORE.sub("", path.stem[:_MAX_NAME].strip().casefold(), count=1).lstrip()
    wanted_stem = target.stem.casefold()
    if path.suffix.casefold() != target.suffix or not stem.startswith(wanted_stem):
        return None
    behind = stem[len(wanted_stem) :].strip()
    match = _COPY.fullmatch(behind)
    if behind and not match:
        return None
    return int((match["round"] or match["dash"] or match["copy"] or "0")[:6]) if match else 0


def _claims(
    under: Mapping[str, Entry], outside: Mapping[str, Entry], own: tuple[str, ...]
) -> dict[str, list[Claim]]:
    """Each released path with the files that claim it; a file claims one path at most."""
    free = {p: e for p, e in under.items() if p not in own} | dict(outside)
    claims: dict[str, list[Claim]] = {path: [] for path in own}
    for path in own:
        if path in under:
            claims[path].append(Claim(path=path, entry=under[path]))
    for same in (_same_path, _same_name, _same_words):
        for path in own:
            for candidate, reason in same(path, tuple(free), own):
                if candidate in free:
                    entry = free.pop(candidate)
                    claims[path].append(Claim(path=candidate, entry=entry, reason=reason))
    return claims


def _same_path(
    wanted: str, paths: tuple[str, ...], own: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for path in sorted(paths, key=lambda path: (path.count("/"), path)):
        if path.endswith("/" + wanted):
            yield path, BELONGS


def _same_name(
    wanted: str, paths: tuple[str, ...], own: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Files of the same name in other folders, and after these the copies of it, latest first."""
    name = _base_name(wanted)
    if name == "__init__.py" or sum(_base_name(path) == name for path in own) > 1:
        return
    numbers = {path: copy_number(_base_name(path), name) for path in paths}
    copies = [(number, path) for path, number in numbers.items() if number is not None]
    yield from ((path, BELONGS) for _, path in sorted(copies) if _base_name(path) == name)
    for _, path in sorted(copies, reverse=True):
        yield path, NO_NAME


def _same_words(
    wanted: str, paths: tuple[str, ...], own: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Files whose names have the wanted one in them, and no longer one of the assignment's."""
    for path in sorted(paths):
        names = [one for one in own if has_name(path, one)]
        longest = max((len(_base_name(one)) for one in names), default=0)
        if [one for one in names if len(_base_name(one)) == longest] == [wanted]:
            yield path, ITS_NAME


def has_name(path: str, wanted: str) -> bool:
    """Whether the words of a released name stand in a file's name, in order and as whole words.

    >>> has_name("hw1_mlp_jdoe.ipynb", "mlp.ipynb"), has_name("hw1_mlps.ipynb", "mlp.ipynb")
    (True, False)
    """
    one, other = PurePosixPath(_base_name(path)[-_MAX_NAME:]), PurePosixPath(_base_name(wanted))
    if one.suffix != other.suffix or other.name == "__init__.py":
        return False
    return f"-{_words(other.stem)}-" in f"-{_words(one.stem)}-"


def _words(stem: str) -> str:
    return re.sub(r"[\W_]+", "-", stem).strip("-")


def _base_name(path: str) -> str:
    return path.rpartition("/")[2].casefold()
