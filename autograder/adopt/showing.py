"""What the student's cells of a notebook show, for a person who marks or reads it.

They run once more, in a sandbox without any test. What comes back was written by a student: text
stays text, and of a picture no more is kept than its pixels.
"""

from __future__ import annotations

import ast
import struct
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.sandbox.adopted.binding import parsed
from autograder.sandbox.adopted.showing import MAX_PICTURE, MAX_PICTURES, MAX_TEXT
from autograder.sandbox.plain import Items, Raw, Scalar, Value

from .places import shown_by
from .running import NotebookRun
from .source import CellKind, Step

MAX_SECONDS = 60.0  # for all cells
MAX_BYTES = 2 << 20  # for all pictures
MAX_SIDE = 2000  # pixels
CUT = "\n[...]"
NOT_SHOWN = "This cell did not end within {seconds:g} s; what it and later cells show is missing."
_HEAD = b"\x89PNG\r\n\x1a\n"
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")


@dataclass(frozen=True, kw_only=True)
class CellShown:
    """What one cell shows.

    Attributes
    ----------
    text : what it has printed.
    value : its last line, as text.
    error : the exception that it raised.
    pictures : its plots, as PNG.
    """

    text: str = ""
    value: str = ""
    error: str = ""
    pictures: Sequence[bytes] = ()


def may_show(source: str) -> bool:
    """Whether a cell does more than define and import.

    >>> may_show("def f():\\n    return 1"), may_show("f()")
    (False, True)
    """
    tree = parsed(source)
    if tree is None:
        return False
    quiet = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Pass)
    return any(not isinstance(one, quiet) and not _is_quiet(one) for one in tree.body)


def _is_quiet(statement: ast.stmt) -> bool:
    """Whether it is a constant that is assigned, or a text that stands there for people."""
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)
    calls = (ast.Call, ast.Await, ast.Raise)
    is_assignment = isinstance(statement, ast.Assign | ast.AnnAssign)
    return is_assignment and not any(isinstance(part, calls) for part in ast.walk(statement))


def shown_cells(run: NotebookRun, sources: Mapping[int, str]) -> dict[int, CellShown]:
    """What cells show, by their place; nothing runs where no cell can show anything.

    Parameters
    ----------
    run : where and how; its steps do not count.
    sources : the cells, in order.
    """
    if not any(map(may_show, sources.values())):
        return {}
    steps = [Step(kind=CellKind.SOLUTION, source=source) for source in sources.values()]
    end = min(run.end, time.monotonic() + MAX_SECONDS)
    answers = shown_by(replace(run, steps=steps, end=end))
    left = MAX_BYTES
    found: dict[int, CellShown] = {}
    for place, answer in zip(sources, answers, strict=False):
        shown = _read(answer) if answer is not None else _missing(run.course.seconds)
        left -= sum(map(len, shown.pictures))
        found[place] = shown if left > 0 else replace(shown, pictures=())
    return found


def _missing(seconds: float) -> CellShown:
    return CellShown(error=NOT_SHOWN.format(seconds=seconds))


def _read(answer: Value) -> CellShown:
    match answer:
        case Items("list", [Scalar(str(text)), Scalar(str(value)), Scalar(str(error)), pictures]):
            kept = tuple(_pictures(pictures))
            return CellShown(text=_cut(text), value=_cut(value), error=_cut(error), pictures=kept)
    return CellShown()


def _cut(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + CUT


def _pictures(value: Value) -> Iterator[bytes]:
    for one in value.items[:MAX_PICTURES] if isinstance(value, Items) else ():
        if isinstance(one, Raw) and (data := pixels_alone(one.value)):
            yield data


def pixels_alone(data: bytes) -> bytes:
    """A PNG without anything but its pixels; empty where it is none, or too large."""
    if not data.startswith(_HEAD) or len(data) > MAX_PICTURE:
        return b""
    parts = list(_chunks(data[len(_HEAD) :]))
    if not parts or parts[0][0] != b"IHDR" or len(parts[0][1]) != 13 or parts[-1][0] != b"IEND":
        return b""
    width, height = struct.unpack(">II", parts[0][1][:8])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        return b""
    return _HEAD + b"".join(_chunk(*part) for part in parts if part[0] in _KEPT)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG up to its end, or to where it makes no sense."""
    place = 0
    while place + 12 <= len(data):
        size = struct.unpack(">I", data[place : place + 4])[0]
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        if len(body) != size:
            return
        yield kind, body
        if kind == b"IEND":
            return
        place += 12 + size


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
