"""A list such as (0, 1) as the column that it stands for. Knows no values."""

from __future__ import annotations

from . import nodes as n
from .nodes import with_children


def as_column(node: n.Node) -> n.Node | None:
    """The expression with its lists as columns; None without a list in its terms and factors.

    >>> pair = n.Block((n.Row((n.Number(0.0), n.Number(1.0))),), listed=True)
    >>> as_column(pair) == n.Transpose(pair)
    True
    >>> as_column(n.Transpose(pair)) is None
    True
    """
    if isinstance(node, n.Block):
        return n.Transpose(node, start=node.start, end=node.end) if node.listed else None
    if not isinstance(node, (n.Negate, n.Multiply, n.Dot, n.Divide, n.Add)):
        return None
    before = list(n.children(node))
    after = [as_column(child) for child in before]
    if all(child is None for child in after):
        return None
    return with_children(node, [new or old for old, new in zip(before, after, strict=True)])
