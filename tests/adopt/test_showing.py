"""What a student's cells show is there for a person to see, and none of it can act."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import nbformat
import pytest

from autograder.adopt.showing import MAX_SIDE, CellShown, may_show, pixels_alone, shown_cells
from autograder.adopt.source import CourseFiles
from autograder.nbgrader_plugin.shown import put_outputs
from autograder.sandbox.adopted.showing import MAX_PICTURE, MAX_PICTURES, MAX_TEXT
from tests.adopt.conftest import case


def shown(*sources: str, seconds: float = 10) -> dict[int, CellShown]:
    return shown_cells(case([], course=CourseFiles(seconds=seconds)), dict(enumerate(sources)))


def test_a_cell_shows_what_it_prints_its_last_value_and_its_error() -> None:
    found = shown("print('a')\n1 + 1", "x = 3", "x;", "x\nprint('b')", "1 / 0", "x\nx")
    assert found[0] == CellShown(text="a\n", value="2")
    assert found[1] == found[2] == CellShown()
    assert found[3] == CellShown(text="b\n")
    assert found[4] == CellShown(error="ZeroDivisionError: division by zero")
    assert found[5] == CellShown(value="3")


def test_a_cell_shows_its_plots() -> None:
    found = shown(
        "import matplotlib.pyplot as plt",
        "plt.plot([1, 2])\nplt.show()",
        "plt.figure()\nplt.figure()",
        "for _ in range(30): plt.figure(figsize=(40, 2))",
        "def f(): pass",
    )
    assert [len(found[place].pictures) for place in range(5)] == [0, 1, 2, MAX_PICTURES, 0]
    for picture in (*found[1].pictures, *found[3].pictures):
        width, height = struct.unpack(">II", picture[16:24])
        assert 0 < max(width, height) <= 641
        assert len(picture) <= MAX_PICTURE


def test_what_is_too_much_is_cut() -> None:
    found = shown("print('x' * 10_000_000)\n'y' * 100_000")[0]
    assert (len(found.text), len(found.value)) == (MAX_TEXT + 6, MAX_TEXT + 6)
    assert found.text.endswith("\n[...]")


def test_a_cell_that_hangs_or_ends_the_process_hides_itself_and_what_follows() -> None:
    for ends in ("while True: pass", "import os\nos._exit(0)"):
        found = shown("print(1)", ends, "print(2)", seconds=1)
        assert found[0].text == "1\n"
        assert found[1].error.startswith("This cell did not end within 1 s; what it and later")
        assert 2 not in found


@pytest.mark.parametrize(
    "source",
    ["def f():\n    return 1", "import numpy as np", "x = [1, 2]", "'text'", "", "class A: pass"],
)
def test_a_notebook_of_definitions_is_not_run_again(source: str) -> None:
    assert not may_show(source)


@pytest.mark.parametrize("source", ["f()", "x = f()", "x", "for x in y: print(x)", "%matplotlib"])
def test_whatever_else_may_show_something(source: str) -> None:
    assert may_show(source)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks: bytes, width: int = 1, height: int = 1) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0\0"))
    parts = (chunk(b"IHDR", head), *chunks, data, chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_of_a_picture_the_pixels_alone_are_kept() -> None:
    assert pixels_alone(png()) == png()
    assert pixels_alone(png(chunk(b"tEXt", b"<script>"))) == png()
    assert pixels_alone(png() + b"<script>alert(1)</script>") == png()


BAD: Sequence[bytes] = [
    b"",
    b"<svg onload=alert(1)>",
    b"GIF89a",
    png()[:-6],
    png(width=MAX_SIDE + 1),
    png(height=0),
    png(chunk(b"tEXt", b"x" * MAX_PICTURE)),
    b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
]


@pytest.mark.parametrize("data", BAD)
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert pixels_alone(data) == b""


def test_outputs_are_text_and_pictures() -> None:
    markup = "<script>alert(1)</script>\ud800"
    new_cell: Any = nbformat.v4.new_code_cell  # has no annotations
    cells = [new_cell()]
    put_outputs(cells, {0: CellShown(text=markup, value=markup, error=markup, pictures=(png(),))})
    kinds = [set(one["data"]) for one in cells[0].outputs if "data" in one]
    assert kinds == [{"text/plain"}, {"image/png"}]
    assert [one["name"] for one in cells[0].outputs if "name" in one] == ["stdout", "stderr"]


LIES = """
import IPython
class Lies:
    def _repr_html_(self): return "<script>alert(1)</script>"
    def _repr_png_(self): return b"no picture"
    def __repr__(self): return "<img src=x onerror=alert(1)>"
"""


def test_html_of_a_students_object_is_not_asked_for() -> None:
    found = shown(LIES, "Lies()", "IPython.display.display(Lies())")
    assert found[1] == CellShown(value="<img src=x onerror=alert(1)>")
    assert "<script>" not in found[2].text
    assert not found[2].pictures


def test_who_replaces_what_shows_shows_nothing_that_acts() -> None:
    forged = (
        "from autograder.sandbox.adopted import operations\n"
        "operations.show_cell = lambda *a: ['<b>', 5, None, [b'<svg>', 'x']]\n"
    )
    found = shown(forged, "1")
    assert found[1] == CellShown()
