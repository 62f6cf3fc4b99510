"""A lesson as a Jupyter notebook with nbgrader's metadata. The same lesson gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from .lesson import Cell, Lesson

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}

# nbformat has no annotations
_new_code_cell: Any = new_code_cell
_new_markdown_cell: Any = new_markdown_cell
_new_notebook: Any = new_notebook
_writes: Any = nbformat.writes


def notebook(lesson: Lesson, text_of: Callable[[Cell], str], points: Mapping[str, float]) -> bytes:
    """The notebook, as UTF-8 JSON in format 4.5, whose cells have the texts `text_of(cell)`.

    Ids come from the grade id, or from the source where there is none, so that they change only
    when the cell does. nbgrader's checksums are left out: `nbgrader generate_assignment` adds them.
    """
    ids = _cell_ids(lesson)
    cells = [
        (_new_code_cell if cell.is_code else _new_markdown_cell)(
            text_of(cell), id=id, metadata=_metadata(cell, points)
        )
        for cell, id in zip(lesson.cells, ids, strict=True)
    ]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    result = _new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)
    return f"{_writes(result)}\n".encode()


def _cell_ids(lesson: Lesson) -> list[str]:
    seen: dict[str, int] = {}
    ids = []
    for cell in lesson.cells:
        text = f"{cell.is_code}\0{cell.source}"
        id = cell.grade_id or hashlib.sha256(text.encode()).hexdigest()[:12]
        seen[id] = seen.get(id, 0) + 1
        ids.append(id if seen[id] == 1 else f"{id}-{seen[id]}")
    return ids


def _metadata(cell: Cell, points: Mapping[str, float]) -> dict[str, Any]:
    if cell.demo:
        return {"autograder": {"demo": True}}
    if cell.check:
        marks = _marks(cell, grade=True, points=points[cell.check])
        return {"deletable": False, "editable": False, "nbgrader": marks}
    if cell.manual:
        marks = _marks(cell, grade=True, points=cell.points)
        return {"deletable": False, "nbgrader": marks}
    if cell.grade_id:
        return {"deletable": False, "nbgrader": _marks(cell, grade=False)}
    return {}


def _marks(cell: Cell, **more: Any) -> dict[str, Any]:
    return {
        "schema_version": 3,
        "grade_id": cell.grade_id,
        "solution": not cell.check,
        "locked": bool(cell.check),
        "task": False,
        **more,
    }
