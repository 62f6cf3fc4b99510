"""The smallest whole numbers on which an answer is visibly wrong. Knows no explanation."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..reading import nodes as n
from ..reading.declarations import Declarations
from ..reading.errors import MathematicsError
from ..reading.render import plain_name
from .arrays import Array
from .bank import completed
from .draws import Special
from .instances import Instance, all_sizes, draw_values, size_choices
from .outcomes import Case, Trial

TRIES = 4


def whole_number_instances(plain: Mapping[str, Any], declared: Declarations) -> list[Instance]:
    """Small instances whose given symbols hold whole numbers from -2 to 3."""
    rng = np.random.default_rng(zlib.crc32(f"{plain.get('id', '')} whole".encode()))
    made: list[Instance] = []
    for regime in declared.regimes:
        choices = size_choices(declared, regime, 1)
        if not choices:
            continue
        sizes = all_sizes(declared, min(choices, key=lambda s: (sum(s.values()), *s.values())))
        for _ in range(TRIES):
            values = draw_values(
                plain, declared, sizes, rng, draws=1, special=Special(), varied=None
            )
            whole = {name: _whole(plain, name, value, rng) for name, value in values.items()}
            instance = Instance(declared, regime, "whole", sizes, whole)
            made.append(_consistent(plain, instance))
    return made


def _whole(plain: Mapping[str, Any], name: str, value: Array, rng: np.random.Generator) -> Array:
    symbol = plain.get("symbols", {}).get(name)
    if symbol is None or set(symbol.get("props", [])) - {"full_rank"}:
        return value
    if "scalar" in symbol:
        return rng.choice(symbol.get("example", [1, 2, 3]), value.shape).astype(float)
    for _ in range(TRIES):
        whole = rng.integers(-2, 4, value.shape).astype(float)
        if not symbol.get("props") or np.linalg.matrix_rank(whole[0]) == min(whole.shape[1:]):
            return whole
    return value


def _consistent(plain: Mapping[str, Any], instance: Instance) -> Instance:
    if "svd" in plain:
        u, s, v = plain["svd"]["names"]
        matrix = instance.values[plain["svd"]["of"]]
        left, values, right = np.linalg.svd(matrix)
        middle = np.zeros(matrix.shape)
        places = np.arange(values.shape[1])
        middle[:, places, places] = values
        parts = {u: left, s: middle, v: np.swapaxes(right, 1, 2)}
        instance = instance.with_values(parts)
    return completed(plain, instance)


def counterexample(node: n.Node, trial: Trial, cases: Sequence[Case], names: Sequence[str]) -> str:
    """A sentence with the smallest example in the given symbols, "" where none differs."""
    fits = trial.fits(node)
    for case in cases:
        fit = fits.get(case.instance.regime.name)
        if fit is None or isinstance(fit, MathematicsError):
            continue
        outcome = trial.outcome(case, fit)
        if outcome.value is None or outcome.distance < 1e-2:
            continue
        given = _given(case.instance, names)
        if given:
            mine, right = shown(outcome.value[0]), shown(case.reference[0])
            return f"Example: {given}. Yours gives {mine}, right is {right}."
    return ""


def _given(instance: Instance, names: Sequence[str]) -> str:
    """The given symbols with their values, "" unless all hold few whole numbers."""
    parts = []
    for name in names:
        value = instance.values.get(name)
        if value is None or value.size > 9 or np.any(value != np.rint(value)):
            return ""
        parts.append(f"{plain_name(name)} = {shown(value[0])}")
    return ", ".join(parts)


def shown(value: Array) -> str:
    """A small array in one line, numbers to four digits.

    >>> shown(np.array([[1.0], [2.5]]))
    '[1, 2.5]'
    """
    if value.shape == (1, 1):
        return _number(float(value[0, 0]))
    if value.shape[1] == 1:
        return "[" + ", ".join(_number(float(v)) for v in value[:, 0]) + "]"
    return (
        "["
        + ", ".join(
            shown(row[:, None]) if row.size > 1 else f"[{_number(float(row[0]))}]" for row in value
        )
        + "]"
    )


def _number(value: float) -> str:
    text = f"{value:.4g}"
    return "0" if text == "-0" else text
