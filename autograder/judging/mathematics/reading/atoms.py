"""The smallest parts of an expression: names, numbers, brackets, norms, fractions, blocks."""

from __future__ import annotations

from dataclasses import replace

from . import nodes as n
from .big_operators import big_operator
from .calls import function
from .derivatives import derivative
from .dots import written_out
from .errors import Unreadable
from .names import constant, has_sub, name
from .naming import refuse_word
from .number_rows import number_rows
from .parser import CLOSERS, Parser, placed
from .scripts import script_texts
from .tokens import MATRICES, Token

NORMS = {"": "", "2": "2", "1": "1", "F": "F", "infty": "inf", "fro": "F", "F,": "F", "Fro": "F",
         "frob": "F", "Frob": "F", "Frobenius": "F", "HS": "F", "ell2": "2", "ell1": "1",
         "L2": "2", "l2": "2", "spec": "2", "op": "2"}  # fmt: skip


def atom(parser: Parser) -> n.Node:
    """Read one atom; raises `Unreadable` for anything that cannot begin one."""
    token = parser.take()
    if token.kind == "number" and token.text in {"0", "1"} and has_sub(parser):
        return constant(parser, "zero" if token.text == "0" else "ones", token)
    if token.kind == "number":
        return n.Number(float(token.text), start=token.start, end=token.end)
    if token.text == "Sigma" and has_sub(parser) and _is_big_operator(parser, token):
        return big_operator(parser, token)  # a Greek letter in place of the sign
    if token.kind in {"letter", "name"}:
        entry = derivative(parser, token) if token.text == "d" else None
        return entry or name(parser, token)
    if token.kind == "function":
        return function(parser, token)
    if token.kind == "group":
        return placed(_closed(parser.inside(token.inner)), token.start, token.end)
    if token.kind in {"frac", "root", "environment", "under"}:
        return _structure(parser, token)
    if token.kind == "command":
        return _command(parser, token)
    if token.kind == "symbol" and token.text in {"(", "[", "{"}:
        return _brackets(parser, token)
    if token.kind == "symbol" and token.text in {"|", "‖"}:
        return _bars(parser, token)
    if token.kind == "symbol" and token.text in {"⌊", "⌈"}:
        return _rounded(parser, token)
    if token.kind == "symbol" and token.text == "⟨":
        return _inner_product(parser, token)
    if token.kind == "word":
        raise refuse_word(token)
    raise parser.unexpected(token)


def _is_big_operator(parser: Parser, token: Token) -> bool:
    """Whether Σ_{...} is a sum: Σ is not declared, = stands below it, or an index of nothing."""
    below = parser.token.inner if parser.token else ()
    if token.kind == "letter" or any(t.text == "=" for t in below):
        return True
    context = parser.context
    return (
        len(below) == 1
        and below[0].kind in {"letter", "name"}
        and not (below[0].text in context.bound or context.declared.kind(below[0].text))
    )


def _inner_product(parser: Parser, token: Token) -> n.Node:
    """⟨a, b⟩."""
    items = parser.enclosed(token, "⟩")
    end = parser.tokens[parser.at - 1].end
    if len(items) != 2:
        raise Unreadable(
            "An inner product takes two vectors.",
            start=token.start,
            end=end,
            help="Write \\langle a, b \\rangle or a^T b.",
        )
    left, right = items
    return n.Dot(left, right, "⟨", start=token.start, end=end)


def _structure(parser: Parser, token: Token) -> n.Node:
    if token.kind == "frac" and len(token.inner) != 2:  # \frac W_2 is a name that was cut in two
        raise Unreadable(
            "This fraction has no clear top and bottom.",
            start=token.start,
            end=token.end,
            help="Put braces around both, as in \\frac{1}{2}.",
        )
    if token.kind == "frac" and (entry := derivative(parser, token)) is not None:
        return entry
    if token.kind == "frac" and _is_derivative(*token.inner):
        raise _derivative(token)
    if token.kind == "frac":
        top, bottom = (parser.inside(_opened(part)) for part in token.inner)
        return n.Divide(top, bottom, start=token.start, end=token.end)
    if token.kind == "root" and not token.inner:
        raise Unreadable(
            "There is nothing under this root.",
            start=token.start,
            end=token.end,
            help="Write what is under it in braces, as in \\sqrt{2}.",
        )
    if token.kind == "root":
        inner = tuple(parser.inside(_opened(part)) for part in token.inner)
        if len(inner) == 2:
            exponent = n.Divide(n.Number(1.0), inner[1])
            return n.Power(inner[0], exponent, start=token.start, end=token.end)
        return n.FunctionCall("sqrt", inner, start=token.start, end=token.end)
    if token.kind == "under":
        return placed(parser.inside(_opened(token.inner[1])), token.start, token.end)
    if token.text not in MATRICES:
        raise Unreadable(
            "A list of statements cannot stand inside a formula.",
            start=token.start,
            end=token.end,
            help="Give one formula, as in w = X^T y.",
        )
    return _matrix(parser, token)


def _is_derivative(top: Token, bottom: Token) -> bool:
    """Whether a fraction is d.../dx, also where d is a size."""
    above, below = _opened(top), _opened(bottom)
    both = bool(above) and len(below) > 1 and above[0].text == below[0].text == "d"
    return both and below[1].kind in {"letter", "name"}


def _derivative(token: Token) -> Unreadable:
    return Unreadable(
        "Derivatives are not computed here.",
        start=token.start,
        end=token.end,
        help="Give its result, as in 2 X^T (X w - y).",
    )


