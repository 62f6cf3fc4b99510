"""Weights that a student saved: which network they are. Knows no assignment and no threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from autograder.submission.trees import shown

from .plain_arrays import MAX_VALUES, Array, Unusable, read_npz

FILE = "weights.npz"
MAX_UNITS = 4096  # in a layer, so that the scores of a batch need little memory


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
    return read_npz(data, FILE)


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
    autograder.judging.plain_arrays.Unusable: `weights.npz` gives 3 scores; there are 10
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


def _dashed(sizes: Sequence[int | None]) -> str:
    return "-".join(map(str, sizes))


def _listed(names: Sequence[str]) -> str:
    first = ", ".join(shown(name) for name in names[:6])
    return f"{first} and {len(names) - 6} more" if len(names) > 6 else first
