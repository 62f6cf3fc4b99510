"""Known wrong solutions (mutants) and unusual right ones (variants). Grades neither."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.assignment import Assignment
from autograder.judging.check import Check

from .build import reference_files
from .errors import AuthoringError
from .source import hidden_tests

NOT_TOML = "the file is not TOML: {reason}"
UNKNOWN_KEY = "unknown key {key!r} in {where}; there are: {known}"
MISSING_KEY = "{where} needs `{key}`"
BAD_VALUE = "`{key}` in {where} is {kind}"
NO_EDIT = "there is no {tables}; without one this is the reference"
UNKNOWN_CHECK = "`loses` names {id!r}, which is no hidden test; there are: {known}"
LOSES_NOTHING = "a mutant loses something; one that loses nothing is a variant"
LOSES_DEPENDENT = "`{id}` needs `{need}`, so it will be skipped; `loses` names `{need}` only"
LOSES_TWICE = "`loses` names {id!r} twice"
FOUND = "`find` occurs {found} times in {file}, not {count}: {text!r}"
SAME = "`find` and `replace` are the same"
NO_FILE = "`with` names {name!r}, and there is no such file next to this one"

TEXT = "one line of text"
ANY_TEXT = "text"
TEXTS = "a list of texts"
COUNT = "a whole number above 0"


@dataclass(frozen=True, kw_only=True)
class TextEdit:
    """Replace a text that occurs exactly `count` times in a file of `solutions/<slug>/`."""

    file: str
    find: str
    replace: str
    count: int
    place: tuple[str, int]

    def apply(self, text: str) -> str:
        """The changed text. Raises `AuthoringError` unless `find` occurs `count` times."""
        found = text.count(self.find)
        if found != self.count:
            message = FOUND.format(found=found, file=self.file, count=self.count, text=self.find)
            raise AuthoringError(*self.place, message)
        return text.replace(self.find, self.replace)


@dataclass(frozen=True, kw_only=True)
class Replacement:
    """Another text for a whole file of `solutions/<slug>/`."""

    file: str
    text: str

    def apply(self, text: str) -> str:
        """The other text, whatever there was."""
        return self.text


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A wrong solution: `loses` are the checks that do not pass by their own fault.

    Where it has ``[loses_with]`` for the data set that is graded, they are those.

    Each text in `says` has to occur in what one of these checks tells the student. `diagnosis` is
    what a student is told who made this mistake, and `help` where to look.
    """

    name: str
    description: str
    edits: tuple[TextEdit, ...]
    loses: tuple[str, ...]
    says: tuple[str, ...]
    diagnosis: str = ""
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A right solution that looks unlike the reference, and must lose nothing."""

    name: str
    description: str
    edits: tuple[TextEdit | Replacement, ...]


def load_mutants(assignment: Assignment) -> tuple[Mutant, ...]:
    """The mutants of an assignment, in order of name.

    Raises
    ------
    AuthoringError : a file is not TOML, has an unknown, missing or unfit key, or names a check
        that does not exist or is skipped anyway. Whether its edits fit is seen when they are made.
    """
    checks = hidden_tests(assignment)
    dataset = assignment.dataset
    return tuple(_mutant(table, checks, dataset) for table in _tables(assignment, "mutants"))


def load_variants(assignment: Assignment) -> tuple[Variant, ...]:
    """The variants of an assignment, in order of name. Raises `AuthoringError`."""
    return tuple(_variant(table) for table in _tables(assignment, "variants"))


def mutant_files(assignment: Assignment, mutant: Mutant | Variant) -> dict[str, bytes]:
    """The submission of somebody who wrote that: path as released -> content.

    Raises
    ------
    AuthoringError : an edit names a file that is no source, or its text does not occur as often
        as it says.
    """
    return reference_files(assignment, mutant.edits)


class _Table:
    """One table of a TOML file, read key by key with errors that say where."""

    def __init__(self, values: Mapping[str, Any], path: Path, place: tuple[str, int]) -> None:
        self.values = values
        self.path = path
        self.place = place
        self.where = "the file"

    def error(self, message: str) -> AuthoringError:
        return AuthoringError(*self.place, message)

    def only(self, *known: str) -> None:
        for key in self.values:
            if key not in known:
                names = ", ".join(known)
                raise self.error(UNKNOWN_KEY.format(key=key, where=self.where, known=names))

    def line(self, key: str, *, needed: bool = True) -> str:
        if key not in self.values and not needed:
            return ""
        value = self._get(key)
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            raise self._unfit(key, f"not {TEXT}")
        return value

    def text(self, key: str, *, empty: bool) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not (value or empty):
            raise self._unfit(key, f"not {ANY_TEXT}" if not isinstance(value, str) else "empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self._unfit(key, f"not {TEXTS}")
        return tuple(value)

    def tables_of_texts(self, key: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The entries of the table ``[key]``, each a list of texts."""
        entries = self.values.get(key, {})
        if not isinstance(entries, dict):
            raise self._unfit(key, "not a table")
        for name in entries:
            yield name, _Table(entries, self.path, self.place).texts(name)

    def count(self) -> int:
        value = self.values.get("count", 1)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self._unfit("count", f"not {COUNT}")
        return value

    def tables(self, key: str) -> Iterator[_Table]:
        """The tables ``[[key]]``, each with the line of its header."""
        values = self.values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
            raise self._unfit(key, f"not written as [[{key}]]")
        lines = self.path.read_text(encoding="utf-8").split("\n")
        headers = [n for n, line in enumerate(lines, 1) if line.replace(" ", "") == f"[[{key}]]"]
        for number, value in enumerate(values):
            line = headers[number] if len(headers) == len(values) else 1
            table = _Table(value, self.path, (self.place[0], line))
            table.where = f"[[{key}]]"
            yield table

    def _get(self, key: str) -> object:
        if key not in self.values:
            raise self.error(MISSING_KEY.format(where=self.where, key=key))
        return self.values[key]

    def _unfit(self, key: str, kind: str) -> AuthoringError:
        return self.error(BAD_VALUE.format(key=key, where=self.where, kind=kind))


