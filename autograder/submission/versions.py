"""What people call the versions and the parts of their own work. Knows names only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

PERHAPS_ONE = (
    "{names} may be of one student, and each was graded as a student of its own. Keep the one that"
    " counts, or rename them."
)
# Nobody is called so.
_VERSION = re.compile(
    r"(?:old(?:er)?|new(?:er|est)?|last|final|drafts?|back-?ups?|bak|cop(?:y|ies)|kopie|archive|tmp|"
    r"v(?:ersion|ersuch)?|attempts?|try|tries|parts?|tasks?|ex(?:ercises?)?|hw|home-?work|"
    r"assignments?|submissions?|solutions?|works?|code|src|source|notebooks?|modules?|files?|"
    r"results?|plots?|data|hand-?in|abgabe)[\d.]*",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"my|the|of|von|from|in|\(?\d+\)?|[a-z]", re.IGNORECASE)
_OF_GRADESCOPE = re.compile(r"submission_\d{6,}")  # one of a class, however much it says version
_EARLIER = re.compile(r"old(?:er)?|drafts?|back-?ups?|bak|cop(?:y|ies)|kopie|archive|tmp")
_LATER = re.compile(r"new(?:er|est)?|last|latest|final")
# What is put behind somebody's name when there is something of that name already.
_BEHIND = re.compile(
    r"(?:[\s_+-]*\(\d{1,2}\)|[\s_+.-]+(?:v(?:ersion)?[ _.]?\d+|final|new(?:est)?|old|last|latest|"
    r"copy|kopie|copie|copia|attempt[ _]?\d+|resub(?:mi(?:t|ssion))?|\d{4}-\d\d-\d\d.*))+",
    re.IGNORECASE,
)

_LONG = 80  # of a name that is looked at for marks


def is_version(name: str) -> bool:
    """Whether a folder is called like a version or a part of somebody's work.

    >>> is_version("old"), is_version("Homework 2"), is_version("my final_v2"), is_version("newton")
    (True, True, True, False)
    """
    if _OF_GRADESCOPE.fullmatch(name):
        return False
    words = _words(name)
    return any(map(_VERSION.fullmatch, words)) and all(
        _VERSION.fullmatch(word) or _BESIDE.fullmatch(word) for word in words
    )


def recency(place: str) -> list[tuple[int, tuple[int, ...]]]:
    """A key by which a later version comes after an earlier one, of folders at the same depth.

    >>> recency("hw/Version 10") > recency("hw/Version 2") > recency("hw/old")
    True
    """
    return [_recency(part) for part in place.split("/")]


def _recency(name: str) -> tuple[int, tuple[int, ...]]:
    if not is_version(name):
        return 0, ()
    words = [word.casefold() for word in _words(name)]
    rank = any(map(_LATER.match, words)) - any(map(_EARLIER.match, words))
    return rank, tuple(int(number[:9]) for number in re.findall(r"\d+", name))


def perhaps_one(ids: Iterable[str]) -> list[str]:
    """A warning for each student who may be there several times."""
    alike = [", ".join(f"`{one}`" for one in found) for found in of_one_name(ids)]
    return [PERHAPS_ONE.format(names=names) for names in alike]


def of_one_name(ids: Iterable[str]) -> list[list[str]]:
    """Ids that differ in the mark of a copy, a version or a date alone.

    >>> of_one_name(["ada", "ada (1)", "boris", "carl_v2"])
    [['ada', 'ada (1)']]
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for one in sorted(set(ids)):
        alike[_without_mark(one)].append(one)
    return [found for found in alike.values() if len(found) > 1]


def _without_mark(name: str) -> str:
    match = re.search(rf"{_BEHIND.pattern}$", name[-_LONG:], re.IGNORECASE)
    return name.removesuffix(match[0]) if match else name


def _words(name: str) -> list[str]:
    return re.split(r"[\s_-]+", name.strip())
