"""Who handed in which folder of a Gradescope export, by its ``submission_metadata.yml``.

The file also has all results and outputs of the class, many megabytes; they are passed over.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .when import read_stamp

_KEY = re.compile(r"(?P<key>\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^\s#'\"-].*?):\s*")
_CREATED = re.compile(r" +:?created_at: *(.+?) *")
_SUBMITTERS = re.compile(r" +:?submitters:\s*")


@dataclass(frozen=True, kw_only=True)
class GradescopeAuthor:
    """One of those who handed in together."""

    name: str = ""
    sid: str = ""
    email: str = ""

    @property
    def id(self) -> str:
        """The id that Gradescope's container has for them too, as long as there is an email."""
        return self.email or self.sid or self.name


def read_submitters(data: bytes) -> dict[str, list[GradescopeAuthor]]:
    """Folder -> who handed it in, by id; folders of which nothing can be read are left out."""
    import yaml  # type: ignore[import-untyped]  # slow to import, and seldom needed

    found: dict[str, list[GradescopeAuthor]] = {}
    for key, lines in _entries(data.decode("utf-8-sig", "replace").splitlines()):
        try:
            folder, people = _loaded(key), _loaded("\n".join(_submitters(lines)))
        except (yaml.YAMLError, ValueError, RecursionError):
            continue
        listed = [_submitter(one) for one in people or () if isinstance(one, dict)]
        known = [one for one in listed if one.id]
        if known:
            found[str(folder)] = sorted(known, key=lambda one: one.id)
    return found


def read_times(data: bytes) -> dict[str, datetime]:
    """Folder -> when it was handed in; folders of which no time can be read are left out."""
    import yaml

    found: dict[str, datetime] = {}
    for key, lines in _entries(data.decode("utf-8-sig", "replace").splitlines()):
        level = next((_depth(line) for line in lines if line.strip()), 0)
        own = (_CREATED.fullmatch(line) for line in lines if _depth(line) == level)
        when = next((read_stamp(match[1].strip("'\"")) for match in own if match), None)
        if when is not None:
            try:
                found[str(_loaded(key))] = when
            except (yaml.YAMLError, ValueError, RecursionError):
                continue
    return found


def _loaded(text: str) -> Any:
    import yaml

    # All scalars stay text: a student number of 0123 is not the octal 83.
    return yaml.load(text, Loader=yaml.BaseLoader)


def _entries(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each top-level key with the lines under it."""
    key, under = "", list[str]()
    for line in lines:
        if line[:1] in (" ", "", "#", "-"):
            under.append(line)
            continue
        if key:
            yield key, under
        match = _KEY.fullmatch(line)
        key, under = (match["key"] if match else ""), []
    if key:
        yield key, under


def _submitters(lines: list[str]) -> list[str]:
    """The lines of the list of submitters, which is at the first level of an entry."""
    level = next((_depth(line) for line in lines if line.strip()), 0)
    starts = (number for number, line in enumerate(lines) if _SUBMITTERS.fullmatch(line))
    start = next((number for number in starts if _depth(lines[number]) == level), len(lines))
    return list(itertools.takewhile(lambda line: _is_within(line, level), lines[start + 1 :]))


def _is_within(line: str, level: int) -> bool:
    return _depth(line) > level or (_depth(line) == level and line.lstrip(" ").startswith("- "))


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _submitter(fields: dict[Any, Any]) -> GradescopeAuthor:
    def text(name: str) -> str:
        value = fields.get(f":{name}", fields.get(name))
        return value.strip() if isinstance(value, str) and value not in ("null", "~") else ""

    return GradescopeAuthor(name=text("name"), sid=text("sid"), email=text("email"))
