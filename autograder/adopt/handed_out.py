"""A source notebook as students get it: without solutions, hidden tests and outputs."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from autograder.sandbox.adopted.cell import hidden_lines

from .broken import raising

CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"


@lru_cache(maxsize=64)  # a class is graded with one assignment
def handed_out(notebook: bytes) -> bytes:
    """The notebook with every solution replaced, as nbgrader's `ClearSolutions` does it."""
    found: dict[str, Any] = json.loads(notebook.decode("utf-8-sig"))
    found |= {"nbformat": 4, "nbformat_minor": 5}
    for number, cell in enumerate(found["cells"]):
        cell.setdefault("id", f"cell-{number}")  # older formats have none
        source = "".join(cell["source"])
        marks = cell.get("metadata", {}).get("nbgrader") or {}
        cell["source"] = _cleared(source, marks, cell["cell_type"])
        if cell["cell_type"] == "code":
            cell["outputs"] = []
    return json.dumps(found, ensure_ascii=False).encode()


def visible_only(source: str) -> str:
    """A test cell without its hidden tests."""
    hidden = hidden_lines(source)
    lines = enumerate(source.split("\n"), start=1)
    return "\n".join(line for number, line in lines if number not in hidden)


def _cleared(source: str, marks: dict[str, Any], cell_type: str) -> str:
    if cell_type == "code" and "BEGIN SOLUTION" in source.upper():
        return raising(source)
    if marks.get("solution"):
        return CODE_STUB if cell_type == "code" else TEXT_STUB
    return visible_only(source) if marks.get("grade") else source
