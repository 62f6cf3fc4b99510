"""What was understood, typeset: expression to LaTeX or plain text. Knows no values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from . import nodes as n
from .characters import GREEK_NAMES
from .declarations import latex_name
from .indexed_nodes import Aligned, ByEntries, Einsum, EntryOf
from .plain_text import plain_text

ADD, MULTIPLY, FACTOR, ATOM = 1, 2, 3, 4


def latex(node: n.Node) -> str:
    """The expression as LaTeX, with brackets only where they are needed.

    >>> latex(n.Multiply((n.Inverse(n.Symbol("X")), n.Symbol("y"))))
    'X^{-1} y'
    """
    return _text(node, 0)


def plain(node: n.Node) -> str:
    """The expression in one short line for a message, in the notation of the answer."""
    text = plain_text(latex(node))
    return text if len(text) <= 90 else text[:87] + "..."


def plain_name(name: str) -> str:
    """A declared name in a sentence.

    >>> plain_name("lambda"), plain_name("W_1"), plain_name("sigma_i")
    ('λ', 'W₁', 'σᵢ')
    """
    return plain_text(latex_name(name))


def _text(node: n.Node, level: int) -> str:
    text, own = WRITERS[type(node)](node)
    return f"\\left({text}\\right)" if own < level else text


def _number(node: n.Number) -> tuple[str, int]:
    value = node.value
    if value == math.pi:
        return "\\pi", ATOM
    return (str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)), ATOM


def _element(node: n.Element) -> tuple[str, int]:
    base, _, sub = latex_name(node.name).partition("_{")
    inside = ",".join(_text(i, 0) for i in node.indices)
    return f"{base}_{{{sub.rstrip('}') + ',' if sub else ''}{inside}}}", ATOM


def _constant(node: n.Constant) -> tuple[str, int]:
    name = {"identity": "I", "zero": "0", "ones": "\\mathbf{1}"}[node.kind]
    sizes = [_text(s, 0) for s in (node.rows, node.cols) if s is not None]
    inside = " \\times ".join(sizes)
    return name + (f"_{{{inside}}}" if sizes else ""), ATOM


def _filled(node: n.Filled) -> tuple[str, int]:
    name = {"identity": "I", "zero": "0", "ones": "\\mathbf{1}"}[node.kind]
    square = node.kind == "identity"
    size = str(node.height) if square else f"{node.height} \\times {node.width}"
    return f"{name}_{{{size}}}", ATOM


def _add(node: n.Add) -> tuple[str, int]:
    text = _text(node.terms[0], ADD)
    for term in node.terms[1:]:
        negative = isinstance(term, n.Negate)
        inner = term.of if isinstance(term, n.Negate) else term
        text += (" - " if negative else " + ") + _text(inner, MULTIPLY)
    return text, ADD


def _multiply(node: n.Multiply) -> tuple[str, int]:
    text = _text(node.factors[0], MULTIPLY)
    for factor in node.factors[1:]:
        written = _text(factor, FACTOR)
        text += (" \\cdot " if written[:1].isdigit() else _gap(factor)) + written
    return text, MULTIPLY


def _gap(factor: n.Node) -> str:
    """Long subscripts run into the next factor without a little space."""
    return " \\, " if isinstance(factor, n.Element) and len(factor.indices) > 1 else " "


def _dot(node: n.Dot) -> tuple[str, int]:
    if node.sign == "⟨":
        return f"\\langle {_text(node.left, 0)}, {_text(node.right, 0)} \\rangle", ATOM
    return f"{_text(node.left, MULTIPLY)} \\cdot {_text(node.right, FACTOR)}", MULTIPLY


def _norm(node: n.Norm) -> tuple[str, int]:
    if node.kind == "|":
        return f"\\left|{_text(node.of, 0)}\\right|", ATOM
    sub = {"": "", "inf": "_{\\infty}"}.get(node.kind, f"_{{{node.kind}}}")
    return f"\\lVert {_text(node.of, 0)} \\rVert{sub}", ATOM


def _call(node: n.FunctionCall) -> tuple[str, int]:
    if node.function == "sqrt":
        return f"\\sqrt{{{_text(node.arguments[0], 0)}}}", ATOM
    if ":" in node.function:
        return _along(node)
    if node.function == "delta":
        return f"\\delta_{{{','.join(_text(a, 0) for a in node.arguments)}}}", ATOM
    inside = ", ".join(_text(a, 0) for a in node.arguments)
    return f"{_function_name(node.function)}\\left({inside}\\right)", ATOM


def _function_name(name: str) -> str:
    """A declared σ is a letter, a word is set upright."""
    letter = name in GREEK_NAMES or len(name) == 1
    return latex_name(name) if letter else f"\\operatorname{{{name}}}"


def _power(node: n.Power) -> tuple[str, int]:
    sign = "\\odot " if node.starred else ""
    return f"{_text(node.base, ATOM)}^{{{sign}{_text(node.exponent, 0)}}}", FACTOR


def _along(node: n.FunctionCall) -> tuple[str, int]:
    """np.sum(A, axis=0) is Aᵀ1 and np.sum(A, axis=1) is A1; means keep their name."""
    kind, _, axis = node.function.partition(":")
    (of,) = node.arguments
    if node.function == "sum:0":
        return f"{_text(of, ATOM)}^{{\\top}} \\mathbf{{1}}", MULTIPLY
    if node.function == "sum:1":
        return f"{_text(of, FACTOR)} \\mathbf{{1}}", MULTIPLY
    option = "" if axis == "all" else f", axis={axis}"
    return f"\\operatorname{{np.{kind}}}\\left({_text(of, 0)}{option}\\right)", ATOM


def _sum(node: n.Sum) -> tuple[str, int]:
    sign = "\\sum" if node.kind == "sum" else "\\prod"
    lower = f"{node.index}={_text(node.lower, 0)}" if node.lower else node.index
    upper = f"^{{{_size(node.upper)}}}" if node.upper else ""
    return f"{sign}_{{{lower}}}{upper} {_text(node.body, MULTIPLY)}", MULTIPLY


def _size(node: n.Node) -> str:
    return str(node.size) if isinstance(node, n.Count) else _text(node, 0)


def _diagonal(node: n.Diagonal) -> tuple[str, int]:
    inside = ", ".join(_text(entry, 0) for entry in node.entries)
    below = f"_{{{node.index}}}" if node.index else ""
    return f"\\operatorname{{diag}}{below}\\left({inside}\\right)", ATOM


def _sequence(node: n.Sequence) -> tuple[str, int]:
    ends = [n.substitute(node.body, n.Index(node.index), e) for e in (node.lower, node.upper)]
    return f"{_text(ends[0], 0)}, \\dots, {_text(ends[1], 0)}", ATOM


def _entry(node: EntryOf) -> tuple[str, int]:
    inside = ",".join(_text(index, 0) for index in node.indices)
    return f"\\left({_text(node.of, 0)}\\right)_{{{inside}}}", ATOM


def _by_entries(node: ByEntries) -> tuple[str, int]:
    return f"\\left[{_text(node.body, 0)}\\right]_{{{','.join(node.over)}}}", ATOM


def _einsum(node: Einsum) -> tuple[str, int]:
    inside = ", ".join(_text(operand, 0) for operand in node.operands)
    subscripts = ",".join(node.inputs)
    return f"\\operatorname{{einsum}}_{{{subscripts},{node.output}}}\\left({inside}\\right)", ATOM


def _block(node: n.Block) -> tuple[str, int]:
    rows = [
        " & ".join(_text(cell, 0) for cell in row.cells)
        for row in node.rows
        if isinstance(row, n.Row)
    ]
    inside = " \\\\ ".join(rows)
    return f"\\begin{{bmatrix}} {inside} \\end{{bmatrix}}", ATOM


def _script(script: str) -> Callable[[Any], tuple[str, int]]:
    return lambda node: (f"{_text(node.of, ATOM)}^{{{script}}}", FACTOR)


WRITERS: dict[type, Callable[[Any], tuple[str, int]]] = {
    n.Number: _number,
    n.Symbol: lambda node: (latex_name(node.name), ATOM),
    n.Dimension: lambda node: (latex_name(node.name), ATOM),
    n.Index: lambda node: (node.name, ATOM),
    n.Count: lambda node: (str(node.size), ATOM),
    n.Element: _element,
    n.Constant: _constant,
    n.Filled: _filled,
    n.Add: _add,
    n.Negate: lambda node: (f"-{_text(node.of, MULTIPLY)}", ADD),
    n.Multiply: _multiply,
    n.Dot: _dot,
    n.Hadamard: lambda node: (f"{_text(node.left, FACTOR)} \\odot {_text(node.right, FACTOR)}", 2),
    n.Divide: lambda node: (f"\\frac{{{_text(node.top, 0)}}}{{{_text(node.bottom, 0)}}}", FACTOR),
    n.Power: _power,
    n.Transpose: _script("\\top"),
    n.Inverse: _script("-1"),
    n.PseudoInverse: _script("+"),
    n.Norm: _norm,
    n.FunctionCall: _call,
    n.Sum: _sum,
    n.Sequence: _sequence,
    n.Diagonal: _diagonal,
    n.Block: _block,
    EntryOf: _entry,
    ByEntries: _by_entries,
    Einsum: _einsum,
    Aligned: lambda node: (
        _text(node.of, ATOM) + ("^{\\top}" if node.kind == "row" else ""), FACTOR
    ),
    n.Row: lambda node: (" & ".join(_text(cell, 0) for cell in node.cells), ATOM),
    n.Dots: lambda node: ("\\dots", ATOM),
    n.Extremum: lambda node: (
        f"\\operatorname{{{node.kind}}}" + f"_{{{node.over}}}" * bool(node.over)
        + f" {_text(node.body, 0)}", 0
    ),
}  # fmt: skip
