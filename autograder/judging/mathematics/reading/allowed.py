"""Which symbols and operations an answer may use, and how long it may be. Knows no values."""

from __future__ import annotations

from collections.abc import Iterator

from . import nodes as n
from .declarations import OPERATIONS, Declarations
from .errors import ForbiddenOperation, ForbiddenSymbol, TooLarge
from .render import plain, plain_name

OPERATION_TYPES: dict[str, type] = {
    "inverse": n.Inverse, "pseudo_inverse": n.PseudoInverse, "transpose": n.Transpose,
    "sum": n.Sum, "diag": n.Diagonal, "block": n.Block, "norm": n.Norm, "call": n.FunctionCall,
}  # fmt: skip


def check_allowed(node: n.Node, declared: Declarations) -> None:
    """Raise `ForbiddenSymbol`, `ForbiddenOperation` or `TooLarge` where an answer goes too far."""
    parts = list(n.walk(node))
    if len(parts) > declared.max_nodes:
        raise TooLarge(
            f"This answer has {len(parts)} parts; the simplified one needs at most "
            f"{declared.max_nodes}.",
            help="Multiply out or cancel, as in A A^{-1} = I.",
            start=node.start,
            end=node.end,
        )
    for part in parts:
        _check_name(part, declared)
        for name in declared.forbid & set(OPERATIONS):
            if isinstance(part, OPERATION_TYPES[name]):
                raise ForbiddenOperation(
                    f"{plain(part)}: this answer should do without {name.replace('_', '-')}.",
                    help="Look for a form without it; the question says what is wanted.",
                    start=part.start,
                    end=part.end,
                )


def _check_name(part: n.Node, declared: Declarations) -> None:
    if not isinstance(part, (n.Symbol, n.Element, n.Dimension)):
        return
    names = list(_names(part, declared))
    barred = any(name in declared.forbid for name in names)
    outside = declared.allow is not None and not any(name in declared.allow for name in names)
    if barred or (outside and not isinstance(part, n.Dimension)):
        allowed = ", ".join(plain_name(name) for name in sorted(declared.allow or []))
        raise ForbiddenSymbol(
            f"{plain(part)} should not appear in this answer.",
            help=f"Express it by {allowed}." if allowed else "Express it by other symbols.",
            start=part.start,
            end=part.end,
        )


def _names(part: n.Symbol | n.Element | n.Dimension, declared: Declarations) -> Iterator[str]:
    yield part.name
    family = declared.families.get(part.name) if isinstance(part, n.Element) else None
    if family is not None:
        yield f"{part.name}_i"
        yield family.of
