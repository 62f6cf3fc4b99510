"""Numbers of a hundred digits that NumPy computes with in arrays of objects. Knows no expression.

Python's own decimal numbers, which mix with floats: a float counts as exactly what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from typing import Any

import numpy as np

from .arrays import Array

DIGITS = 120  # twenty more than are relied upon
MAX_EXPONENT = 1e6
_CONTEXT = Context(prec=DIGITS, traps=[])

Number = Any  # Precise, Decimal, float or int


class NoExactValueError(Exception):
    """Something that is not computed in a hundred digits."""


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if not abs(float(exponent)) < MAX_EXPONENT:
        raise NoExactValueError("a large power")
    return _CONTEXT.power(base, exponent)


def _binary(operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Precise, Number], Any]:
    """A method out of an operation; arrays take the number for one of their own entries."""

    def method(self: Precise, other: Number) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return Precise(operation(self.value, _decimal(other)))

    return method


class Precise:
    """One number. Functions that NumPy calls by name, such as `sqrt`, are methods."""

    __slots__ = ("value",)

    def __init__(self, value: Number) -> None:
        self.value = value if isinstance(value, Decimal) else _decimal(value)

    __add__ = __radd__ = _binary(_CONTEXT.add)
    __mul__ = __rmul__ = _binary(_CONTEXT.multiply)
    __sub__ = _binary(_CONTEXT.subtract)
    __rsub__ = _binary(lambda mine, other: _CONTEXT.subtract(other, mine))
    __truediv__ = _binary(_CONTEXT.divide)
    __rtruediv__ = _binary(lambda mine, other: _CONTEXT.divide(other, mine))
    __pow__ = _binary(_power)
    __rpow__ = _binary(lambda mine, other: _power(other, mine))

    def __neg__(self) -> Precise:
        return Precise(_CONTEXT.minus(self.value))

    def __abs__(self) -> Precise:
        return Precise(_CONTEXT.abs(self.value))

    def __float__(self) -> float:
        return float(self.value)

    # Compared are thresholds and sizes, for which a float is close enough.

    def __lt__(self, other: Number) -> bool:
        return float(self) < float(other)

    def __le__(self, other: Number) -> bool:
        return float(self) <= float(other)

    def __gt__(self, other: Number) -> bool:
        return float(self) > float(other)

    def __ge__(self, other: Number) -> bool:
        return float(self) >= float(other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Precise | float | int) and float(self) == float(other)

    def __hash__(self) -> int:
        return hash(float(self))

    def sqrt(self) -> Precise:
        """The square root."""
        return Precise(_CONTEXT.sqrt(self.value))

    def exp(self) -> Precise:
        """The exponential."""
        return Precise(_CONTEXT.exp(self.value))

    def log(self) -> Precise:
        """The natural logarithm."""
        return Precise(_CONTEXT.ln(self.value))

    def tanh(self) -> Precise:
        """The hyperbolic tangent."""
        doubled = (self * 2).exp()
        return Precise(1 - 2 / (doubled + 1))

    def cosh(self) -> Precise:
        """The hyperbolic cosine."""
        return Precise((self.exp() + (-self).exp()) * 0.5)

    def sinh(self) -> Precise:
        """The hyperbolic sine."""
        return Precise((self.exp() - (-self).exp()) * 0.5)

    def rint(self) -> float:
        """The nearest whole number."""
        return float(np.rint(float(self)))


def _decimal(number: Number) -> Decimal:
    if isinstance(number, Precise):
        return number.value
    return _CONTEXT.create_decimal(number if isinstance(number, int) else float(number))


def precise(values: Array) -> Array:
    """An array of the same numbers as `Precise`."""
    made = np.empty(values.shape, dtype=object)
    for place, value in np.ndenumerate(values):
        made[place] = value if isinstance(value, Precise) else Precise(float(value))
    return made


def rough(values: Array) -> Array:
    """An array of floats again."""
    return values.astype(float)


def is_precise(values: Array) -> bool:
    """Whether an array holds `Precise` numbers."""
    return values.dtype == object
