"""Inequalities of 2x + 1 as such of x. Knows names, and no interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .constants import CLOSE, constant_value
from .declarations import Declarations
from .errors import MathematicsError
from .grammar import expression
from .numerals import numerals
from .tokens import Token

TRIED = (0.7, 1.9, -2.3)  # no solutions of an equation that somebody would write


@dataclass(frozen=True, slots=True)
class StraightLine:
    """slope x + offset, and the token that stands for x."""

    unknown: Token
    slope: float
    offset: float


def line_of(tokens: Sequence[Token], text: str, declared: Declarations) -> StraightLine | None:
    """The line that a side is in the quantity that is asked for.

    None for this quantity alone, for any other side, and where a slope has symbols.
    """
    unknown = next((t for t in tokens if t.text in declared.unknowns), None)
    given = any(t.text in declared.numbers for t in tokens)
    if unknown is None or len(tokens) < 2 or given:
        return None
    values = [_value_at(x, unknown.text, tokens, text, declared) for x in TRIED]
    known = [value for value in values if value is not None]
    if len(known) < len(TRIED):
        return None
    slope = (known[1] - known[0]) / (TRIED[1] - TRIED[0])
    offset = known[0] - slope * TRIED[0]
    straight = math.isclose(slope * TRIED[2] + offset, known[2], rel_tol=CLOSE, abs_tol=CLOSE)
    return StraightLine(unknown, slope, offset) if straight and slope else None


def _value_at(
    x: float, name: str, tokens: Sequence[Token], text: str, declared: Declarations
) -> float | None:
    asked = replace(declared, numbers={**declared.numbers, name: x})
    try:
        return constant_value(expression(numerals(tokens, text), asked), asked.numbers)
    except MathematicsError:
        return None
