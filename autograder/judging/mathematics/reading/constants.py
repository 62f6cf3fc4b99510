"""The value of an expression without symbols. Knows no question and no data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from . import nodes as n

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sqrt": math.sqrt, "exp": math.exp, "log": math.log, "floor": math.floor,
    "ceil": math.ceil, "abs": abs, "sin": math.sin, "cos": math.cos, "tanh": math.tanh,
}  # fmt: skip
CLOSE = 1e-9
NONE: Mapping[str, float] = MappingProxyType({})


def constant_value(node: n.Node, numbers: Mapping[str, float] = NONE) -> float | None:
    """The number that an expression stands for; None where it has no value.

    `numbers` are the values of symbols; with others it has none.

    >>> constant_value(n.Divide(n.Number(1.0), n.Number(4.0)))
    0.25
    """
    try:
        value = _value(node, numbers)
    except (ArithmeticError, ValueError, TypeError):
        return None
    return value if value is None or math.isfinite(value) else None


def _value(node: n.Node, numbers: Mapping[str, float]) -> float | None:
    if isinstance(node, n.Number):
        return node.value
    if isinstance(node, n.Symbol):
        return numbers.get(node.name)
    parts = [_value(child, numbers) for child in n.children(node)]
    known = [part for part in parts if part is not None]
    return _combined(node, known) if len(known) == len(parts) else None


def _combined(node: n.Node, parts: list[float]) -> float | None:
    match node:
        case n.Negate():
            return -parts[0]
        case n.Inverse():
            return 1 / parts[0]
        case n.Add():
            return math.fsum(parts)
        case n.Multiply() | n.Dot():
            return math.prod(parts)
        case n.Divide():
            return parts[0] / parts[1]
        case n.Power():
            return float(parts[0] ** parts[1])
        case n.FunctionCall(function=name) if name in FUNCTIONS and len(parts) == 1:
            return float(FUNCTIONS[name](parts[0]))
    return None


def same(one: n.Node, other: n.Node) -> bool:
    """Whether two expressions are written alike or are the same number."""
    if one == other:
        return True
    a, b = constant_value(one), constant_value(other)
    return a is not None and b is not None and math.isclose(a, b, rel_tol=CLOSE, abs_tol=CLOSE)
