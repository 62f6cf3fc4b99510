"""Weights that a student saved: an `.npz` of plain numbers, read without trusting a byte of it.

Nothing is unpickled and none of the student's code runs. Knows no assignment and no threshold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.submission.archive import read_archive
from autograder.submission.model import MIB, Bounds
from autograder.submission.trees import UnreadableError, shown

Array = np.ndarray[Any, np.dtype[Any]]

FILE = "weights.npz"
MAX_MEMBERS = 64
MAX_BYTES = 32 * MIB
MAX_VALUES = 4_000_000
MAX_UNITS = 4096  # in a layer, so that the scores of a batch need little memory

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
    """The file cannot stand for a trained network; the message is a sentence that says why."""


def read_weights(data: bytes) -> dict[str, Array]:
    """The arrays of an `.npz` file by name, as float64.

    Raises
    ------
    Unusable : no zip, too much of anything, or an array of something else than numbers.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> np.savez(file, W1=np.zeros((4, 3)), b1=np.zeros(3))
    >>> {name: array.shape for name, array in read_weights(file.getvalue()).items()}
    {'W1': (4, 3), 'b1': (3,)}
    """
    if len(data) > MAX_BYTES:
        raise Unusable(f"`{FILE}` has more than {MAX_BYTES // MIB} MiB.")
    archive = read_archive(data, FILE, _BOUNDS)
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
            raise Unusable(f"`{FILE}` unpacks to more than {MAX_BYTES // MIB} MiB.")
        name = path.removesuffix(".npy")
        arrays[name] = _array(shown(name), content)
    if not arrays:
        raise Unusable(f"`{FILE}` holds no arrays.")
    return arrays


def network_parameters(
    arrays: Mapping[str, Array], sizes: Sequence[int | None] | None = None, *, ends: tuple[int, int]
) -> dict[str, Array]:
    """W1, b1, ... of affine layers that fit each other: W (inputs, outputs) and b (outputs,).

    Parameters
    ----------
    arrays : as `read_weights` gives them; biases may be rows or columns.
    sizes : the units of every layer from inputs to classes, where they are prescribed.
    ends : the number of inputs and of classes.

    Raises
    ------
    Unusable : other names, shapes that do not fit, numbers that are not finite, too large.

    Examples
    --------
    >>> arrays = {"W1": np.zeros((4, 3)), "b1": np.zeros((1, 3))}
    >>> network_parameters(arrays, ends=(4, 3))["b1"].shape
    (3,)
    >>> network_parameters(arrays, ends=(4, 10))
    Traceback (most recent call last):
    autograder.judging.weights.Unusable: `weights.npz` gives 3 scores; there are 10
    classes.
    """
    layers = range(1, len(arrays) // 2 + 1)
    names = [f"{kind}{layer}" for layer in layers for kind in "Wb"]
    if not names or arrays.keys() != set(names):
        raise Unusable(
            f"`{FILE}` holds {_listed(sorted(arrays))}; expected W1, b1, W2, b2 and so on."
        )
    widths = _widths(arrays, len(layers), ends)
    if sizes is not None and widths != list(sizes):
        raise Unusable(f"`{FILE}` holds the network {_dashed(widths)}; expected {_dashed(sizes)}.")
    for name in names:
        if not np.isfinite(arrays[name]).all():
            raise Unusable(f"`{name}` in `{FILE}` holds NaN or infinity.")
    return {n: arrays[n] if n.startswith("W") else arrays[n].reshape(-1) for n in names}


def _widths(arrays: Mapping[str, Array], layers: int, ends: tuple[int, int]) -> list[int]:
    """The units of every layer, from inputs to classes, once all shapes fit."""
    widths = [ends[0]]
    for layer in range(1, layers + 1):
        weights, biases = arrays[f"W{layer}"], arrays[f"b{layer}"]
        wanted = f"({widths[-1]}, {ends[1] if layer == layers else 'units'})"
        if weights.ndim != 2 or len(weights) != widths[-1]:
            raise Unusable(f"`W{layer}` in `{FILE}` has shape {weights.shape}; expected {wanted}.")
        widths.append(weights.shape[1])
        if biases.size != widths[-1]:
            raise Unusable(
                f"`b{layer}` in `{FILE}` has shape {biases.shape}; expected ({widths[-1]},)."
            )
    if widths[-1] != ends[1]:
        raise Unusable(f"`{FILE}` gives {widths[-1]} scores; there are {ends[1]} classes.")
    if max(widths[1:]) > MAX_UNITS or sum(a * b for a, b in pairwise(widths)) > MAX_VALUES:
        raise Unusable(
            f"`{FILE}` holds the network {_dashed(widths)}; up to {MAX_UNITS} units in a layer "
            f"and {MAX_VALUES:,} weights are read."
        )
    return widths


def _array(name: str, content: bytes) -> Array:
    """One member, in the format NPY 1.0 or 2.0 (`numpy.lib.format`)."""
    header, start = _header(name, content)
    match = _HEADER.fullmatch(header)
    if match is None:
        raise Unusable(f"`{name}` in `{FILE}` does not begin as an array does.")
    if not _PLAIN.fullmatch(match["dtype"]):
        raise Unusable(
            f"`{name}` in `{FILE}` is an array of type {match['dtype']!r}; only plain numbers "
            "are read, and nothing that would have to be unpickled."
        )
    dtype = np.dtype(match["dtype"])
    shape = tuple(int(size) for size in match["shape"].split(",") if size.strip())
    count = math.prod(shape)
    if count > MAX_VALUES or len(shape) > 4:
        raise Unusable(f"`{name}` in `{FILE}` has shape {shape}; that is too large.")
    if len(content) - start != count * dtype.itemsize:
        raise Unusable(
            f"`{name}` in `{FILE}` has {len(content) - start} bytes; its shape {shape} and type "
            f"{match['dtype']!r} need {count * dtype.itemsize}."
        )
    flat = np.frombuffer(content, dtype=dtype, offset=start).astype(np.float64)
    return flat.reshape(shape, order="F" if match["fortran"] == "True" else "C")


def _header(name: str, content: bytes) -> tuple[str, int]:
    """The text that describes the array, and where its numbers begin."""
    width = {1: 2, 2: 4}.get(content[6] if len(content) > 12 else 0, 0)
    if not content.startswith(_MAGIC) or not width:
        raise Unusable(f"`{name}` in `{FILE}` does not begin as an array does.")
    length = int.from_bytes(content[8 : 8 + width], "little")
    if length > _MAX_HEADER:
        raise Unusable(f"`{name}` in `{FILE}` has a header of {length} bytes.")
    start = 8 + width + length
    return content[8 + width : start].decode("latin-1"), start


def _dashed(sizes: Sequence[int | None]) -> str:
    return "-".join(map(str, sizes))


def _listed(names: Sequence[str]) -> str:
    first = ", ".join(shown(name) for name in names[:6])
    return f"{first} and {len(names) - 6} more" if len(names) > 6 else first
