"""The raw cells of an otter assignment that begin and end its blocks, and their YAML."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

import yaml  # type: ignore[import-untyped]

_CONFIG = re.compile(r"^#+\s*ASSIGNMENT\s+CONFIG", re.IGNORECASE)
_BOUNDARY = re.compile(r"^#+\s*(BEGIN|END)\s+(QUESTION|PROMPT|SOLUTION|TESTS?)\b", re.IGNORECASE)
_IGNORED = re.compile(r"^\s*#+\s*ignore\b", re.IGNORECASE)
_FENCE = re.compile(r"^```otter[ \t]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
_OLD = re.compile(r"```[^\n]*\n\s*(?:#\s*)?BEGIN\s+(?:QUESTION|ASSIGNMENT)\b", re.IGNORECASE)
_TEST_CONFIG = re.compile(
    r"""^\s*(?P<quotes>"{3}|'{3})\s*\#\s*BEGIN\s+TEST\s+CONFIG[^\n]*\n"""
    r"""(?P<yaml>.*?)\n?[ \t]*(?P=quotes);?\s*\#\s*END\s+TEST\s+CONFIG[^\n]*(?:\n|$)""",
    re.IGNORECASE | re.DOTALL,
)
NO_YAML = "its YAML cannot be read ({reason})"
NO_TABLE = "its YAML is no list of `key: value`"


class BoundaryError(ValueError):
    """The YAML of a cell cannot be read; the message is the end of a sentence about it."""


class BlockKind(StrEnum):
    """What a block is."""

    QUESTION = "question"
    PROMPT = "prompt"
    SOLUTION = "solution"
    TESTS = "tests"


@dataclass(frozen=True)
class Boundary:
    """The begin or the end of a block."""

    block: BlockKind
    begins: bool


@dataclass(frozen=True)
class MasterCell:
    """A cell of a master notebook; `number` counts from 1, as people do."""

    number: int
    kind: str
    source: str
    output: str = ""
    id: str = ""

    @property
    def boundary(self) -> Boundary | None:
        """The begin or end of a block, where the cell is one."""
        found = _BOUNDARY.match(self.source.lstrip()) if self.kind == "raw" else None
        if found is None:
            return None
        name = found[2].lower()
        block = BlockKind.TESTS if name == "test" else BlockKind(name)
        return Boundary(block, found[1].upper() == "BEGIN")

    @property
    def is_config(self) -> bool:
        """Whether it configures the assignment."""
        return self.kind == "raw" and bool(_CONFIG.match(self.source.lstrip()))

    @property
    def is_ignored(self) -> bool:
        """Whether it is in none of the notebooks that otter makes."""
        return bool(_IGNORED.match(self.source.split("\n", 1)[0]))


def master_cells(cells: list[dict[str, Any]]) -> Iterator[MasterCell]:
    """The cells, where a fenced part of a text cell counts as a raw cell."""
    for number, cell in enumerate(cells, start=1):
        kind, source = str(cell.get("cell_type")), text_of(cell.get("source"))
        if kind == "markdown" and _FENCE.search(source):
            yield from _unfenced(number, source)
        else:
            identity = cell.get("id")
            said = identity if isinstance(identity, str) else ""
            yield MasterCell(number, kind, source, output_of(cell), said)


def _unfenced(number: int, source: str) -> Iterator[MasterCell]:
    place = 0
    for found in _FENCE.finditer(source):
        if source[place : found.start()].strip():
            yield MasterCell(number, "markdown", source[place : found.start()])
        yield MasterCell(number, "raw", found[1].rstrip("\n"))
        place = found.end()
    if source[place:].strip():
        yield MasterCell(number, "markdown", source[place:])


def named_settings(cells: list[dict[str, Any]]) -> Iterator[str]:
    """The files that configure the notebook, as its own settings name them."""
    for cell in master_cells(cells):
        if cell.is_config:
            with contextlib.suppress(BoundaryError):
                path = configuration(cell.source).get("config_file")
                if isinstance(path, str) and path:
                    yield PurePosixPath(path).as_posix()


def is_master(cells: list[dict[str, Any]]) -> bool:
    """Whether they are an otter assignment."""
    return any(one.is_config or one.boundary for one in master_cells(cells))


def is_old_master(cells: list[dict[str, Any]]) -> bool:
    """Whether they are an assignment in the format of otter before version 4, or of jassign."""
    return any(
        cell.get("cell_type") == "markdown" and _OLD.search(text_of(cell.get("source")))
        for cell in cells
    )


def configuration(source: str) -> dict[str, Any]:
    """The YAML of a raw cell; its marks are comments there. Raises `BoundaryError`."""
    try:
        found = yaml.safe_load(source)
    except (yaml.YAMLError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise BoundaryError(NO_YAML.format(reason=reason)) from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BoundaryError(NO_TABLE)
    return found


def test_configuration(source: str) -> tuple[Mapping[str, Any], str]:
    """What a test cell says about itself, and its statements. Raises `BoundaryError`."""
    found = _TEST_CONFIG.match(source)
    if found is not None:
        return configuration(found["yaml"]), source[found.end() :]
    first = source.lstrip().split("\n", 1)[0]
    hidden = first.startswith("#") and re.search(r"\bhidden\b", first, re.IGNORECASE)
    return ({"hidden": True} if hidden else {}), source


def text_of(source: object) -> str:
    """The text of a cell or an output, which may be a list of lines."""
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def output_of(cell: Mapping[str, Any]) -> str:
    """The text that a code cell has shown: what it printed, and the value of its last line."""
    found = []
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        kind, data = output.get("output_type"), output.get("data")
        if kind == "stream" and output.get("name") == "stdout":
            found.append(text_of(output.get("text")))
        elif kind in ("execute_result", "pyout") and isinstance(data, dict):
            found.append(text_of(data.get("text/plain")))
    return "".join(found)
