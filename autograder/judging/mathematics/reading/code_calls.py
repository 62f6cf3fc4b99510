"""What NumPy and MATLAB call: sums along an axis, means, sizes, options. Knows no shapes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from . import nodes as n
from .commands import tokenize
from .einsum import einsum
from .errors import Ambiguous, Unreadable
from .indexed_nodes import Aligned
from .naming import named
from .parser import Parser, placed
from .tokens import Token

CALLS = {"sum", "np.sum", "mean", "np.norm", "norm", "len", "size", "lstsq", "concatenate", "array",
         "np.std", "np.var", "einsum"}  # fmt: skip
AXES = {"axis", "dim"}
ORDERS = {"": "F", "fro": "F", "2": "2", "1": "1", "inf": "inf"}


@dataclass
class Arguments:
    """What stands in the brackets of a call: values in order, and options by name."""

    values: list[n.Node] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    end: int = -1


def is_of_code(parser: Parser, token: Token) -> bool:
    """Whether a function with these brackets is read here."""
    return token.text in CALLS and parser.is_symbol("(", "[")


def called(parser: Parser, token: Token) -> n.Node:
    """One of `CALLS` with its arguments."""
    given = _arguments(parser, token)
    name = token.text
    if name == "einsum":
        return einsum(token, given.options.get("ord", ""), given.values, given.end)
    if not given.values:
        raise parser.unexpected(token)
    of, *more = given.values
    if name in {"sum", "np.sum", "mean"}:
        node = _along(of, name, _axis(token, given))
    elif name in {"np.std", "np.var"}:
        node = _spread(token, given)
    elif name in {"norm", "np.norm"}:
        node = n.Norm(of, _order(token, given))
    elif name in {"len", "size"}:
        node = _size(parser, token, given)
    elif name == "lstsq":
        node = _least_squares(parser, token, given)
    elif name == "concatenate":
        node = _joined(of, _axis(token, given))
    else:
        node = of
    if more and name == "array":
        raise _too_many(token, given)
    return placed(node, token.start, max(given.end, node.end))


def method(parser: Parser, node: n.Node, name: Token) -> n.Node:
    """X.sum(axis=0), X.mean(0), X.shape[1], y.size."""
    if name.text == "shape":
        if not parser.is_symbol("["):
            raise _unknown_size(name)
        opener = parser.take()
        (place,) = parser.enclosed(opener, "]")[:1]
        return placed(_dimension(parser, node, name, place), node.start, place.end)
    if name.text == "size":
        return placed(_dimension(parser, node, name, None), node.start, name.end)
    given = _arguments(parser, name)
    given.values.insert(0, node)
    numpy = replace(name, text={"sum": "np.sum"}.get(name.text, name.text))
    return placed(_along(node, numpy.text, _axis(numpy, given)), node.start, given.end)


def _arguments(parser: Parser, token: Token) -> Arguments:
    """Values and options up to the closing bracket."""
    if not parser.is_symbol("(", "["):
        raise parser.unexpected(token)
    opener = parser.take()
    closer = {"(": ")", "[": "]"}[opener.text]
    given = Arguments()
    saved, parser.bars = parser.bars, []
    while not parser.is_symbol(closer):
        following = parser.ahead()
        word = parser.token is not None and parser.token.kind == "word"
        if word and following is not None and following.text == "=":
            key = parser.take().text
            parser.take()
            given.options[key] = _option(parser, closer)
        elif word:
            given.options["ord"] = parser.take().text
        else:
            given.values.append(parser.item())
        if not parser.is_symbol(",", ";"):
            break
        parser.take()
    parser.bars = saved
    given.end = parser.close(opener, closer).end
    return given


def _option(parser: Parser, closer: str) -> str:
    """The bare text of what an option is set to."""
    text = ""
    while parser.token is not None and not parser.is_symbol(",", closer):
        text += parser.take().text
    return text


def _axis(token: Token, given: Arguments) -> str:
    """0, 1, -1 or "" for none, and k behind it where dimensions are kept."""
    axes = [given.options[key] for key in AXES if key in given.options]
    places = given.values[1:] if token.text != "concatenate" else []
    if places and token.text == "sum":
        raise Ambiguous(
            "The second argument of sum counts from 0 in NumPy and from 1 in MATLAB.",
            start=token.start,
            end=given.end,
            help="Write np.sum(A, axis=0), or A^T 1 and A 1.",
        )
    if len(places) + len(axes) > 1:
        raise _too_many(token, given)
    axis = axes[0] if axes else "".join(_whole(place) for place in places)
    kept = "k" if given.options.get("keepdims") == "True" else ""
    if axis not in {"", "0", "1", "-1", "None"}:
        raise Unreadable(
            "There is no such axis.", start=token.start, end=given.end, help="Use axis=0 or axis=1."
        )
    return axis.replace("None", "") + kept


def _whole(node: n.Node) -> str:
    if isinstance(node, n.Negate):
        return "-" + _whole(node.of)
    return str(int(node.value)) if isinstance(node, n.Number) else "?"


def _along(of: n.Node, name: str, axis: str) -> n.Node:
    kind = "mean" if name == "mean" else "sum"
    if not axis:
        return n.FunctionCall("sum" if name == "sum" else f"{kind}:all", (of,))
    along = n.FunctionCall(f"{kind}:{axis.rstrip('k') or 'all'}", (of,))
    return Aligned(along, "row" if axis == "0k" else "column") if axis.endswith("k") else along


def _spread(token: Token, given: Arguments) -> n.Node:
    """np.std and np.var of all entries: of a list also with ddof, which is taken from their count.

    The variance is the mean of the squares minus the square of the mean.
    """
    of, less = given.values[0], given.options.get("ddof", "0")
    row = of.rows[0] if isinstance(of, n.Block) and len(of.rows) == 1 else None
    count = len(row.cells) if isinstance(row, n.Row) else 0
    listed = less == "0" or (less.isdigit() and int(less) < count)
    if len(given.values) > 1 or set(given.options) - {"ddof"} or not listed:
        raise _too_many(token, given)
    squares = n.FunctionCall("mean:all", (n.Hadamard(of, of),))
    mean = n.FunctionCall("mean:all", (of,))
    node: n.Node = n.Add((squares, n.Negate(n.Power(mean, n.Number(2.0)))))
    if less != "0":
        node = n.Multiply((n.Number(count / (count - int(less))), node))
    return n.FunctionCall("sqrt", (node,)) if token.text == "np.std" else node


def _order(token: Token, given: Arguments) -> str:
    order = given.options.get("ord", "".join(_whole(v) for v in given.values[1:]))
    if not order and token.text == "norm":
        return ""
    if order not in ORDERS:
        raise Unreadable(
            f"The norm of order {order!r} is not known here.",
            start=token.start,
            end=given.end,
            help="Use 1, 2, 'fro' or np.inf.",
        )
    return ORDERS[order]


def _size(parser: Parser, token: Token, given: Arguments) -> n.Node:
    """len(y), and MATLAB's size(X,2), which counts from 1."""
    of, *places = given.values
    if token.text == "len":
        return _dimension(parser, of, token, n.Number(0.0))
    place = places[0] if len(places) == 1 else None
    if not isinstance(place, n.Number):
        raise _too_many(token, given)
    return _dimension(parser, of, token, n.Number(place.value - 1))


