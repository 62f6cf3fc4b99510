"""What the hand-in cell of a notebook knows: the parts, where they are, and what is given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from .placeholders import whole_or_not
from .source import Source

PICTURES = "pictures/"


def handed_in(source: Source) -> dict[str, Any]:
    """The content of ``hand_in.json``.

    `parts` has the regions that students fill, each with its file and, in a notebook, nbgrader's id
    of the cell; `points` is what all checks and questions give, also those without a region;
    `cells` has for each notebook the ids of its cells, by which a renamed one is known;
    `given` the SHA-256 of the files whose changes do not count.
    """
    about, totals = source.assignment, source.placeholders
    return {
        "python": about.course.python,
        "notebooks": list(about.notebooks),
        "modules": list(about.modules),
        "parts": list(_parts(source)),
        "points": totals["total_points"] + totals["bonus_points"],
        "cells": {
            f"{lesson.name}.ipynb": " ".join(
                cell.grade_id for cell in lesson.cells if cell.grade_id
            )
            for lesson in source.lessons
        },
        "given": {
            path: hashlib.sha256(data).hexdigest()
            for path, data in sorted(source.given.items())
            if not path.startswith(PICTURES)
        },
    }


def as_json(content: Mapping[str, Any]) -> bytes:
    """Content as a file: the same bytes for the same content."""
    text = json.dumps(content, indent=1, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return f"{text}\n".encode()


def _parts(source: Source) -> Iterator[dict[str, Any]]:
    """Every region once, in the order of the lessons' text and then of the modules."""
    for lesson in source.lessons:
        for cell in lesson.cells:
            for region in cell.marked.regions:
                points = whole_or_not(cell.points) if cell.manual else source.points[region.id]
                file = f"{lesson.name}.ipynb"
                yield {"id": region.id, "points": points, "file": file, "cell": cell.grade_id}
    for module in source.modules:
        for region in module.marked.regions:
            points = source.points[region.id]
            yield {"id": region.id, "points": points, "file": module.path, "cell": ""}
