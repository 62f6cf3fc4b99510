"""Arrays that a student saved, in `.npz` and `.npy`, read without trusting a byte of them.

Nothing is unpickled and none of the student's code runs. Knows no assignment.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from autograder.submission.archive import read_archive
from autograder.submission.model import MIB, Bounds
from autograder.submission.trees import UnreadableError, shown

Array = np.ndarray[Any, np.dtype[Any]]

MAX_MEMBERS = 64
MAX_BYTES = 32 * MIB
MAX_VALUES = 4_000_000

_BOUNDS = Bounds(seen=MAX_MEMBERS, files=MAX_MEMBERS, file_bytes=MAX_BYTES, depth=1)
_MAGIC = b"\x93NUMPY"
_MAX_HEADER = 1024
# What numpy.lib.format writes, and nothing else: a header is matched, never evaluated.
_HEADER = re.compile(
    r"\{'descr': '(?P<dtype>[<>|][a-zA-Z]\d{0,2})', 'fortran_order': (?P<fortran>True|False), "
    r"'shape': \((?P<shape>(?:\d{1,9}, ?)*(?:\d{1,9})?)\), \} *\n?",
    re.ASCII,
)
_PLAIN = re.compile(r"[<>|](?:f[248]|[iu][1248])")


class Unusable(Exception):  # noqa: N818 - an outcome, not an error
    """The file cannot stand for what it should hold; the message is a sentence that says why."""


def read_npz(data: bytes, file: str) -> dict[str, Array]:
    """The arrays of an `.npz` file by name, as float64.

    Parameters
    ----------
    file : its name, for messages.

    Raises
    ------
    Unusable : no zip, too much of anything, or an array of something else than numbers.
    """
    expect_small(data, file)
    archive = read_archive(data, file, _BOUNDS)
    for remark in archive.remarks:
        raise Unusable(remark.text)
    arrays: dict[str, Array] = {}
    room = MAX_BYTES
    for path, entry in archive.members.items():
        try:
            content = entry.read(room + 1)
        except UnreadableError as error:
            raise Unusable(str(error)) from error
        room -= len(content)
        if room < 0:
            raise Unusable(f"`{file}` unpacks to more than {MAX_BYTES // MIB} MiB.")
        name = path.removesuffix(".npy")
        arrays[name] = _array(f"`{shown(name)}` in `{file}`", content)
    if not arrays:
        raise Unusable(f"`{file}` holds no arrays.")
    return arrays


def read_npy(data: bytes, file: str) -> Array:
    """The array of an `.npy` file, as float64. Raises `Unusable` as `read_npz` does.

    Examples
    --------
    >>> import io
    >>> out = io.BytesIO()
    >>> np.save(out, np.array([2, 1]))
    >>> read_npy(out.getvalue(), "losses.npy")
    array([2., 1.])
    """
    expect_small(data, file)
    return _array(f"`{file}`", data)


def expect_small(data: bytes, file: str, *, most: int = MAX_BYTES) -> None:
    """Raise `Unusable` where a file has more than `most` bytes."""
    if len(data) > most:
        raise Unusable(f"`{file}` has more than {most // MIB} MiB.")


def _array(name: str, content: bytes) -> Array:
    """One member, in the format NPY 1.0 or 2.0 (`numpy.lib.format`)."""
    header, start = _header(name, content)
    match = _HEADER.fullmatch(header)
    if match is None:
        raise Unusable(f"{name} does not begin as an array does.")
    if not _PLAIN.fullmatch(match["dtype"]):
        raise Unusable(
            f"{name} is an array of type {match['dtype']!r}; only plain numbers "
            "are read, and nothing that would have to be unpickled."
        )
    dtype = np.dtype(match["dtype"])
    shape = tuple(int(size) for size in match["shape"].split(",") if size.strip())
    count = math.prod(shape)
    if count > MAX_VALUES or len(shape) > 4:
        raise Unusable(f"{name} has shape {shape}; that is too large.")
    if len(content) - start != count * dtype.itemsize:
        raise Unusable(
            f"{name} has {len(content) - start} bytes; its shape {shape} and type "
            f"{match['dtype']!r} need {count * dtype.itemsize}."
        )
    flat = np.frombuffer(content, dtype=dtype, offset=start).astype(np.float64)
    return flat.reshape(shape, order="F" if match["fortran"] == "True" else "C")


def _header(name: str, content: bytes) -> tuple[str, int]:
    """The text that describes the array, and where its numbers begin."""
    width = {1: 2, 2: 4}.get(content[6] if len(content) > 12 else 0, 0)
    if not content.startswith(_MAGIC) or not width:
        raise Unusable(f"{name} does not begin as an array does.")
    length = int.from_bytes(content[8 : 8 + width], "little")
    if length > _MAX_HEADER:
        raise Unusable(f"{name} has a header of {length} bytes.")
    start = 8 + width + length
    return content[8 + width : start].decode("latin-1"), start