def _dimension(parser: Parser, of: n.Node, token: Token, place: n.Node | None) -> n.Node:
    """The declared number of rows (place 0) or columns of a symbol."""
    turned = isinstance(of, n.Transpose)
    symbol = of.of if isinstance(of, n.Transpose) else of
    number = _whole(place) if place is not None else ""
    if isinstance(symbol, n.Symbol):
        sizes = [s for s in parser.context.declared.shapes[symbol.name] if s != "1"]
        sizes = sizes[::-1] if turned else sizes
        known = {"0": 0, "1": 1, "-1": -1, "": 0 if len(sizes) == 1 else 2}.get(number, 2)
        if known < len(sizes):
            names = named(tokenize(sizes[known]), parser.context.declared)
            return parser.on(names).complete()
    raise _unknown_size(token)


def _unknown_size(token: Token) -> Unreadable:
    return Unreadable(
        "This size is not known.",
        start=token.start,
        end=token.end,
        help="Take the size of a matrix or a vector of the question, as in X.shape[1].",
    )


def _least_squares(parser: Parser, token: Token, given: Arguments) -> n.Node:
    """lstsq(X, y)[0], which has the least norm of all solutions."""
    tail = [t.text if t else "" for t in (parser.token, parser.ahead(), parser.ahead(2))]
    if tail != ["[", "0", "]"] or len(given.values) != 2:
        raise Unreadable(
            "lstsq returns several things.",
            start=token.start,
            end=given.end,
            help="Take the first, as in np.linalg.lstsq(X, y)[0].",
        )
    parser.at += 3
    matrix, right = given.values
    end = parser.tokens[parser.at - 1].end
    return n.Multiply((n.PseudoInverse(matrix), right), start=token.start, end=end)


def _joined(of: n.Node, axis: str) -> n.Node:
    """concatenate([a, b]): below each other, or beside each other along axis 1."""
    row = of.rows[0] if isinstance(of, n.Block) and len(of.rows) == 1 else None
    if not isinstance(row, n.Row):
        return of
    if axis == "1":
        return n.Block((row,))
    return n.Block(tuple(n.Row((cell,)) for cell in row.cells))


def _too_many(token: Token, given: Arguments) -> Unreadable:
    return Unreadable(
        f"These arguments of {token.text.removeprefix('np.')} are not clear.",
        start=token.start,
        end=given.end,
        help="Write it like np.sum(A, axis=0), len(y) or X.shape[1].",
    )
