"""A student's notebook as nbgrader can take it, whatever was handed in. Trusts no field of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import nbformat

from autograder.printable import encodable

_nbformat: Any = nbformat  # has no annotations
_v4: Any = nbformat.v4
_NEW_CELL = {
    "code": _v4.new_code_cell,
    "markdown": _v4.new_markdown_cell,
    "raw": _v4.new_raw_cell,
}


class BrokenNotebookError(ValueError):
    """The file is not a notebook; the message is a sentence for the student."""


def read_notebook(content: bytes) -> Any:
    """Build a valid notebook (format 4.5) from what a student handed in.

    Only what a person wrote is taken over: each cell's type, text, attachments and grade id.
    Outputs, tags and every other metadata are left behind, so that none of them can act.

    Raises
    ------
    BrokenNotebookError : with the reason, when there are no cells to be had.
    """
    data = _current_format(_json_object(content))
    cells = data.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, Mapping) for cell in cells):
        raise BrokenNotebookError("The file is JSON, but it has no list of cells.")
    return _v4.new_notebook(cells=[_cell(cell, number) for number, cell in enumerate(cells)])


def grade_id(cell: Any) -> str | None:
    """The id that nbgrader knows a cell by, or None."""
    metadata = cell.get("metadata")
    known = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    name = known.get("grade_id") if isinstance(known, Mapping) else None
    return name if isinstance(name, str) else None


def _json_object(content: bytes) -> dict[str, Any]:
    if not content.strip():
        raise BrokenNotebookError("The file is empty.")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BrokenNotebookError(f"The file is not UTF-8 text (byte {error.start}).") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}: {error.msg}"
        raise BrokenNotebookError(f"The file is not JSON ({where}).") from error
    except RecursionError as error:
        raise BrokenNotebookError("The file is JSON nested too deeply.") from error
    if not isinstance(data, dict):
        raise BrokenNotebookError("The file is JSON, but not a notebook.")
    return data


def _current_format(data: dict[str, Any]) -> dict[str, Any]:
    version = data.get("nbformat", 4)
    if "cells" in data or version == 4:
        return data
    try:
        return dict(_nbformat.reads(json.dumps(data), as_version=4))
    # What nbformat raises for an old notebook with odd fields is whatever its conversion met.
    except (
        AssertionError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        nbformat.ValidationError,
    ) as error:
        raise BrokenNotebookError(
            f"The notebook is in format {version!r}, which cannot be converted to format 4."
        ) from error


def _cell(cell: Mapping[str, Any], number: int) -> Any:
    kind = cell.get("cell_type")
    new = _NEW_CELL.get(kind, _v4.new_raw_cell) if isinstance(kind, str) else _v4.new_raw_cell
    name = grade_id(cell)
    built = new(
        source=encodable(_source(cell.get("source"))),
        metadata={"nbgrader": {"grade_id": name}} if name else {},
        id=f"submitted-{number}",
    )
    if kind != "code" and "attachments" in cell:
        _attach(built, cell["attachments"])
    return built


def _source(source: object) -> str:
    if isinstance(source, str):
        return source
    if isinstance(source, list):
        return "".join(line for line in source if isinstance(line, str))
    return ""


def _attach(cell: Any, attachments: object) -> None:
    """Keep pictures in a written answer: names, types and texts, and nothing else."""
    found = attachments if isinstance(attachments, Mapping) else {}
    kept = {
        encodable(name): {encodable(kind): _text(data) for kind, data in bundle.items()}
        for name, bundle in found.items()
        if isinstance(bundle, Mapping) and all(map(_is_text, bundle.values()))
    }
    if kept:
        cell["attachments"] = _nbformat.from_dict(kept)


def _is_text(data: object) -> bool:
    return isinstance(data, str) or (
        isinstance(data, list) and all(isinstance(line, str) for line in data)
    )


def _text(data: Any) -> str:
    return encodable("".join(data))
