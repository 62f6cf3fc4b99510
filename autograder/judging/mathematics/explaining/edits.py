"""All expressions one small change away from a given one. Knows declarations, no values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..reading import nodes as n
from ..reading.declarations import Declarations
from ..reading.render import plain

MATRICES = (n.Symbol, n.Add, n.Multiply, n.Diagonal, n.Element, n.Block)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: its short name, what it does in words, and the expression after it.

    `about` is the symbol that the change is about, where the name does not say enough.
    """

    name: str
    words: str
    node: n.Node
    about: str = ""

    @property
    def hint(self) -> str:
        """Where to look for it, without saying what it is."""
        return f"Look at how {self.about} comes in." if self.about else HINTS.get(self.name, "")


HINTS = {
    "sign": "Look at the signs.",
    "square": "Look at the powers: one square is missing, or there is one too many.",
    "transpose": "Look at the transposes.",
    "inverse_missing": "Look at the inverses: one is missing.",
    "inverse_extra": "Look at the inverses: there is one too many.",
    "inverse_for_transpose": "Look at the transposes: one of them should be something else.",
    "pseudo_inverse": "Look at the inverses and transposes: one should be a pseudo-inverse.",
    "order": "Look at the order of the factors.",
    "numerator": "Look at the numerator.",
    "size": "Look at the sizes, and at how far the sums run.",
    "number": "Look at the constant factors.",
    "term": "Look at the terms of each sum: there is one too many.",
    "factor": "Look at the factors: there is one too many.",
    "symbol": "Look at the symbols: one stands in another's place.",
}


def edits(node: n.Node, declared: Declarations) -> Iterator[Edit]:
    """The neighbours of an expression, the likeliest slips first."""
    everything = [
        replace(change, node=_put(node, path, change.node))
        for path, part in _paths(node, ())
        for change in _changes(part, declared, path)
    ]
    order = {name: place for place, name in enumerate(ORDER)}
    yield from sorted(everything, key=lambda edit: order[edit.name])


ORDER = (
    "identity", "inverse_for_transpose", "transpose", "inverse_extra", "inverse_missing", "sign",
    "square", "numerator", "pseudo_inverse", "lambda", "order", "size", "number", "term", "factor",
    "symbol",
)  # fmt: skip

Path = tuple[int, ...]


def _paths(node: n.Node, path: Path) -> Iterator[tuple[Path, n.Node]]:
    yield path, node
    for place, child in enumerate(n.children(node)):
        yield from _paths(child, (*path, place))


def _put(node: n.Node, path: Path, new: n.Node) -> n.Node:
    if not path:
        return new
    inside = list(n.children(node))
    inside[path[0]] = _put(inside[path[0]], path[1:], new)
    return n.with_children(node, inside)


def _changes(part: n.Node, declared: Declarations, path: Path) -> Iterator[Edit]:
    rule: Callable[[Any, Declarations], Iterator[Edit]] | None = _RULES.get(type(part))
    if rule is not None and (path or not isinstance(part, n.Number)):
        yield from rule(part, declared)
    if isinstance(part, MATRICES) and not _is_number(part, declared):
        shown = plain(part)
        yield Edit("inverse_missing", f"with ⁻¹ on {shown}", n.Inverse(part))
        yield Edit("transpose", f"with ᵀ on {shown}", n.Transpose(part))
        yield Edit("pseudo_inverse", f"with ⁺ on {shown}", n.PseudoInverse(part))


def _is_number(part: n.Node, declared: Declarations) -> bool:
    if isinstance(part, n.Symbol):
        return declared.shapes.get(part.name) == ("1", "1")
    family = declared.families.get(part.name) if isinstance(part, n.Element) else None
    return isinstance(part, n.Element) and (
        family is None or family.takes in {"entries", "diagonal"}
    )


def _inverse(part: n.Inverse, declared: Declarations) -> Iterator[Edit]:
    shown = plain(part.of)
    if _is_number(part.of, declared):
        yield Edit("inverse_extra", f"with {shown} in place of {shown}⁻¹", part.of)
        return
    yield Edit("inverse_extra", f"without ⁻¹ on {shown}", part.of)
    yield Edit("pseudo_inverse", f"with ⁺ instead of ⁻¹ on {shown}", n.PseudoInverse(part.of))
    yield Edit("transpose", f"with ᵀ instead of ⁻¹ on {shown}", n.Transpose(part.of))


def _transpose(part: n.Transpose, _: Declarations) -> Iterator[Edit]:
    shown = plain(part.of)
    yield Edit("inverse_for_transpose", f"with ⁻¹ instead of ᵀ on {shown}", n.Inverse(part.of))
    yield Edit("transpose", f"without ᵀ on {shown}", part.of)
    yield Edit("pseudo_inverse", f"with ⁺ instead of ᵀ on {shown}", n.PseudoInverse(part.of))


def _pseudo(part: n.PseudoInverse, _: Declarations) -> Iterator[Edit]:
    shown = plain(part.of)
    yield Edit("pseudo_inverse", f"with ᵀ instead of ⁺ on {shown}", n.Transpose(part.of))
    yield Edit("pseudo_inverse", f"without ⁺ on {shown}", part.of)


