"""What stands after ^ and as a prime: transpose, inverse, pseudo-inverse or a power. No shapes."""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .bracketed import letters_of, new_axis, reshaped
from .code_calls import method
from .errors import Ambiguous, Unreadable
from .indexed_nodes import Aligned, EntryOf
from .parser import Parser, placed
from .render import plain
from .tokens import Token

TRANSPOSES: set[tuple[str, ...]] = {
    ("T",),
    ("top",),
    ("t",),
    ("tr",),
    ("'",),
    ("H",),
    ("*",),
    ("star",),
}
TRANSPOSES |= {("transpose",), ("T", "r")}
STARS = {("*",), ("star",), ("**",)}
PSEUDO_INVERSES = {("+",), ("dagger",), ("†",), ("pinv",)}
INVERSES = {("-", "1"), ("inv",)}
INVERSE_TRANSPOSES = {("-", "T"), ("-", "top"), ("-", "t")}


def with_scripts(parser: Parser, node: n.Node) -> n.Node:
    """The atom with every script, prime and method after it."""
    while parser.token is not None:
        token = parser.token
        if token.kind == "sup":
            node = powered(parser, node, parser.take())
        elif parser.is_symbol("'"):
            node = placed(n.Transpose(node), node.start, parser.take().end)
        elif parser.is_symbol("%", "‰"):
            node = _share(parser, node)
        elif parser.is_symbol(".") and _method(parser):
            node = _called(parser, node)
        elif parser.is_symbol("!"):
            raise Unreadable(
                "Factorials have no meaning here.",
                start=token.start,
                end=token.end,
                help="Write a product instead, as in \\prod_{i=1}^{n} i.",
            )
        elif token.kind == "sub" and _is_range(token) and isinstance(node, n.Diagonal):
            parser.take()
        elif token.kind == "sub" and (indices := letters_of(parser, token)):
            parser.take()
            node = EntryOf(node, indices, start=node.start, end=token.end)
        elif parser.is_symbol("[") and (kind := new_axis(parser)):
            node = Aligned(node, kind, start=node.start, end=parser.tokens[parser.at - 1].end)
        elif token.kind == "sub":
            raise Unreadable(
                "This subscript has no meaning here.",
                start=token.start,
                end=token.end,
                help="Subscripts belong to names of the question, as in x_i or I_d.",
            )
        else:
            break
    return node


def _share(parser: Parser, node: n.Node) -> n.Node:
    """25 % as 25/100; between two factors the sign is Python's remainder, and refused."""
    sign = parser.take()
    if parser.starts_factor():
        raise Ambiguous(
            f"{sign.text} between two factors has no meaning here.",
            start=sign.start,
            end=sign.end,
            help="Write 25 % as 0.25.",
        )
    whole = n.Number(100.0 if sign.text == "%" else 1000.0)
    return placed(n.Divide(node, whole), node.start, sign.end)


def powered(parser: Parser, node: n.Node, script: Token) -> n.Node:
    """The node under one superscript."""
    texts = script_texts(script.inner)
    start, end = node.start, script.end
    if texts and set(texts) == {"'"}:
        for _ in texts:
            node = placed(n.Transpose(node), start, end)
        return node
    if isinstance(node, n.Diagonal) and node.index and not _is_operation(texts):
        return node  # the upper end of diag(...)_{i=1}^{d}
    if texts in STARS:
        return _starred(parser, node, script)
    if texts in TRANSPOSES or (texts == ("t", "r") and not parser.context.declared.kind("t")):
        return placed(n.Transpose(node), start, end)
    if texts in PSEUDO_INVERSES:
        return placed(n.PseudoInverse(node), start, end)
    if texts in INVERSES:
        return placed(n.Inverse(node), start, end)
    if texts in INVERSE_TRANSPOSES:
        return placed(n.Transpose(placed(n.Inverse(node), start, end)), start, end)
    if not script.inner:
        raise Unreadable(
            "This exponent is empty.",
            start=script.start,
            end=script.end,
            help="Remove it or fill it in, as in A^{-1} or A^T.",
        )
    if texts[-1] in {"T", "top"} and len(texts) > 1:
        return _several(parser, node, script)
    inner = script.inner
    dotted = script.text == ".^" or inner[0].text in {"⊙", "∘"}
    exponent = parser.inside(inner[1:] if inner[0].text in {"⊙", "∘"} else inner)
    entries = dotted or (script.text == "**" and not _is_number(parser, node))
    return placed(n.Power(node, exponent, starred=entries, dotted=dotted), start, end)


