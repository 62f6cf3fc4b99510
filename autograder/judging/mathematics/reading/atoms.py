"""The smallest parts of an expression: names, numbers, brackets, norms, fractions, blocks."""

from __future__ import annotations

from . import nodes as n
from .calls import big_operator, function, transposed_list
from .errors import FreeIndex, UnknownSymbol, Unreadable
from .naming import nearest, refuse_word
from .parser import CLOSERS, Parser, placed
from .tokens import MATRICES, Token

NORMS = {"": "", "2": "2", "1": "1", "F": "F", "infty": "inf", "fro": "F", "F,": "F"}


def atom(parser: Parser) -> n.Node:
    """Read one atom; raises `Unreadable` for anything that cannot begin one."""
    token = parser.take()
    if token.kind == "number" and token.text in {"0", "1"} and _has_sub(parser):
        return constant(parser, "zero" if token.text == "0" else "ones", token)
    if token.kind == "number":
        return n.Number(float(token.text), start=token.start, end=token.end)
    if token.kind in {"letter", "name"}:
        return _name(parser, token)
    if token.kind == "function":
        return function(parser, token)
    if token.kind == "group":
        return placed(parser.inside(token.inner), token.start, token.end)
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
    if token.kind == "word":
        raise refuse_word(token)
    raise parser.unexpected(token)


def _name(parser: Parser, token: Token) -> n.Node:
    context, start, end = parser.context, token.start, token.end
    member = _has_sub(parser) and token.text in context.declared.families
    if token.text in context.bound and not member:
        return n.Index(token.text, start=start, end=end)
    kind = context.declared.kind(token.text)
    if kind in {"identity", "zero", "ones"} and not _is_entry(parser, token):
        return constant(parser, kind, token)
    if kind == "dimension" and _has_sub(parser) and token.text in context.declared.families:
        return _symbol(parser, token)
    if kind == "dimension":
        return n.Dimension(token.text, start=start, end=end)
    if kind == "index" and not _has_sub(parser):
        return n.Index(token.text, start=start, end=end)
    if kind in {"symbol", "family"}:
        return _symbol(parser, token)
    return _undeclared(parser, token)


def _has_sub(parser: Parser) -> bool:
    return parser.token is not None and parser.token.kind == "sub"


def _is_entry(parser: Parser, token: Token) -> bool:
    """I[i,j] where I is also an array."""
    return token.text in parser.context.declared.shapes and parser.is_symbol("[")


def _symbol(parser: Parser, token: Token) -> n.Node:
    """A symbol, a member x_i or an entry a_{ij}, also with the script in the other order."""
    following, after = parser.token, parser.ahead()
    if following is not None and following.kind == "sup" and after is not None:
        if after.kind == "sub":
            swapped = [*parser.tokens]
            swapped[parser.at], swapped[parser.at + 1] = after, following
            parser.tokens = swapped
    if _has_sub(parser):
        script = parser.take()
        arity = parser.context.declared.arity(token.text)
        indices = tuple(_indices(parser, script, arity))
        return n.Element(token.text, indices, start=token.start, end=script.end)
    if parser.is_symbol("[") and parser.token is not None and parser.token.start == token.end:
        opener = parser.take()
        items = tuple(_with_free_indices(parser, lambda: parser.enclosed(opener, "]")))
        end = parser.tokens[parser.at - 1].end
        return n.Element(token.text, items, start=token.start, end=end)
    if parser.context.declared.kind(token.text) == "family":
        return _bare_family(parser, token)
    return n.Symbol(token.text, start=token.start, end=token.end)


def _bare_family(parser: Parser, token: Token) -> n.Node:
    declared = parser.context.declared
    family = declared.families[token.text]
    near = nearest(token.text, declared)
    hint = f"Write {token.text}_i for a member"
    raise UnknownSymbol(
        f"{token.text!r} without an index is not declared; {token.text}_i are the {family.takes} "
        f"of {family.of}.",
        name=token.text, start=token.start, end=token.end,
        help=f"{hint}, or {near} if that is meant." if near else hint + ".",
    )  # fmt: skip


def _indices(parser: Parser, script: Token, arity: int) -> list[n.Node]:
    """ij, i,j or i+1 as index expressions."""
    tokens = list(script.inner)
    if arity == 2 and all(t.kind in {"letter", "name", "word", "number"} for t in tokens):
        groups = [
            [Token("number" if c.isdigit() else "letter", c, t.start, t.end)]
            for t in tokens
            for c in (t.text if t.kind in {"word", "number"} else [t.text])
        ]
    else:
        groups = [[]]
        for token in tokens:
            if token.text == "," and token.kind == "symbol":
                groups.append([])
            else:
                groups[-1].append(token)
    inner = [Parser(group, parser.context) for group in groups]
    return _with_free_indices(parser, lambda: [p.complete() for p in inner])


def _with_free_indices(parser: Parser, read) -> list[n.Node]:  # type: ignore[no-untyped-def]
    """Read index expressions, where any undeclared single letter is an index."""
    context = parser.context
    free = {c for c in "abcdefghijklmnopqrstuvwxyz" if context.declared.kind(c) in {"", "family"}}
    added = [name for name in sorted(free) if name not in context.bound]
    context.bound.extend(added)
    try:
        return list(read())
    finally:
        del context.bound[len(context.bound) - len(added) :]


