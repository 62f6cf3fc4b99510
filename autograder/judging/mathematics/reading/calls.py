"""Functions with their arguments, in brackets or bare. Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .big_operators import big_operator
from .code_calls import called, is_of_code
from .dots import written_out
from .errors import Ambiguous, Unreadable
from .indexed_nodes import ByEntries
from .parser import Parser, placed
from .scripts import INVERSES, powered, script_texts
from .tokens import Token

ENTRYWISE = {"exp", "log", "sqrt", "abs", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sech",
             "floor", "ceil", "sigmoid", "relu"}  # fmt: skip
VALUES = {"tr", "det", "rank", "min", "max", "sum", "mean"}
FILLERS = {"eye": "identity", "zeros": "zero", "ones": "ones"}
MATRIX_FUNCTIONS = {"tr", "det", "rank", "diag", "inv", "pinv", "norm", "transpose"}


def function(parser: Parser, token: Token) -> n.Node:
    """A function with its arguments."""
    if token.text in {"argmin", "argmax", "min", "max"} and not parser.is_symbol("(", "{"):
        return _extremum(parser, token)
    if token.text in {"sum", "prod"} and parser.token is not None and parser.token.kind == "sub":
        return big_operator(parser, token)
    if is_of_code(parser, token):
        return called(parser, token)
    subscript = _subscript(parser, token)
    power = _power(parser, token)
    arguments, end = _arguments(parser, token)
    node = placed(_meaning(parser, token, arguments, subscript), token.start, end)
    return placed(powered(parser, node, power), token.start, end) if power else node


def _power(parser: Parser, token: Token) -> Token | None:
    """The exponent of \\log^2 x, which belongs to the value."""
    following = parser.token
    if following is None or following.kind != "sup" or token.text == "diag":
        return None
    if script_texts(following.inner) in INVERSES and token.text in ENTRYWISE:
        raise Ambiguous(
            f"{token.text} to the power -1 is 1/{token.text} or its inverse function.",
            start=token.start,
            end=following.end,
            help=f"Write \\frac{{1}}{{{token.text}(...)}} for the fraction.",
        )
    return parser.take()


def _subscript(parser: Parser, token: Token) -> Token | None:
    following = parser.token
    if following is None or following.kind != "sub":
        return None
    based = token.text == "log" and [t.kind for t in following.inner] == ["number"]
    if token.text not in {"diag", "norm", "eye", "zeros", "ones"} and not based:
        raise Unreadable(
            f"A subscript on {token.text} has no meaning here.",
            help=f"Write {token.text}(...) without it.",
            start=following.start,
            end=following.end,
        )
    return parser.take()


def _arguments(parser: Parser, token: Token) -> tuple[list[n.Node], int]:
    following = parser.token
    if following is None:
        raise parser.ended()
    if following.kind == "symbol" and following.text in {"(", "[", "{"}:
        opener = parser.take()
        closer = {"(": ")", "[": "]", "{": "}"}[opener.text]
        saved, parser.bars = parser.bars, []
        items = parser.enclosed(opener, closer)
        parser.bars = saved
        return items, parser.tokens[parser.at - 1].end
    if following.kind == "group":
        parser.take()
        inner = parser.on(following.inner)
        items = [inner.expression()]
        while inner.is_symbol(","):
            inner.take()
            items.append(inner.expression())
        if inner.token is not None:
            raise inner.unexpected(inner.token)
        return items, following.end
    return _bare_argument(parser, token)


def _bare_argument(parser: Parser, token: Token) -> tuple[list[n.Node], int]:
    """tr A B without brackets; entry functions take one factor and no more."""
    if token.text not in ENTRYWISE:
        node = parser.product()
        return [node], node.end
    node = parser.factor()
    if isinstance(node, n.Number) and parser.token is not None and parser.token.text == "pi":
        pi = parser.factor()  # \\log 2\\pi
        node = placed(n.Multiply((node, pi)), node.start, pi.end)
    if parser.starts_factor():
        following = parser.token
        assert following is not None
        raise Ambiguous(
            f"How far does {token.text} reach?",
            start=token.start,
            end=following.end,
            help=f"Put its argument in brackets, as in {token.text}(...).",
        )
    return [node], node.end


def _meaning(
    parser: Parser, token: Token, arguments: list[n.Node], subscript: Token | None
) -> n.Node:
    name = token.text
    if name in FILLERS:
        return _filled(FILLERS[name], arguments)
    if name == "diag":
        return diagonal(parser, arguments, _count(parser, subscript))
    if name in {"dot", "solve", "multiply", "outer"}:
        return _of_two(token, arguments)
    if name in {"vstack", "hstack", "block"}:
        return _stacked(name, arguments)
    if name in {"min", "max"} and len(arguments) > 1:
        return n.FunctionCall(name, tuple(arguments))
    if len(arguments) != 1:
        raise Unreadable(
            f"{name} takes one argument, not {len(arguments)}.",
            start=token.start,
            end=token.end,
            help=f"Write one thing in its brackets, as in {name}(A).",
        )
    if name == "inv":
        return n.Inverse(arguments[0])
    if name == "pinv":
        return n.PseudoInverse(arguments[0])
    if name == "transpose":
        return n.Transpose(arguments[0])
    if name == "norm":
        return n.Norm(arguments[0], "")
    if name == "square":
        return n.Power(arguments[0], n.Number(2.0), dotted=True)
    if name not in ENTRYWISE | VALUES:
        raise Unreadable(
            f"{name}(...) has no value here.",
            start=token.start,
            end=token.end,
            help="Give the value itself, as in w = X^T y.",
        )
    value = n.FunctionCall(name, tuple(arguments))
    if name == "log" and subscript is not None:
        base = n.FunctionCall("log", (parser.inside(subscript.inner),))
        return n.Divide(value, base)
    return value


def _count(parser: Parser, subscript: Token | None) -> n.Node | None:
    """The size in diag_n(...); the index in diag_i(...) is none."""
    if subscript is None or len(subscript.inner) != 1:
        return None
    token = subscript.inner[0]
    sized = token.kind == "number" or parser.context.declared.kind(token.text) == "dimension"
    return parser.inside(subscript.inner) if sized else None


def _filled(kind: str, arguments: list[n.Node]) -> n.Node:
    sizes = list(arguments)
    if len(sizes) == 1 and isinstance(sizes[0], n.Block):
        (row,) = sizes[0].rows[:1]
        assert isinstance(row, n.Row)
        sizes = list(row.cells)
    if kind == "identity":
        return n.Constant("identity", sizes[0], None)
    cols = sizes[1] if len(sizes) > 1 else n.Number(1.0)
    return n.Constant("zero" if kind == "zero" else "ones", sizes[0], cols)


def _of_two(token: Token, arguments: list[n.Node]) -> n.Node:
    if len(arguments) != 2:
        raise Unreadable(
            f"{token.text} takes two arguments, not {len(arguments)}.",
            start=token.start,
            end=token.end,
            help=f"Separate them by a comma, as in {token.text}(A, b).",
        )
    left, right = arguments
    if token.text == "solve":
        return n.Multiply((n.Inverse(left), right))
    if token.text == "multiply":
        return n.Hadamard(left, right)
    if token.text == "outer":
        return n.Multiply((left, n.Transpose(right)))
    return n.Dot(left, right, "@")


def _stacked(name: str, arguments: list[n.Node]) -> n.Node:
    cells: list[n.Node] = list(arguments)
    if len(cells) == 1 and isinstance(cells[0], n.Block):
        if name == "block" or len(cells[0].rows) > 1:
            return cells[0]
        (row,) = cells[0].rows
        assert isinstance(row, n.Row)
        cells = list(row.cells)
    if name == "vstack":
        return n.Block(tuple(n.Row((cell,)) for cell in cells))
    return n.Block((n.Row(tuple(cells)),))


def diagonal(parser: Parser, entries: list[n.Node], count: n.Node | None) -> n.Node:
    """diag(...) with a free index, with entries one by one, or of one vector."""
    listed = written_out(entries)
    if len(listed) > 1 or isinstance(listed[0], n.Sequence):
        return n.Diagonal(listed, None, count)
    free = free_indices(entries[0], parser.context.bound)
    if len(free) > 1:
        raise Ambiguous(
            "diag(...) has more than one free index.",
            start=entries[0].start,
            end=entries[0].end,
            help="Keep one index, as in diag(\\sigma_i).",
        )
    return n.Diagonal(tuple(entries), free[0] if free else None, count)


def free_indices(node: n.Node, bound: Sequence[str]) -> list[str]:
    """The indices in an expression that nothing inside it, and nothing in `bound`, runs over."""
    if isinstance(node, n.Index):
        return [] if node.name in bound else [node.name]
    inner = [*bound]
    if isinstance(node, (n.Sum, n.Sequence)):
        inner.append(node.index)
    if isinstance(node, n.Diagonal) and node.index:
        inner.append(node.index)
    if isinstance(node, ByEntries):
        inner.extend(node.over)
    found: list[str] = []
    for child in n.children(node):
        found += [name for name in free_indices(child, inner) if name not in found]
    return found


def _extremum(parser: Parser, token: Token) -> n.Node:
    over = ""
    if parser.token is not None and parser.token.kind == "sub":
        over = "".join(t.text for t in parser.take().inner)
    body = parser.expression()
    return n.Extremum(token.text, over, body, start=token.start, end=body.end)
