"""Functions, big operators and lists with dots. Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import nodes as n
from .dots import written_out
from .errors import Ambiguous, Unreadable
from .parser import Parser, placed
from .tokens import Token

Range = tuple[str, n.Node | None, n.Node | None]

ENTRYWISE = {"exp", "log", "sqrt", "abs", "sin", "cos", "tanh", "floor", "ceil", "sigmoid", "relu"}
FILLERS = {"eye": "identity", "zeros": "zero", "ones": "ones"}
MATRIX_FUNCTIONS = {"tr", "det", "rank", "diag", "inv", "pinv", "norm", "transpose"}


def function(parser: Parser, token: Token) -> n.Node:
    """A function with its arguments."""
    if token.text in {"argmin", "argmax", "min", "max"} and not parser.is_symbol("(", "{"):
        return _extremum(parser, token)
    if token.text in {"sum", "prod"} and parser.token is not None and parser.token.kind == "sub":
        return big_operator(parser, token)
    subscript = _subscript(parser, token)
    arguments, end = _arguments(parser, token)
    node = _meaning(parser, token, arguments, subscript)
    return placed(node, token.start, end)


def _subscript(parser: Parser, token: Token) -> Token | None:
    following = parser.token
    if following is None or following.kind != "sub":
        return None
    if token.text not in {"diag", "norm", "eye", "zeros", "ones"}:
        raise Unreadable(
            f"A subscript on {token.text} has no meaning here.",
            help="Remove it.",
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
            help="Remove the commas inside its brackets.",
        )
    single = {"inv": n.Inverse, "pinv": n.PseudoInverse, "transpose": n.Transpose}
    if name in single:
        return single[name](arguments[0])
    if name == "norm":
        return n.Norm(arguments[0], "")
    if name == "square":
        return n.Power(arguments[0], n.Number(2.0), starred=True)
    return n.FunctionCall(name, tuple(arguments))


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
            help="Separate them by a comma.",
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
            help="Keep one index.",
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
    found: list[str] = []
    for child in n.children(node):
        found += [name for name in free_indices(child, inner) if name not in found]
    return found


def big_operator(parser: Parser, token: Token) -> n.Node:
    """A sum or a product over one or more indices."""
    lower: Token | None = None
    upper: Token | None = None
    while parser.token is not None and parser.token.kind in {"sub", "sup"}:
        script = parser.take()
        if (lower if script.kind == "sub" else upper) is not None:
            raise parser.unexpected(script)
        lower, upper = (script, upper) if script.kind == "sub" else (lower, script)
    ranges = [
        (name, start, stop)
        for part, last in _range_parts(parser, token, lower, upper)
        for name, start, stop in _running(parser, part, last)
    ]
    names = [name for name, _, _ in ranges]
    parser.context.bound.extend(names)
    body = parser.term()
    del parser.context.bound[len(parser.context.bound) - len(names) :]
    for name, start, stop in reversed(ranges):
        kind = "prod" if token.text == "prod" else "sum"
        body = n.Sum(name, start, stop, body, kind, start=token.start, end=body.end)  # type: ignore[arg-type]
    return body


def _range_parts(
    parser: Parser, token: Token, lower: Token | None, upper: Token | None
) -> list[tuple[Token, Token | None]]:
    """What stands below a sum with what stands above it: i=0,j=0 below p-1,q-1 are two pairs."""
    if lower is None:
        raise _unclear_range(token, "This sum does not say what it runs over.")
    listed = lower.inner[1:-1]
    if any(t.text == "dots" for t in lower.inner):
        return [(lower, upper)]
    if all(t.text == "," or t.kind in {"letter", "name"} for t in listed):
        lower = replace(lower, inner=tuple(t for t in lower.inner if t.text not in {"(", ")"}))
    below = _between_commas(lower)
    above: list[Token | None] = [*_between_commas(upper)] if upper else [None] * len(below)
    if all(len(part.inner) == 1 for part in below):
        return [(lower, upper)]
    if len(above) != len(below):
        raise _unclear_range(lower)
    return list(zip(below, above, strict=True))


def _between_commas(script: Token) -> list[Token]:
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in script.inner:
        depth += (token.text in {"(", "[", "{"}) - (token.text in {")", "]", "}"})
        if token.text == "," and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return [replace(script, inner=tuple(part)) for part in parts]


def _running(parser: Parser, lower: Token, upper: Token | None) -> list[Range]:
    """The index names under a sum, where they start and where they stop."""
    inner = list(lower.inner)
    names = [t.text for t in inner if t.kind in {"letter", "name"}]
    signs = [k for k, t in enumerate(inner) if t.text in {"=", "≤", "<", "∈"}]
    single = len(inner) > 1 and inner[0].kind in {"letter", "name"}
    if signs == [1] and single and (inner[1].text == "=" or upper is None):
        return [_bounded(parser, lower, upper)]
    if len(signs) == 2 and signs[1] == signs[0] + 2 and upper is None:
        return [_chain(parser, inner, *signs)]
    commas = all(t.text == "," or t.kind in {"letter", "name"} for t in inner)
    if not signs and names and commas:
        _check_no_symbol(parser, inner)
        stop = parser.inside(upper.inner) if upper else None
        return [(name, None, stop) for name in names]
    raise _unclear_range(lower)


def _bounded(parser: Parser, lower: Token, upper: Token | None) -> Range:
    """i = 1 below n, i ≤ n, i = 1, …, n, i ∈ {1, …, n} and i ∈ [n] as a range."""
    name, sign, rest = lower.inner[0].text, lower.inner[1].text, list(lower.inner[2:])
    if sign == "<":
        raise _unclear_range(lower)
    if sign == "≤":
        return name, None, parser.inside(rest)
    if sign == "∈" and len(rest) > 2 and rest[0].text in {"{", "["}:
        rest = rest[1:-1]
    dots = [k for k, t in enumerate(rest) if t.text == "dots"]
    if upper is None and len(dots) == 1 and 0 < dots[0] < len(rest) - 1:
        first = [t for t in rest[: dots[0]] if t.text != ","][:1]
        last = [t for t in rest[dots[0] + 1 :] if t.text != ","]
        return name, parser.inside(first), parser.inside(last)
    if sign == "∈" and (upper is not None or not _is_size(parser, rest)):
        raise _unclear_range(lower)
    if sign == "∈":
        return name, n.Number(1.0), parser.inside(rest)
    return name, parser.inside(rest), parser.inside(upper.inner) if upper else None


def _is_size(parser: Parser, tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and parser.context.declared.kind(tokens[0].text) == "dimension"


def _check_no_symbol(parser: Parser, inner: Sequence[Token]) -> None:
    """Refuse \\sum_y where y is a vector or a number of the question, and no index."""
    for token in inner:
        if parser.context.declared.kind(token.text) == "symbol":
            raise Ambiguous(
                f"{token.text} is no index here; it stands for something else in this question.",
                start=token.start,
                end=token.end,
                help="Take another letter for the index, or give both bounds.",
            )


def _chain(parser: Parser, inner: list[Token], first: int, second: int) -> Range:
    """0 ≤ i < n as a range."""
    name, (low, high) = inner[first + 1], (inner[:first], inner[second + 1 :])
    if "=" in {inner[first].text, inner[second].text} or name.kind not in {"letter", "name"}:
        raise parser.unexpected(inner[first])
    start, stop = parser.inside(low), parser.inside(high)
    if inner[first].text == "<":
        start = n.Add((start, n.Number(1.0)))
    if inner[second].text == "<":
        stop = n.Add((stop, n.Negate(n.Number(1.0))))
    return name.text, start, stop


def _unclear_range(
    token: Token, message: str = "This range of a sum cannot be read."
) -> Unreadable:
    return Unreadable(message, start=token.start, end=token.end, help="Write \\sum_{i=1}^{n}.")


def _extremum(parser: Parser, token: Token) -> n.Node:
    over = ""
    if parser.token is not None and parser.token.kind == "sub":
        over = "".join(t.text for t in parser.take().inner)
    body = parser.expression()
    return n.Extremum(token.text, over, body, start=token.start, end=body.end)
