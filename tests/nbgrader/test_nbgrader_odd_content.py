"""Attachments and names that no program writes: each student is graded and stops nobody else."""

from __future__ import annotations

import json
import os
from typing import Any

import nbformat
import pytest

pytestmark = pytest.mark.long


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


def picture(value: str) -> str:
    return f'{{"image.png": {{"image/png": {value}}}}}'


ATTACHMENTS = {
    "deep": nested(400),
    "very-deep": nested(900),
    "deep-picture": picture("[" * 600 + "]" * 600),
    "a-list": "[1, 2]",
    "a-number": "7",
    "half-a-character": '{"\\ud800.png": {"image/png": "\\ud800"}}',
    "half-a-character-inside": picture('"\\udfff"'),
    "null": "null",
    "nan": picture("NaN"),
    "huge-number": picture("1" * 4000),
    "right": picture('"iVBORw0KGgo="'),
}


def with_attachments(course: Any, attachments: str, **metadata: Any) -> bytes:
    notebook = json.loads(nbformat.writes(course.released()))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    cell["attachments"] = "HERE"
    cell["metadata"] |= metadata
    return json.dumps(notebook).replace('"HERE"', attachments).encode()


def test_odd_attachments_cost_nobody_anything(course) -> None:
    course.generate_assignment()
    for student, attachments in ATTACHMENTS.items():
        course.submit(student, notebook=with_attachments(course, attachments))
    outcome = course.autograde()
    assert outcome["success"], outcome
    for student in ATTACHMENTS:
        assert set(course.scores(student)) >= {"first", "second", "third"}
        assert course.scores(student)["first"] == 2.0, student
    folder = course.root / "autograded" / "right" / "tiny"
    (kept,) = (
        cell.attachments
        for cell in nbformat.read(folder / "tiny.ipynb", as_version=4).cells
        if cell.get("attachments")
    )
    assert kept == {"image.png": {"image/png": "iVBORw0KGgo="}}
    assert course.generate_feedback()["success"]


def test_names_that_are_no_text(course) -> None:
    course.generate_assignment()
    folder = course.submit("ada")
    for name in (b"\xff.txt", b"\xed\xa0\x80.npy", b"\xfe/\xff.py"):
        path = os.fsencode(folder) + b"/" + name
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"1")
    ids = {"nbgrader": {"grade_id": "\ud800", "schema_version": 3}}
    course.submit("bo", notebook=with_attachments(course, "{}", **ids))
    outcome = course.autograde()
    assert outcome["success"], outcome
    assert course.scores("ada")["first"] == course.scores("bo")["first"] == 2.0
    assert course.generate_feedback()["success"]
