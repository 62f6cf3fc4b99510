"""Where each file of a submission belongs among the released paths. Looks at names only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import PurePosixPath

from autograder.assignment import Assignment

from .model import CODE, KEPT
from .trees import Entry, Found, shown

_COPY = re.compile(r"[ _-]*(?:\((?P<round>\d+)\)|copy ?\(?(?P<copy>\d*)\)?)")
_SUFFIX_TOO_MUCH = re.compile(
    r".+\.(?:ipynb|py)(?P<more>\.(?:txt|json))", re.IGNORECASE | re.DOTALL
)
_MAX_NAME = 300  # of a name that is looked at closely


def is_kept(path: str) -> bool:
    """Whether a file of that name can be part of a solution."""
    return path.casefold().endswith(KEPT)


def place(found: Found, assignment: Assignment) -> tuple[dict[str, Entry], list[str]]:
    """Released path -> entry, and notes about every file that was not where it should be."""
    own = assignment.editable
    entries, renamed = _by_path(found)
    prefix = common_prefix(entries, own)
    under = {p.removeprefix(prefix): e for p, e in entries.items() if p.startswith(prefix)}
    outside = {p: e for p, e in entries.items() if not p.startswith(prefix)}
    notes = renamed + _recover(under, outside, own) + _adopt_notebooks(under, own)
    strays = sorted(path for path in outside if path.endswith(CODE))
    notes += [f"`{shown(path)}` lies outside of `{prefix}` and was not used." for path in strays]
    return under, notes


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
    """The folder, with its slash, under which most released paths are; the shallowest of equals.

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
    return min(votes, key=lambda prefix: (-votes[prefix], prefix.count("/"), prefix))


def copy_number(name: str, wanted: str) -> int | None:
    """Which copy of the file `wanted` a file `name` is; None when it is none.

    >>> copy_number("hw (2).ipynb", "hw.ipynb"), copy_number("HW.ipynb", "hw.ipynb")
    (2, 0)
    >>> copy_number("hw-Copy1.ipynb", "hw.ipynb"), copy_number("other.ipynb", "hw.ipynb")
    (1, None)
    """
    path, target = PurePosixPath(name), PurePosixPath(wanted)
    stem = path.stem[:_MAX_NAME].strip().casefold().removeprefix("copy of ").lstrip()
    wanted_stem = target.stem.casefold()
    if path.suffix.casefold() != target.suffix or not stem.startswith(wanted_stem):
        return None
    behind = stem[len(wanted_stem) :].strip()
    match = _COPY.fullmatch(behind)
    if behind and not match:
        return None
    return int((match["round"] or match["copy"] or "0")[:6]) if match else 0


def _recover(under: dict[str, Entry], outside: dict[str, Entry], own: tuple[str, ...]) -> list[str]:
    """Move released files that lie elsewhere, when there is only one candidate, into place."""
    notes = []
    for path in own:
        if path in under:
            continue
        pool = dict.fromkeys(outside, outside) | {p: under for p in under if p not in own}
        source = _only(p for p in pool if p.endswith("/" + path)) or _only(
            p for p in pool if _same_base_name(p, path, own)
        )
        if source:
            under[path] = pool[source].pop(source)
            if source != path:
                notes.append(f"`{shown(source)}` was taken as `{path}`: that is where it belongs.")
    return notes


def _same_base_name(candidate: str, wanted: str, own: tuple[str, ...]) -> bool:
    name = _base_name(wanted)
    unique = sum(_base_name(path) == name for path in own) == 1
    return unique and name != "__init__.py" and _base_name(candidate) == name


def _base_name(path: str) -> str:
    return path.rpartition("/")[2].casefold()


def _adopt_notebooks(under: dict[str, Entry], own: tuple[str, ...]) -> list[str]:
    lessons = [path for path in own if path.endswith(".ipynb")]
    notes = [note for lesson in lessons for note in _adopt_copy(under, lesson, lessons)]
    others = [p for p in under if p.casefold().endswith(".ipynb") and p not in lessons]
    missing = [lesson for lesson in lessons if lesson not in under]
    if len(lessons) == 1 and missing and len(others) == 1:
        under[lessons[0]] = under.pop(others[0])
        notes.append(f"`{shown(others[0])}` was taken as `{lessons[0]}`: it is the only notebook.")
    elif missing and others:
        notes.append(
            f"None of the notebooks {_listed(others)} is called `{missing[0]}`: "
            "rename the right one and hand it in again."
        )
    elif others:
        notes.append(f"Only `{'`, `'.join(lessons)}` is graded; {_listed(others)} was not used.")
    return notes


def _adopt_copy(under: dict[str, Entry], lesson: str, lessons: list[str]) -> list[str]:
    """Where a lesson's notebook is absent, take its latest copy, as browsers number them."""
    copies = {
        path: number
        for path in under
        if path not in lessons and (number := copy_number(path, lesson)) is not None
    }
    if lesson in under or not copies:
        return []
    latest = max(copies, key=lambda path: (copies[path], path))
    under[lesson] = under.pop(latest)
    return [f"`{shown(latest)}` was taken as `{lesson}`: there is no file of the right name."]


def _only(paths: Iterable[str]) -> str | None:
    listed = list(paths)
    return listed[0] if len(listed) == 1 else None


def _listed(paths: Iterable[str]) -> str:
    return ", ".join(f"`{shown(path)}`" for path in sorted(paths)[:5])
