"""Reads the files in which courses hand out data of their own: MATLAB's ``.mat``, and CSV tables.

NumPy and the standard library only. Knows nothing of where files come from, and trusts nothing in
them: whatever is wrong raises `DataFormatError`.
"""

from __future__ import annotations

import csv
import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from .readers import DataFormatError, ImageSet

Array = npt.NDArray[Any]

_LARGEST = 1 << 30  # bytes of one variable, unpacked
_HEADER = 128
_MATRIX, _COMPRESSED = 14, 15
# The types in which numbers are stored, and the classes of arrays that hold them.
_STORED = {
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
}
_CLASSES = {6: "f8", 7: "f4", 8: "i1", 9: "u1", 10: "i2", 11: "u2", 12: "i4", 13: "u4", 14: "i8",
            15: "u8"}  # fmt: skip
_COMPLEX = 0x0800


def read_mat(path: str | Path) -> dict[str, Array]:
    """Read the numeric arrays of a MATLAB file, version 5 (``save -v6`` or ``-v7``).

    The format is MathWorks' *MAT-File Format* (level 5): elements of a type, a length and data,
    each of them perhaps compressed. Text, cells, structures and sparse or complex arrays are left
    out. Files of version 7.3 are HDF5, which this does not read.

    Parameters
    ----------
    path : the ``.mat`` file.

    Returns
    -------
    name -> array of the type and the shape that it had in MATLAB, so with two axes or more

    Raises
    ------
    DataFormatError
        Another format, or a damaged file.
    FileNotFoundError
        No such file.
    """
    path = Path(path)
    data = path.read_bytes()
    order = {b"IM": "<", b"MI": ">"}.get(data[126:128])
    if order is None or struct.unpack(f"{order}H", data[124:126])[0] != 0x0100:
        newer = b"MATLAB 7.3" in data[:116] or data[:4] == b"\x89HDF"
        other = "one of version 7.3, which is HDF5" if newer else "something else"
        _wrong(path, "a MATLAB file of version 5", other)
    arrays: dict[str, Array] = {}
    try:
        for kind, content in _elements(data[_HEADER:], order):
            if kind == _COMPRESSED:
                ((kind, content),) = _elements(_inflated(content), order)
            found = _array(content, order) if kind == _MATRIX else None
            if found is not None:
                arrays[found[0]] = found[1]
    except (struct.error, zlib.error, ValueError, KeyError, OverflowError) as error:
        _wrong(path, "a whole file", f"damage ({type(error).__name__}: {error})", error)
    return arrays


def read_mnist_csv(path: str | Path) -> ImageSet:
    """Read digits from a CSV table: in each line the label and then the 784 pixels, row by row.

    A first line of names, as in Kaggle's ``label,pixel0,...``, is passed over.

    Returns
    -------
    ImageSet : images uint8 of shape (N, 1, 28, 28) and labels uint8 of shape (N,)

    Raises
    ------
    DataFormatError
        A line has another number of columns, or something that is no whole number from 0 to 255,
        or a label that is not 0 to 9.
    FileNotFoundError
        No such file.
    """
    path = Path(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [_pixels(path, number, row) for number, row in enumerate(csv.reader(file), 1) if row]
    kept = [row for row in rows if row is not None]
    table = np.array(kept, np.uint8).reshape(len(kept), 785)
    return ImageSet(table[:, 1:].reshape(-1, 1, 28, 28).copy(), table[:, 0].copy())


def _pixels(path: Path, number: int, row: list[str]) -> list[int] | None:
    """The numbers of a line; None for a line of names at the top."""
    try:
        values = [float(field) for field in row]
    except ValueError:
        if number == 1:
            return None
        _wrong(path, "numbers only", f"other text in line {number}")
    if not all(value.is_integer() for value in values):
        _wrong(path, "whole numbers only", f"others in line {number}")
    numbers = [int(value) for value in values]
    if len(numbers) != 785:
        _wrong(path, "785 columns, the label and 784 pixels", f"{len(numbers)} in line {number}")
    if not 0 <= numbers[0] <= 9 or min(numbers) < 0 or max(numbers) > 255:
        _wrong(path, "a label from 0 to 9 and pixels from 0 to 255", f"others in line {number}")
    return numbers


def _elements(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """The type and the content of each element, one after the other."""
    place = 0
    while place + 8 <= len(data):
        kind, size = struct.unpack_from(f"{order}II", data, place)
        start, padding = place + 8, 8
        if kind >> 16:  # a small one, which has its length and its data in the same eight bytes
            kind, size, start = kind & 0xFFFF, kind >> 16, place + 4
            end = place + 8
        else:
            padding = 1 if kind == _COMPRESSED else 8
            end = start + math.ceil(size / padding) * padding
        if start + size > len(data) or (start == place + 4 and size > 4):
            raise ValueError(f"an element of {size} bytes goes beyond the end")
        yield kind, data[start : start + size]
        place = end


def _array(data: bytes, order: str) -> tuple[str, Array] | None:
    """Name and values of a matrix; None where it is none of numbers."""
    elements = _elements(data, order)
    (flag,) = struct.unpack_from(f"{order}I", next(elements, (0, b""))[1])
    if flag & 0xFF not in _CLASSES or flag & _COMPLEX:
        return None
    (_, sizes), (_, name), *parts = elements
    ((kind, values),) = parts
    shape = struct.unpack(f"{order}{len(sizes) // 4}i", sizes)
    stored = np.frombuffer(values, np.dtype(f"{order}{_STORED[kind]}"))
    array = stored.reshape(shape, order="F").astype(_CLASSES[flag & 0xFF])
    return name.decode("ascii"), np.ascontiguousarray(array)


def _inflated(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    inflated = stream.decompress(data, _LARGEST)
    if not stream.eof:
        raise ValueError("a compressed variable is cut off, or too large")
    return inflated


def _wrong(file: object, expected: str, found: str, cause: Exception | None = None) -> NoReturn:
    raise DataFormatError(f"{file}: expected {expected}, found {found}.") from cause
