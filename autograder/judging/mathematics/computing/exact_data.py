"""The data of a question in a hundred digits, and consistent in all of them. Knows no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from .arrays import Array
from .bank import completed
from .instances import Instance
from .precise import precise
from .precise_algebra import each, orthonormal


def exact_instance(plain: Mapping[str, Any], instance: Instance) -> Instance:
    """The data in a hundred digits, with what is declared of them true to as many."""
    values = {name: precise(value) for name, value in instance.values.items()}
    for name, symbol in plain.get("symbols", {}).items():
        for prop in symbol.get("props", []):
            values[name] = _made_true(prop, values[name])
    if "svd" in plain:
        u, s, v = plain["svd"]["names"]
        values[u], values[v] = each(orthonormal, values[u]), each(orthonormal, values[v])
        values[plain["svd"]["of"]] = values[u] @ values[s] @ np.swapaxes(values[v], 1, 2)
    return completed(plain, replace(instance, values=values, exact=True))


def _made_true(prop: str, value: Array) -> Array:
    if prop in {"orthogonal", "orthonormal_cols"}:
        return each(orthonormal, value)
    if prop in {"symmetric", "spd", "psd"}:
        return np.asarray((value + np.swapaxes(value, 1, 2)) / 2)
    if prop == "centered_cols":
        return np.asarray(value - value.sum(axis=1, keepdims=True) / value.shape[1])
    if prop == "centered_rows":
        return np.asarray(value - value.sum(axis=2, keepdims=True) / value.shape[2])
    return value
