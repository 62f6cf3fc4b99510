"""A lesson as a Jupyter notebook with nbgrader's metadata. The same lesson gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .lesson import Cell, Lesson

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def notebook(lesson: Lesson, text_of: Callable[[Cell], str], points: Mapping[str, float]) -> bytes:
    """The notebook, as UTF-8 JSON in format 4.5, whose cells have the texts `text_of(cell)`.

    Ids come from the grade id, or from the source where there is none, so that they change only
    when the cell does. nbgrader's checksums are left out: `nbgrader generate_assignment` adds them.
    """
    ids = _cell_ids(lesson)
    cells = [
        _cell(cell, id, text_of(cell), points) for cell, id in zip(lesson.cells, ids, strict=True)
    ]
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    result = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return f"{json.dumps(result, indent=1, sort_keys=True, ensure_ascii=False)}\n".encode()


def _cell(cell: Cell, id: str, text: str, points: Mapping[str, float]) -> dict[str, Any]:
    written = {
        "cell_type": "code" if cell.is_code else "markdown",
        "id": id,
        "metadata": _metadata(cell, points),
        "source": re.split("(?<=\n)(?=.)", text, flags=re.DOTALL) if text else [],
    }
    return {**written, "execution_count": None, "outputs": []} if cell.is_code else written


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
