"""Values of a declared function at other places, out of its formula. Knows sizes but no values."""

from __future__ import annotations

from dataclasses import replace

from . import nodes as n
from .commands import tokenize
from .errors import ShapeClash
from .grammar import expression
from .naming import named
from .render import plain
from .shape_check import Fitted, ShapeCheck
from .sizes import SCALAR


def declared_call(check: ShapeCheck, node: n.FunctionCall, argument: Fitted) -> Fitted:
    """σ(-z) as the formula of σ with -z in the place of z.

    A student's notebook does not know the formula; there the call stays as it is.
    """
    inside, shape = argument
    if not check.solver.shape(shape).is_scalar:
        raise ShapeClash(
            f"{plain(node.arguments[0])} is {shape}; this function takes a number.",
            start=node.start,
            end=node.end,
            help="Apply it to numbers, as in f(2z).",
        )
    declared = check.declared
    text = declared.definitions.get(node.function)
    if text is None:
        return replace(node, arguments=(inside,)), SCALAR
    formula = expression(named(tokenize(text), declared), declared)
    variable = n.Symbol(declared.arguments[node.function])
    value = n.substitute(formula, variable, node.arguments[0])
    new, _ = check.fit(value)
    return new, SCALAR