def _undeclared(parser: Parser, token: Token) -> n.Node:
    declared = parser.context.declared
    if token.text == "e" and parser.token is not None and parser.token.kind == "sup":
        script = parser.take()
        power = parser.inside(script.inner)
        return n.Call("exp", (power,), start=token.start, end=script.end)
    if token.text == "pi":
        return n.Number(3.141592653589793, start=token.start, end=token.end)
    shown = declared.latex.get(token.text, token.text)
    if token.text in "ijklmpqst" and len(token.text) == 1:
        raise FreeIndex(
            f"The index {token.text} is used outside of a sum or a subscript.",
            start=token.start, end=token.end, help="Only declared symbols can stand by themselves.",
        )  # fmt: skip
    near = nearest(token.text, declared)
    known = ", ".join([*declared.shapes, *declared.dims])
    raise UnknownSymbol(
        f"The symbol {shown} is not declared in this question.", name=token.text,
        start=token.start, end=token.end,
        help=f"Did you mean {near}?" if near else f"The symbols are {known}.",
    )  # fmt: skip


def constant(parser: Parser, kind: str, token: Token) -> n.Node:
    """I, I_d, 0_d, 0_{d×(n-d)}, 1_n."""
    rows: n.Node | None = None
    cols: n.Node | None = None
    end = token.end
    if _has_sub(parser):
        script = parser.take()
        end = script.end
        rows, cols = _sizes(parser, script)
    if kind == "ones" and rows is not None and cols is None:
        cols = n.Number(1.0)
    if kind == "zero" and rows is not None and cols is None and token.kind == "number":
        cols = n.Number(1.0)
    return n.Constant(kind, rows, cols, start=token.start, end=end)  # type: ignore[arg-type]


def _sizes(parser: Parser, script: Token) -> tuple[n.Node, n.Node | None]:
    tokens = list(script.inner)
    while len(tokens) == 1 and tokens[0].kind == "group":
        tokens = list(tokens[0].inner)
    if tokens and tokens[0].text == "(" and tokens[-1].text == ")" and len(tokens) > 2:
        if any(t.text in {",", "×"} for t in tokens[1:-1]):
            tokens = tokens[1:-1]
    for place, token in enumerate(tokens):
        if token.kind == "symbol" and token.text in {",", "×"}:
            first = Parser(tokens[:place], parser.context).complete()
            return first, Parser(tokens[place + 1 :], parser.context).complete()
    return Parser(tokens, parser.context).complete(), None


def _structure(parser: Parser, token: Token) -> n.Node:
    if token.kind == "frac":
        top, bottom = (parser.inside(_opened(part)) for part in token.inner)
        return n.Divide(top, bottom, start=token.start, end=token.end)
    if token.kind == "root":
        inner = tuple(parser.inside(_opened(part)) for part in token.inner)
        if len(inner) == 2:
            exponent = n.Divide(n.Number(1.0), inner[1])
            return n.Power(inner[0], exponent, start=token.start, end=token.end)
        return n.Call("sqrt", inner, start=token.start, end=token.end)
    if token.kind == "under":
        return placed(parser.inside(_opened(token.inner[1])), token.start, token.end)
    if token.text not in MATRICES:
        raise Unreadable("A list of statements cannot stand inside a formula.", start=token.start,
                         end=token.end, help="Give one formula.")  # fmt: skip
    return _matrix(parser, token)


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
    read = tuple(
        n.Row(transposed_list([Parser(cell, parser.context).complete() for cell in row if cell]))
        for row in rows
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
        raise Unreadable("Derivatives are not computed here.", start=token.start, end=token.end,
                         help="Give the result of the derivative.")  # fmt: skip
    raise parser.unexpected(token)


def _brackets(parser: Parser, token: Token) -> n.Node:
    closer = {opener: closing for closing, opener in CLOSERS.items()}[token.text]
    saved, parser.bars = parser.bars, []
    rows = [_bracket_row(parser, closer)]
    while parser.is_symbol(";", "newline"):
        parser.take()
        rows.append(_bracket_row(parser, closer))
    parser.bars = saved
    end = parser.close(token, closer).end
    if len(rows) == 1 and len(rows[0]) == 1 and not isinstance(rows[0][0], n.Dots):
        if token.text == "[" and isinstance(rows[0][0], n.Block):
            return rows[0][0]
        return placed(rows[0][0], token.start, end)
    if token.text == "[" and all(len(row) == 1 and isinstance(row[0], n.Block) for row in rows):
        return n.Block(tuple(b.rows[0] for (b,) in rows if isinstance(b, n.Block)))
    if token.text == "[" and len(rows) == 1 and all(_is_list(item) for item in rows[0]):
        inner = [item.rows[0] for item in rows[0] if isinstance(item, n.Block)]
        return n.Block(tuple(inner), start=token.start, end=end)
    return n.Block(tuple(n.Row(transposed_list(row)) for row in rows), start=token.start, end=end)


def _is_list(node: n.Node) -> bool:
    """Whether this is a [..] list of its own, as in NumPy's [[1, 2], [3, 4]]."""
    return isinstance(node, n.Block) and len(node.rows) == 1


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
        raise Unreadable(f"The {token.text} opened here is never closed.", start=token.start,
                         end=token.end, help="Close it, or remove it.")  # fmt: skip
    parser.bars.pop()
    end = parser.take().end
    if token.text == "|":
        return n.Norm(inner, "|", start=token.start, end=end)
    following, after = parser.token, parser.ahead()
    if following is not None and following.kind == "sup" and after and after.kind == "sub":
        tokens = [*parser.tokens]
        tokens[parser.at], tokens[parser.at + 1] = after, following
        parser.tokens = tokens
    kind = ""
    if _has_sub(parser):
        script = parser.take()
        kind, end = "".join(t.text for t in script.inner), script.end
        if kind not in NORMS:
            raise Unreadable(f"The norm with subscript {kind!r} is not known here.",
                             start=script.start, end=end, help="Use 1, 2, F or \\infty.")  # fmt: skip
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
    return n.Call(name, (inner,), start=token.start, end=parser.close(token, closer).end)
