"""Mutants that are no mistakes, written down by the author with the reason. Runs nothing.

`solutions/<slug>/equivalent.toml` has one table for each reason:

    [[equivalent]]
    file = "modules/nn/layers.py"
    line = "return dout * (x > 0)"
    becomes = "return dout * (x >= 0)"
    reason = "At 0 both conventions are accepted."

`becomes` may be a list. Without it every edit of the line is meant, with `kinds` those of these
kinds alone. `part` in place of `file` and `line` means a whole part. Where a mutant is a mistake
that only a check which trains can notice, `noticed_by` names that check in place of the reason; it
is asked about these mutants, and about no others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.assignment import Assignment
from autograder.mutation import KINDS

from .errors import AuthoringError

NAME = "equivalent.toml"

NOT_TOML = "the file is not TOML: {reason}"
ONLY_TABLES = "only [[equivalent]] tables stand here, not {key!r}"
UNKNOWN_KEY = "unknown key {key!r} in [[equivalent]]; there are: {known}"
NOT_TEXT = "`{key}` in [[equivalent]] is not text"
NOT_TEXTS = "`{key}` in [[equivalent]] is no text and no list of texts"
NO_PLACE = "[[equivalent]] needs `file` and `line`, or `part`"
NO_REASON = "[[equivalent]] needs a `reason`, or else `noticed_by`"
UNKNOWN_KIND = "no kind of mutant is called {kind!r}; there are: {known}"

_KEYS = ("file", "line", "becomes", "kinds", "part", "reason", "noticed_by")


@dataclass(frozen=True, kw_only=True)
class Equivalent:
    """A statement that some mutants change nothing that a student is asked for.

    `place` is the file and the line of the statement itself.
    """

    file: str
    line: str
    becomes: tuple[str, ...]
    kinds: tuple[str, ...]
    part: str
    reason: str
    noticed_by: str
    place: tuple[str, int]

    def means(self, *, file: str, part: str, kind: str, before: str, after: str) -> bool:
        """Whether it is about such a mutant; spaces do not matter."""
        if self.kinds and kind not in self.kinds:
            return False
        if self.part:
            return part == self.part
        if not file.endswith(f"/{self.file}") or _bare(before) != _bare(self.line):
            return False
        return not self.becomes or _bare(after) in map(_bare, self.becomes)

    def __str__(self) -> str:
        becomes = " or ".join(map(_bare, self.becomes)) or "anything"
        where = f"part {self.part}" if self.part else f"{_bare(self.line)} -> {becomes}"
        return f"{self.place[0]}:{self.place[1]}: {where}"


def load_equivalents(assignment: Assignment) -> tuple[Equivalent, ...]:
    """The statements of an assignment's author, in order; none where there is no such file.

    Raises
    ------
    AuthoringError : the file is not TOML, or a table lacks a key, has an unknown one or an unfit
        value.
    """
    path = assignment.source / NAME
    if not path.is_file():
        return ()
    shown = assignment.course.shown(path)
    text = path.read_text(encoding="utf-8")
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise AuthoringError(shown, 1, NOT_TOML.format(reason=error)) from error
    for key in tables.keys() - {"equivalent"}:
        raise AuthoringError(shown, 1, ONLY_TABLES.format(key=key))
    lines = [n for n, line in enumerate(text.split("\n"), 1) if line.strip() == "[[equivalent]]"]
    return tuple(_read(table, (shown, n)) for table, n in _numbered(tables, lines))


def _numbered(tables: Mapping[str, Any], lines: list[int]) -> Iterator[tuple[dict[str, Any], int]]:
    found = tables.get("equivalent", [])
    numbers = lines if len(lines) == len(found) else [1] * len(found)
    yield from zip(found, numbers, strict=True)


def _read(table: Mapping[str, Any], place: tuple[str, int]) -> Equivalent:
    for key in table:
        if key not in _KEYS:
            raise AuthoringError(*place, UNKNOWN_KEY.format(key=key, known=", ".join(_KEYS)))
    one = Equivalent(
        file=_text(table, "file", place),
        line=_text(table, "line", place),
        becomes=_texts(table, "becomes", place),
        kinds=_texts(table, "kinds", place),
        part=_text(table, "part", place),
        reason=_text(table, "reason", place),
        noticed_by=_text(table, "noticed_by", place),
        place=place,
    )
    if bool(one.reason.strip()) == bool(one.noticed_by):
        raise AuthoringError(*place, NO_REASON)
    if not (one.part or (one.file and one.line)):
        raise AuthoringError(*place, NO_PLACE)
    for kind in one.kinds:
        if kind not in KINDS:
            known = ", ".join(KINDS)
            raise AuthoringError(*place, UNKNOWN_KIND.format(kind=kind, known=known))
    return one


def _text(table: Mapping[str, Any], key: str, place: tuple[str, int]) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise AuthoringError(*place, NOT_TEXT.format(key=key))
    return value


def _texts(table: Mapping[str, Any], key: str, place: tuple[str, int]) -> tuple[str, ...]:
    value = table.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise AuthoringError(*place, NOT_TEXTS.format(key=key))
    return tuple(values)


def _bare(text: str) -> str:
    return " ".join(text.split())