def _is_number(parser: Parser, node: n.Node) -> bool:
    """Whether only numbers occur, so that ** can mean one thing only."""
    shapes = parser.context.declared.shapes
    return not any(
        isinstance(part, (n.Element, n.Constant, n.Block, n.Diagonal))
        or (isinstance(part, n.Symbol) and shapes[part.name] != ("1", "1"))
        for part in n.walk(node)
    )


def _starred(parser: Parser, node: n.Node, script: Token) -> n.Node:
    """w^* is the w that is asked for, A^* the transpose of a real matrix.

    A vector in front of a factor is transposed, as in w^*Aw: nothing else has a meaning there.
    """
    start, end = node.start, script.end
    declared = parser.context.declared
    rows, cols = declared.shapes[node.name] if isinstance(node, n.Symbol) else ("", "")
    if (rows, cols) == ("1", "1"):
        return placed(node, start, end)
    if cols != "1" or parser.starts_factor():
        return placed(n.Transpose(node), start, end)
    if not isinstance(node, n.Symbol) or node.name not in declared.unknowns:
        raise Ambiguous(
            f"The star on {plain(node)} can name another vector or transpose it.",
            start=start,
            end=end,
            help=f"Write {plain(node)}^T for the transpose.",
        )
    return placed(node, start, end)


def _several(parser: Parser, node: n.Node, script: Token) -> n.Node:
    """^{-1 T} and ^{+T}: one operation after the other."""
    head, tail = script.inner[:-1], script.inner[-1:]
    if script_texts(head) in STARS:  # w^{*T}: the star only names
        return powered(parser, node, Token("sup", "", script.start, script.end, tail))
    first = powered(parser, node, Token("sup", "", script.start, script.end, head))
    return powered(parser, first, Token("sup", "", script.start, script.end, tail))


def _is_operation(texts: tuple[str, ...]) -> bool:
    return texts in TRANSPOSES | PSEUDO_INVERSES | INVERSES | INVERSE_TRANSPOSES


def script_texts(inner: Sequence[Token]) -> tuple[str, ...]:
    """The bare texts of a script, groups and words opened."""
    texts: list[str] = []
    for token in inner:
        if token.kind in {"group", "sub"}:
            texts.extend(script_texts(token.inner))
        else:
            texts.append(token.text if not token.inner else "")
    return tuple(texts)


def _is_range(token: Token) -> bool:
    return len(token.inner) == 1 or any(inner.text == "=" for inner in token.inner)


METHODS = {"T", "mT", "t", "dot", "transpose", "sum", "mean", "shape", "size",
           "mm", "mv", "matmul", "reshape", "unsqueeze"}  # fmt: skip


def _method(parser: Parser) -> str:
    following = parser.ahead()
    joined = following is not None and following.kind in {"letter", "word", "function", "name"}
    text = following.text if following is not None and joined else ""
    return text if text in METHODS else ""


def _called(parser: Parser, node: n.Node) -> n.Node:
    """X.T, X.transpose(), X.dot(w), and what `code_calls` knows."""
    parser.take()
    name = parser.take()
    if name.text in {"sum", "mean", "shape", "size"}:
        return method(parser, node, name)
    if name.text in {"T", "mT"}:
        return placed(n.Transpose(node, dotted=name.text == "T"), node.start, name.end)
    if not parser.is_symbol("("):
        raise parser.unexpected(name)
    opener = parser.take()
    if name.text in {"reshape", "unsqueeze"}:
        kind = reshaped(parser, name, opener)
        return Aligned(node, kind, start=node.start, end=parser.tokens[parser.at - 1].end)
    if name.text in {"transpose", "t"}:
        return placed(n.Transpose(node), node.start, parser.close(opener, ")").end)
    (argument,) = parser.enclosed(opener, ")")[:1]
    return placed(n.Dot(node, argument, "@"), node.start, argument.end)
