"""What the dots of a_1, ..., a_d and of a_1 + ... + a_d stand for. Knows expressions, no shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import nodes as n
from .context import Context
from .errors import Unreadable


def written_out(items: list[n.Node]) -> tuple[n.Node, ...]:
    """A list with its dots replaced by what they stand for."""
    places = [k for k, item in enumerate(items) if isinstance(item, n.Dots)]
    if not places:
        return tuple(items)
    if len(places) > 1 or places[0] == 0 or places[0] == len(items) - 1:
        raise _unclear_dots(items)
    sequence = between_dots(items[0], items[-1], items[1 : places[0]])
    if sequence is None:
        raise _unclear_dots(items)
    return (sequence,)


def summed_up(terms: list[n.Node], context: Context) -> list[n.Node]:
    """Terms with a_1 + ... + a_d as one sum."""
    return _up(terms, context, "sum")


def multiplied_up(factors: list[n.Node], context: Context) -> list[n.Node]:
    """Factors with a_1 ... a_d as one product; dots that stand alone are left as they are."""
    return _up(factors, context, "prod") if len(factors) > 2 else factors


def _up(items: list[n.Node], context: Context, kind: str) -> list[n.Node]:
    places = [k for k, item in enumerate(items) if isinstance(item, n.Dots)]
    if not places or len(items) == 1:
        return items
    if len(places) > 1 or places[0] in {0, len(items) - 1}:
        raise _unclear_dots(items)
    (at,) = places
    zero = n.Number(0.0)
    if kind == "sum" and items[at - 1] == items[at + 1] == zero:  # 0 + ... + 0, however often
        return [*items[: at - 1], *items[at + 1 :]]
    for first in range(at):
        found = between_dots(items[first], items[at + 1], items[first + 1 : at])
        if found is not None and _is_last(found.upper):
            if first and between_dots(items[first - 1], items[at + 1], []) is not None:
                raise _unclear_dots(items)  # a_1 + a_3 + ... leaves a_5 to be guessed
            letter = context.free_letter(*items)
            body = n.renamed(found.body, {found.index: letter})
            whole = n.Sum(letter, found.lower, found.upper, body, kind)  # type: ignore[arg-type]
            whole = replace(whole, start=items[first].start, end=items[at + 1].end)
            return [*items[:first], whole, *items[at + 2 :]]
    raise _unclear_dots(items)


def _is_last(node: n.Node) -> bool:
    """Whether this can be the last index: n, n - 1, 5; 1 + 2 + 4 + ... + 2^n counts otherwise."""
    plain = (n.Dimension, n.Index, n.Number, n.Symbol, n.Add, n.Negate, n.FunctionCall)
    return all(isinstance(part, plain) for part in n.walk(node))


def between_dots(first: n.Node, last: n.Node, others: Sequence[n.Node]) -> n.Sequence | None:
    """The sequence from `first` to `last`, if they differ in one whole number only."""
    pairs = set(_differences(first, last))
    if len(pairs) != 1:
        return None
    low, high = pairs.pop()
    if not isinstance(low, n.Number):
        return None
    index = "dots"
    body = _generalise(first, last, n.Index(index))
    for step, other in enumerate(others, start=1):
        number = n.Number(low.value + step)
        if n.substitute(body, n.Index(index), number) != other:
            return None
    return n.Sequence(index, low, high, body)


def _differences(first: n.Node, last: n.Node) -> list[tuple[n.Node, n.Node]]:
    if first == last:
        return []
    inner, other = list(n.children(first)), list(n.children(last))
    same = type(first) is type(last) and len(inner) == len(other) and inner
    if not same or n.with_children(last, inner) != first:
        return [(first, last)]
    return [pair for a, b in zip(inner, other, strict=True) for pair in _differences(a, b)]


def _generalise(first: n.Node, last: n.Node, index: n.Node) -> n.Node:
    if first == last:
        return first
    inner, other = list(n.children(first)), list(n.children(last))
    if not inner or type(first) is not type(last) or len(inner) != len(other):
        return index
    return n.with_children(
        first, [_generalise(a, b, index) for a, b in zip(inner, other, strict=True)]
    )


def _unclear_dots(items: list[n.Node]) -> Unreadable:
    dots = next(item for item in items if isinstance(item, n.Dots))
    return Unreadable(
        "It is not clear what the dots stand for.",
        start=dots.start,
        end=dots.end,
        help="Write the first and the last member alike, as in \\sigma_1, \\dots, \\sigma_d.",
    )