def _add(part: n.Add, declared: Declarations) -> Iterator[Edit]:
    for place, term in enumerate(part.terms):
        others = part.terms[:place] + part.terms[place + 1 :]
        negative = isinstance(term, n.Negate)
        flipped = term.of if isinstance(term, n.Negate) else n.Negate(term)
        shown = plain(term.of if isinstance(term, n.Negate) else term)
        yield Edit(
            "sign",
            f"with {'+' if negative else '-'} in front of {shown}",
            _with(part, place, flipped),
        )
        rest = others[0] if len(others) == 1 else replace(part, terms=others)
        yield Edit("term", f"without the term {shown}", rest)
        twice = n.Multiply((n.Number(2.0), term))
        yield Edit("number", f"with 2 times {shown}", _with(part, place, twice))
        identity = n.Multiply((term, n.Constant("identity")))
        yield Edit("identity", f"with the identity on {shown}", _with(part, place, identity))


def _with(part: n.Add, place: int, term: n.Node) -> n.Node:
    return replace(part, terms=(*part.terms[:place], term, *part.terms[place + 1 :]))


def _multiply(part: n.Multiply, _: Declarations) -> Iterator[Edit]:
    factors = part.factors
    for place in range(len(factors) - 1):
        swapped = (*factors[:place], factors[place + 1], factors[place], *factors[place + 2 :])
        shown = f"{plain(factors[place + 1])} {plain(factors[place])}"
        yield Edit("order", f"with the order {shown}", replace(part, factors=swapped))
    for place, factor in enumerate(factors):
        rest = factors[:place] + factors[place + 1 :]
        node = rest[0] if len(rest) == 1 else replace(part, factors=rest)
        yield Edit("factor", f"without the factor {plain(factor)}", node)


def _symbol(part: n.Symbol, declared: Declarations) -> Iterator[Edit]:
    shown = plain(part)
    shape = declared.shapes.get(part.name, ("", ""))
    if shape == ("1", "1"):
        two = n.Number(2.0)
        yield Edit("lambda", f"with √{shown} in place of {shown}", _root(part), shown)
        yield Edit("lambda", f"with {shown}² in place of {shown}", n.Power(part, two), shown)
        for dim in declared.dims:
            size = n.Dimension(dim)
            times, over = n.Multiply((size, part)), n.Divide(part, size)
            yield Edit("lambda", f"with {dim}{shown} in place of {shown}", times, shown)
            yield Edit("lambda", f"with {shown}/{dim} in place of {shown}", over, shown)
    allowed = declared.allow
    for name, other in declared.shapes.items():
        if other == shape and name != part.name and (allowed is None or name in allowed):
            new = n.Symbol(name)
            yield Edit("symbol", f"with {plain(new)} in place of {shown}", new)


def _root(part: n.Node) -> n.Node:
    return n.FunctionCall("sqrt", (part,))


def _element(part: n.Element, declared: Declarations) -> Iterator[Edit]:
    if _is_number(part, declared):
        shown = plain(part)
        yield Edit("square", f"with {shown}² in place of {shown}", n.Power(part, n.Number(2.0)))


def _power(part: n.Power, _: Declarations) -> Iterator[Edit]:
    if part.exponent == n.Number(2.0):
        shown = plain(part.base)
        yield Edit("square", f"with {shown} in place of {plain(part)}", part.base)


def _divide(part: n.Divide, _: Declarations) -> Iterator[Edit]:
    if part.top != n.Number(1.0):
        yield Edit(
            "numerator",
            f"with 1 in place of the numerator {plain(part.top)}",
            replace(part, top=n.Number(1.0)),
        )


def _norm(part: n.Norm, _: Declarations) -> Iterator[Edit]:
    squared = n.Power(part, n.Number(2.0))
    yield Edit("square", f"with a square on {plain(part)}", squared)


def _call(part: n.FunctionCall, _: Declarations) -> Iterator[Edit]:
    if part.function == "sqrt":
        inside = part.arguments[0]
        yield Edit("lambda", f"with {plain(inside)} in place of its root", inside, plain(inside))


def _dimension(part: n.Dimension, declared: Declarations) -> Iterator[Edit]:
    for name in (*declared.dims, *declared.minima):
        if name != part.name:
            yield Edit("size", f"with {name} in place of {part.name}", n.Dimension(name))


def _number(part: n.Number, _: Declarations) -> Iterator[Edit]:
    for value in (1.0, 2.0, 0.5):
        if value != part.value:
            new = n.Number(value)
            yield Edit("number", f"with {plain(new)} in place of {plain(part)}", new)


_RULES: dict[type, Callable[[Any, Declarations], Iterator[Edit]]] = {
    n.Inverse: _inverse, n.Transpose: _transpose, n.PseudoInverse: _pseudo, n.Add: _add,
    n.Multiply: _multiply, n.Symbol: _symbol, n.Element: _element, n.Power: _power,
    n.Norm: _norm, n.FunctionCall: _call, n.Dimension: _dimension, n.Number: _number,
    n.Divide: _divide,
}  # fmt: skip