def _opened(part: Token) -> tuple[Token, ...]:
    """What is inside a group; a group that was one name is that name by now."""
    return part.inner if part.kind == "group" else (part,)


def _matrix(parser: Parser, token: Token) -> n.Node:
    rows: list[list[list[Token]]] = [[[]]]
    for inner in token.inner:
        if inner.kind == "symbol" and inner.text == "newline":
            rows.append([[]])
        elif inner.kind == "symbol" and inner.text == "&":
            rows[-1].append([])
        else:
            rows[-1][-1].append(inner)
    if rows[-1] == [[]]:
        rows.pop()
    read = tuple(n.Row(written_out([parser.inside(cell) for cell in row if cell])) for row in rows)
    if not all(row.cells for row in read) or not read:
        raise Unreadable(
            "A row of this matrix is empty.",
            start=token.start,
            end=token.end,
            help="Write its entries between \\begin and \\end, with & and \\\\ between them.",
        )
    return n.Block(read, start=token.start, end=token.end)


def _command(parser: Parser, token: Token) -> n.Node:
    if token.text in {"sum", "prod"}:
        return big_operator(parser, token)
    if token.text == "ones":
        return constant(parser, "ones", token)
    if token.text == "dots":
        return n.Dots(start=token.start, end=token.end)
    if token.text in {"nabla", "partial"}:
        entry = derivative(parser, token)
        if entry is None:
            raise _derivative(token)
        return entry
    raise parser.unexpected(token)


def _brackets(parser: Parser, token: Token) -> n.Node:
    closer = {opener: closing for closing, opener in CLOSERS.items()}[token.text]
    saved, parser.bars = parser.bars, []
    nested = token.text == "[" and parser.is_symbol("[")
    rows = number_rows(parser, closer) or [_bracket_row(parser, closer)]
    while parser.is_symbol(";", "newline"):
        parser.take()
        rows.append(_bracket_row(parser, closer))
    parser.bars = saved
    end = parser.close(token, closer).end
    if len(rows) == 1 and len(rows[0]) == 1 and not isinstance(rows[0][0], n.Dots):
        if token.text == "[" and isinstance(rows[0][0], n.Block):
            return replace(rows[0][0], listed=False)
        return placed(_closed(rows[0][0]), token.start, end)
    if token.text == "[" and all(len(row) == 1 and isinstance(row[0], n.Block) for row in rows):
        return n.Block(tuple(b.rows[0] for (b,) in rows if isinstance(b, n.Block)))
    if nested and len(rows) == 1 and len(rows[0]) > 1:
        return n.Block(tuple(_as_row(item) for item in rows[0]), start=token.start, end=end)
    written = tuple(n.Row(written_out(row)) for row in rows)
    return n.Block(written, listed=len(rows) == 1, start=token.start, end=end)


def _closed(node: n.Node) -> n.Node:
    """A quotient in brackets, whose bottom cannot go further."""
    return replace(node, slash=False) if isinstance(node, n.Divide) else node


def _as_row(node: n.Node) -> n.Node:
    """One [...] of NumPy's [[1, 2], [3, 4]] as a row."""
    if isinstance(node, n.Block) and len(node.rows) == 1:
        return node.rows[0]
    return n.Row((node,))


def _bracket_row(parser: Parser, closer: str) -> list[n.Node]:
    items = [parser.expression()]
    while parser.is_symbol(",", "&"):
        parser.take()
        if parser.is_symbol(closer):
            break
        items.append(parser.expression())
    return items


def _bars(parser: Parser, token: Token) -> n.Node:
    parser.bars.append(token.text)
    inner = parser.expression()
    _split_double(parser, token)
    if not parser.is_symbol(token.text):
        raise Unreadable(
            f"The {token.text} opened here is never closed.",
            start=token.start,
            end=token.end,
            help=f"Write {token.text} ... {token.text}, or remove it.",
        )
    parser.bars.pop()
    end = parser.take().end
    if token.text == "|" and not has_sub(parser):
        return n.Norm(inner, "|", start=token.start, end=end)
    following, after = parser.token, parser.ahead()
    if following is not None and following.kind == "sup" and after and after.kind == "sub":
        tokens = [*parser.tokens]
        tokens[parser.at], tokens[parser.at + 1] = after, following
        parser.tokens = tokens
    kind = ""
    if has_sub(parser):
        script = parser.take()
        kind, end = "".join(script_texts(script.inner)), script.end
        if kind not in NORMS:
            raise Unreadable(
                f"The norm with subscript {kind!r} is not known here.",
                start=script.start,
                end=end,
                help="Use 1, 2, F or \\infty.",
            )
    return n.Norm(inner, NORMS[kind], start=token.start, end=end)


def _split_double(parser: Parser, opened: Token) -> None:
    """|a||b| has a double bar which closes one and opens another."""
    if opened.text == "|" and parser.is_symbol("‖"):
        double = parser.token
        assert double is not None
        halves = [Token("symbol", "|", double.start + k, double.start + k + 1) for k in (0, 1)]
        parser.tokens = [*parser.tokens[: parser.at], *halves, *parser.tokens[parser.at + 1 :]]


def _rounded(parser: Parser, token: Token) -> n.Node:
    inner = parser.expression()
    closer, name = ("⌋", "floor") if token.text == "⌊" else ("⌉", "ceil")
    return n.FunctionCall(name, (inner,), start=token.start, end=parser.close(token, closer).end)