def _tables(assignment: Assignment, folder: str) -> Iterator[_Table]:
    for path in sorted((assignment.source / folder).glob("*.toml")):
        file = assignment.course.shown(path)
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:  # not TOML, or not UTF-8
            raise AuthoringError(file, 1, NOT_TOML.format(reason=error)) from error
        yield _Table(values, path, (file, 1))


def _mutant(table: _Table, checks: Mapping[str, Check], dataset: str) -> Mutant:
    table.only("description", "loses", "loses_with", "says", "diagnosis", "help", "edit")
    edits = tuple(_edit(edit) for edit in table.tables("edit"))
    if not edits:
        raise table.error(NO_EDIT.format(tables="[[edit]]"))
    loses = table.texts("loses")
    _check_loses(table, loses, checks)
    for name, others in table.tables_of_texts("loses_with"):
        _check_loses(table, others, checks)
        loses = others if name == dataset else loses
    return Mutant(
        name=table.path.stem,
        description=table.line("description"),
        edits=edits,
        loses=loses,
        says=table.texts("says"),
        diagnosis=table.line("diagnosis", needed=False),
        help=table.line("help", needed=False),
    )


def _variant(table: _Table) -> Variant:
    table.only("description", "edit", "replace")
    edits = tuple(_edit(edit) for edit in table.tables("edit"))
    replacements = tuple(_replacement(replace) for replace in table.tables("replace"))
    if not edits and not replacements:
        raise table.error(NO_EDIT.format(tables="[[edit]] or [[replace]]"))
    return Variant(
        name=table.path.stem,
        description=table.line("description"),
        edits=(*replacements, *edits),
    )


def _check_loses(table: _Table, loses: tuple[str, ...], checks: Mapping[str, Check]) -> None:
    if not loses:
        raise table.error(LOSES_NOTHING)
    for id in loses:
        if id not in checks:
            raise table.error(UNKNOWN_CHECK.format(id=id, known=", ".join(checks)))
        if loses.count(id) > 1:
            raise table.error(LOSES_TWICE.format(id=id))
        for need in loses:
            if id in dependents(need, checks):
                raise table.error(LOSES_DEPENDENT.format(id=id, need=need))


def dependents(id: str, checks: Mapping[str, Check]) -> frozenset[str]:
    """The checks that need the check `id`, directly or by way of others."""
    found = {id}
    for check in checks.values():  # a need always comes before
        if found.intersection(check.needs):
            found.add(check.id)
    return frozenset(found - {id})


def _edit(table: _Table) -> TextEdit:
    table.only("file", "find", "replace", "count")
    edit = TextEdit(
        file=table.line("file"),
        find=table.text("find", empty=False),
        replace=table.text("replace", empty=True),
        count=table.count(),
        place=table.place,
    )
    if edit.find == edit.replace:
        raise table.error(SAME)
    return edit


def _replacement(table: _Table) -> Replacement:
    table.only("file", "with")
    name = table.line("with")
    path = table.path.parent / name
    if Path(name).name != name or not path.is_file():
        raise table.error(NO_FILE.format(name=name))
    return Replacement(file=table.line("file"), text=path.read_text(encoding="utf-8"))
