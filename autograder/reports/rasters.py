"""Our own SVG pictures as PNG, for places that show no SVG. Reads no SVG of anybody else's.

Known are the shapes that `pictures` and `training_pictures` draw, without texts: rectangles,
paths of rectangles and of straight lines, polylines, circles and groups that are moved.
"""

from __future__ import annotations

import base64
import itertools
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Point = tuple[float, float]

ZOOM = 2  # pixels of the PNG to one of the picture
WHITE, ORANGE, BLUE = (255, 255, 255), (179, 71, 15), (31, 95, 168)
_STEP = re.compile(r"([Mhvz])([-\d. ]*)")


def _mixed(colour: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = (round(255 + share * (part - 255)) for part in colour)
    return red, green, blue


# By class, as in exhibit.css on a light page: fill, or stroke and its width.
FILLS: Mapping[str, tuple[int, int, int]] = {
    "bad": (138, 31, 138),
    "reached": _mixed(BLUE, 0.6),
    **{f"above{level}": _mixed(ORANGE, 0.12 * level) for level in range(1, 6)},
    **{f"below{level}": _mixed(BLUE, 0.12 * level) for level in range(1, 6)},
}
STROKES: Mapping[str, tuple[tuple[int, int, int], float]] = {
    "frame": ((200, 204, 208), 1),
    "differs": ((179, 38, 30), 2),
    "needed": ((29, 33, 37), 3),
    "guess": ((98, 107, 117), 2),
    "goal": ((98, 107, 117), 2),
    "": (BLUE, 2),
}

DASHED, DASH = ("guess", "goal"), 5.0


def png_address(svg: str) -> str:
    """A picture of ours as the address of an image that has it inside.

    >>> png_address('<svg viewBox="0 0 2 1"></svg>')[:22]
    'data:image/png;base64,'
    """
    return "data:image/png;base64," + base64.b64encode(png(svg)).decode()


def width_of(svg: str) -> int:
    """How wide a picture of ours is meant to be, in pixels.

    >>> width_of('<svg viewBox="0 0 20 10"></svg>')
    20
    """
    return round(float(ElementTree.fromstring(svg).get("viewBox", "0 0 1 1").split()[2]))


def png(svg: str) -> bytes:
    """A picture of ours as the content of a PNG file, on white."""
    root = ElementTree.fromstring(svg)
    canvas = _Canvas(*map(float, root.get("viewBox", "0 0 1 1").split()))
    canvas.draw(root, (0.0, 0.0))
    return _encoded(canvas.pixels)


class _Canvas:
    """Pixels of shape (height, width, 3), and shapes painted on them one after another."""

    def __init__(self, left: float, top: float, width: float, height: float) -> None:
        self._origin = (left, top)
        size = (max(1, round(height * ZOOM)), max(1, round(width * ZOOM)), 3)
        self.pixels = np.full(size, 255, dtype=np.uint8)

    def draw(self, parent: ElementTree.Element, moved: Point) -> None:
        """All the shapes in an element."""
        for shape in parent:
            match shape.tag:
                case "g":
                    x, y = re.findall(r"[-\d.]+", shape.get("transform", "0 0"))
                    self.draw(shape, (moved[0] + float(x), moved[1] + float(y)))
                case "rect":
                    x, y, w, h = (float(shape.get(key, 0)) for key in ("x", "y", "width", "height"))
                    self._box(shape.get("class", ""), x + moved[0], y + moved[1], w, h)
                case "path":
                    for x, y, w, h in _boxes(shape.get("d", "")):
                        self._box(shape.get("class", ""), x + moved[0], y + moved[1], w, h)
                case "polyline":
                    self._line([_point(one, moved) for one in shape.get("points", "").split()])
                case "circle":
                    centre = (float(shape.get("cx", 0)), float(shape.get("cy", 0)))
                    self._dot(centre, float(shape.get("r", 1)), BLUE)

    def _box(self, kind: str, x: float, y: float, w: float, h: float) -> None:
        if kind in FILLS:
            self._fill(x, y, w, h, FILLS[kind])
            return
        colour, thick = STROKES.get(kind, STROKES["frame"])
        if kind in DASHED:
            for along in np.arange(0, max(w, h), 2 * DASH):
                left, top = (x + along, y - 1) if w else (x - 1, y + along)
                self._fill(left, top, DASH if w else thick, thick if w else DASH, colour)
            return
        for left, top, wide, high in (
            (x, y, w, 0),
            (x, y + h, w, 0),
            (x, y, 0, h),
            (x + w, y, 0, h),
        ):
            half = thick / 2
            self._fill(left - half, top - half, wide + thick, high + thick, colour)

    def _fill(self, x: float, y: float, w: float, h: float, colour: tuple[int, int, int]) -> None:
        left, top = (
            round((at - start) * ZOOM) for at, start in zip((x, y), self._origin, strict=True)
        )
        right, bottom = left + max(1, round(w * ZOOM)), top + max(1, round(h * ZOOM))
        self.pixels[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = colour

    def _line(self, points: list[Point]) -> None:
        colour, thick = STROKES[""]
        for (x, y), (to_x, to_y) in itertools.pairwise(points):
            steps = max(2, round(2 * ZOOM * max(abs(to_x - x), abs(to_y - y))))
            for share in np.linspace(0, 1, steps):
                at = (x + share * (to_x - x), y + share * (to_y - y))
                self._dot(at, thick / 2, colour)

    def _dot(self, at: Point, radius: float, colour: tuple[int, int, int]) -> None:
        self._fill(at[0] - radius, at[1] - radius, 2 * radius, 2 * radius, colour)


def _boxes(path: str) -> list[tuple[float, float, float, float]]:
    """The rectangles and straight lines of a path: x, y, width, height."""
    found: list[list[float]] = []
    for letter, numbers in _STEP.findall(path):
        values = [float(one) for one in numbers.split()]
        if letter == "M":
            found.append([*values, 0.0, 0.0])
        elif letter in "hv" and not found[-1][2 if letter == "h" else 3]:
            found[-1][2 if letter == "h" else 3] = values[0]
    return [(x, y, w, h) for x, y, w, h in found]


def _point(text: str, moved: Point) -> Point:
    x, y = map(float, text.split(","))
    return x + moved[0], y + moved[1]


def _encoded(pixels: Array) -> bytes:
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
