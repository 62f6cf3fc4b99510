"""Numbers that stand for the symbols in the ends of an interval, as in (0, 2/L). No question.

Two ends are the same where they are the same number on each of a few draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .declarations import Declarations

DRAWS = 4
STEP = 0.618034
RANGES = {"unit": (0.1, 0.9), "integer": (2.0, 9.0)}
SCALE = (0.3, 2.3)


def with_numbers(declared: Declarations, symbols: Mapping[str, Any], draw: int) -> Declarations:
    """The question with a number for each scalar that is given and not asked for."""
    given = {
        name: str(symbol["scalar"])
        for name, symbol in symbols.items()
        if "scalar" in symbol and name not in declared.unknowns
    }
    numbers = {name: _number(kind, at, draw) for at, (name, kind) in enumerate(given.items())}
    return replace(declared, numbers=numbers)


def _number(kind: str, place: int, draw: int) -> float:
    low, high = RANGES.get(kind, SCALE)
    value = low + (high - low) * ((STEP * (1 + draw + DRAWS * place)) % 1.0)
    if kind == "integer":
        return float(round(value))
    return -value if kind == "real" and draw % 2 else value
