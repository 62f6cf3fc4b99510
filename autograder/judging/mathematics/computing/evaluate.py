"""The value of a fitted expression on one batch of data. Knows no question and no reference."""

from __future__ import annotations

import numpy as np

from ..reading import nodes as n
from ..reading.errors import NotFinite
from .arrays import Array
from .evaluation import Evaluation
from .instances import Instance

HUGE = 1e100


def evaluate(node: n.Node, instance: Instance) -> Array:
    """The values, shape (draws, rows, columns), of an expression that `fitted` has returned.

    Raises `Singular`, `NotFinite`, `NoSuchMember` or `TooLarge`; for data in a hundred digits also
    `NoExactValueError`.
    """
    run = _walk(instance)(instance, _nesting(node))
    with np.errstate(all="ignore"):
        value = run.of(node)
        value = value.reshape(value.shape[0], *value.shape[-2:])
        finite = bool((np.abs(value) < HUGE).all())
    if not finite:
        raise NotFinite(
            "The value is not finite.",
            help="Look for a division by zero.",
            start=node.start,
            end=node.end,
        )
    return np.broadcast_to(value, (instance.draws, *value.shape[-2:]))


def _walk(instance: Instance) -> type[Evaluation]:
    if not instance.exact:
        return Evaluation
    from .exact import ExactEvaluation  # rarely needed, and slow to import

    return ExactEvaluation


def _nesting(node: n.Node) -> int:
    """How many sums are inside each other at most."""
    own = isinstance(node, (n.Sum, n.Sequence)) or (isinstance(node, n.Diagonal) and node.index)
    return bool(own) + max((_nesting(child) for child in n.children(node)), default=0)
