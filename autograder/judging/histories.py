"""Logs that a student saved: histories of a training, in `.npz`, `.npy`, `.json` or `.csv`.

A log is read as data alone: nothing is unpickled, nothing evaluated, and none of the student's code
runs. It says what the student's training gave, if nobody has edited it; so use it for a comparison
with what the code gives, or to draw it, and not as proof. Knows no assignment.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import PurePosixPath

import numpy as np

from autograder.submission.model import MIB
from autograder.submission.trees import shown

from .plain_arrays import MAX_MEMBERS, MAX_VALUES, Array, Unusable, expect_small, read_npy, read_npz

MAX_TEXT = 4 * MIB  # text takes many times its size while it is read
_KINDS = (".npz", ".npy", ".json", ".csv")


def read_history(data: bytes, path: str) -> dict[str, Array]:
    """The numbers of a log by name, each an array of float64.

    ======  =======================================================================
    file    names
    ======  =======================================================================
    .npz    those of its arrays
    .npy    the file's own, without its ending
    .json   the keys of an object of lists; of a single list, the file's own
    .csv    the first line; each column is one array
    ======  =======================================================================

    Parameters
    ----------
    path : where it was handed in, as in ``handed_in(student).files``.

    Raises
    ------
    Unusable : another kind of file, a damaged one, too large, or something else than numbers.

    Examples
    --------
    >>> read_history(b'{"loss": [2.3, 1.1], "seconds": 4}', "logs/first.json")
    {'loss': array([2.3, 1.1]), 'seconds': array(4.)}
    >>> read_history(b"epoch,loss\\n0,2.5\\n1,1.5\\n", "first.csv")["loss"]
    array([2.5, 1.5])
    >>> read_history(b"\\x80\\x04.", "first.pkl")
    Traceback (most recent call last):
    autograder.judging.plain_arrays.Unusable: `first.pkl` is not read as a log; save it as .npz,
    .npy, .json or .csv.
    """
    place = PurePosixPath(path)
    file, kind = shown(path), place.suffix.lower()
    if kind == ".npz":
        return read_npz(data, file)
    if kind == ".npy":
        return {place.stem: read_npy(data, file)}
    if kind not in _KINDS:
        raise Unusable(f"`{file}` is not read as a log; save it as .npz, .npy, .json or .csv.")
    expect_small(data, file, most=MAX_TEXT)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(f"`{file}` is not UTF-8 text.") from error
    return _from_json(text, place.stem, file) if kind == ".json" else _from_csv(text, file)


def _from_json(text: str, stem: str, file: str) -> dict[str, Array]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"`{file}` is not JSON.") from error
    content = content if isinstance(content, dict) else {stem: content}
    if len(content) > MAX_MEMBERS:
        raise Unusable(f"`{file}` holds more than {MAX_MEMBERS} histories.")
    return {
        name: _numbers(values, f"`{shown(name)}` in `{file}`") for name, values in content.items()
    }


def _from_csv(text: str, file: str) -> dict[str, Array]:
    try:
        rows = [row for row in csv.reader(text.splitlines()) if row]
    except csv.Error as error:
        raise Unusable(f"`{file}` is not CSV.") from error
    if not rows or len(set(rows[0])) < len(rows[0]) or len(rows[0]) > MAX_MEMBERS:
        raise Unusable(
            f"`{file}` does not begin with a line of up to {MAX_MEMBERS} different names."
        )
    names, values = rows[0], rows[1:]
    odd = next((row for row in values if len(row) != len(names)), None)
    if odd is not None:
        raise Unusable(f"`{file}` has {len(names)} names and a line with {len(odd)} values.")
    columns = zip(*values, strict=True) if values else ((),) * len(names)
    return {
        name.strip(): _numbers(list(map(_number, column)), f"`{shown(name)}` in `{file}`")
        for name, column in zip(names, columns, strict=True)
    }


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _numbers(values: object, name: str) -> Array:
    """A number, a list of numbers, or rows of equal length, as an array."""
    flat = list(values) if isinstance(values, list) else [values]
    rows: Iterable[object] = flat
    if any(isinstance(row, list) for row in flat):
        rows = [entry for row in flat for entry in (row if isinstance(row, list) else [row])]
    if any(isinstance(entry, bool) or not isinstance(entry, int | float) for entry in rows):
        raise Unusable(f"{name} holds something else than numbers.")
    try:
        array = np.array(values, dtype=np.float64)
    except (ValueError, OverflowError) as error:
        raise Unusable(f"{name} has rows of unequal length, or numbers too large.") from error
    if array.size > MAX_VALUES:
        raise Unusable(f"{name} has {array.size} values; that is too large.")
    return array
