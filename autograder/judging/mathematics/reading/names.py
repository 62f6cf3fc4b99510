"""Names in an answer: symbols, members, entries, indices, sizes, constants. Knows no shapes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from . import nodes as n
from .bracketed import bracketed, is_entry, is_indexed, pair_below
from .errors import Ambiguous, FreeIndex, MathematicsError, TooLarge, UnknownSymbol, Unreadable
from .functions import declared_function, of_variable
from .naming import nearest
from .parser import Parser
from .render import plain_name
from .tokens import Token

MAX_INSERTED = 2000


def name(parser: Parser, token: Token) -> n.Node:
    """A name as what it stands for here: symbol, member, index, size or constant."""
    context, start, end = parser.context, token.start, token.end
    member = has_sub(parser) and token.text in context.declared.families
    if token.text in context.bound and not member:
        return n.Index(token.text, start=start, end=end)
    kind = context.declared.kind(token.text)
    if kind == "own":
        return _own(parser, token)
    if not kind and token.text[:3] == "bb_" and token.text[3:] in context.declared.identity:
        kind = "identity"
    if kind in {"identity", "zero", "ones"} and not _is_entry(parser, token):
        return constant(parser, kind, token)
    if kind == "dimension" and has_sub(parser) and token.text in context.declared.families:
        return symbol(parser, token)
    if kind == "dimension":
        return n.Dimension(token.text, start=start, end=end)
    if kind == "index" and not has_sub(parser):
        return n.Index(token.text, start=start, end=end)
    if kind == "function":
        return declared_function(parser, token)
    if token.text in context.declared.arguments:
        return of_variable(parser, token, n.Symbol(token.text, start=start, end=end))
    if kind in {"symbol", "family"}:
        return symbol(parser, token)
    return _undeclared(parser, token)


def _own(parser: Parser, token: Token) -> n.Node:
    """What a name of the student's own stands for; raises what is wrong with it."""
    value = parser.context.declared.own[token.text]
    if isinstance(value, MathematicsError):
        raise value
    parser.context.inserted += sum(1 for _ in n.walk(value))
    if parser.context.inserted > MAX_INSERTED:
        raise TooLarge(
            f"With what your own names stand for, the answer has more than {MAX_INSERTED} parts.",
            start=token.start,
            end=token.end,
            help="Give the answer in a simpler form, as in w = X^T y.",
        )
    return n.moved(value, token.start, token.end)


def has_sub(parser: Parser) -> bool:
    """Whether a subscript comes next."""
    return parser.token is not None and parser.token.kind == "sub"


def _is_entry(parser: Parser, token: Token) -> bool:
    """I[i,j] where I is also an array."""
    return token.text in parser.context.declared.shapes and parser.is_symbol("[")


def symbol(parser: Parser, token: Token) -> n.Node:
    """A symbol, a member x_i or an entry a_{ij}, also with the script in the other order."""
    following, after = parser.token, parser.ahead()
    if following is not None and following.kind == "sup" and after and after.kind == "sub":
        swapped = [*parser.tokens]
        swapped[parser.at], swapped[parser.at + 1] = after, following
        parser.tokens = swapped
    if has_sub(parser):
        script = parser.take()
        arity = parser.context.declared.arity(token.text)
        if entry := _entry_of_member(parser, token, script):
            return entry
        indices = tuple(_indices(parser, script, arity))
        return n.Element(token.text, indices, start=token.start, end=script.end)
    if token.text in parser.context.declared.arrays and is_indexed(parser):
        items = tuple(_with_free_indices(parser, lambda: bracketed(parser)))
        end = parser.tokens[parser.at - 1].end
        return n.Element(token.text, items, start=token.start, end=end)
    if is_entry(parser, token):
        items = tuple(_with_free_indices(parser, lambda: bracketed(parser)))
        end = parser.tokens[parser.at - 1].end
        return n.Element(token.text, items, start=token.start, end=end)
    if following is not None and (member := _numbered_above(parser, token, following)):
        return member
    if parser.context.declared.kind(token.text) == "family":
        return _bare_family(parser, token)
    return n.Symbol(token.text, start=token.start, end=token.end)


def _entry_of_member(parser: Parser, token: Token, script: Token) -> n.Node | None:
    """x_{ij} as entry j of the row x_i; raises `Ambiguous` where x_i are columns."""
    family = parser.context.declared.families.get(token.text)
    letters = [t for t in script.inner if t.text != ","]
    two = len(letters) == 2 and all(t.kind in {"letter", "name"} for t in letters)
    if family is None or family.takes not in {"rows", "columns"} or not two:
        return None
    if any(len(t.text) > 1 or t.text in parser.context.declared.shapes for t in letters):
        return None
    if family.takes == "columns":
        first, second = (t.text for t in letters)
        raise Ambiguous(
            f"{token.text}_{first}{second} can be entry {first} or entry {second} of a column.",
            start=token.start,
            end=script.end,
            help=f"Write it as an entry of the matrix: {family.of}_{{ij}} in row i and column j.",
        )
    indices = tuple(_indices(parser, script, 2))
    return n.Element(family.of, indices, start=token.start, end=script.end)


def _numbered_above(parser: Parser, token: Token, script: Token) -> n.Node | None:
    """x^{(i)} and x^{(i)T} as x_i, where x_i are declared; None for anything else."""
    inner = script.inner
    closed = next((k for k, t in enumerate(inner) if t.text == ")"), 0)
    bracketed = script.kind == "sup" and closed > 1 and inner[0].text == "("
    if not bracketed or token.text not in parser.context.declared.families:
        return None
    parser.take()
    place = parser.on(inner[1:closed])
    indices = tuple(_with_free_indices(parser, lambda: [place.complete()]))
    member = n.Element(token.text, indices, start=token.start, end=script.end)
    rest = inner[closed + 1 :]
    if not rest:
        return member
    parser.at -= 1
    tokens = [*parser.tokens]
    tokens[parser.at] = replace(script, inner=rest)
    parser.tokens = tokens
    return member


def _bare_family(parser: Parser, token: Token) -> n.Node:
    declared = parser.context.declared
    family = declared.families[token.text]
    near = nearest(token.text, declared)
    hint = f"Write {plain_name(token.text)}_i for a member"
    raise UnknownSymbol(
        f"{plain_name(token.text)} without an index is not declared; "
        f"{plain_name(token.text + '_i')} are the {family.takes} of {plain_name(family.of)}.",
        name=token.text,
        start=token.start,
        end=token.end,
        help=f"{hint}, or {plain_name(near)} if that is meant." if near else hint + ".",
    )


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
    inner = [parser.on(group) for group in groups]
    return _with_free_indices(parser, lambda: [p.complete() for p in inner])


def _with_free_indices(parser: Parser, read: Callable[[], list[n.Node]]) -> list[n.Node]:
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
        return n.FunctionCall("exp", (power,), start=token.start, end=script.end)
    if token.text == "delta" and has_sub(parser) and (pair := pair_below(parser)):
        end = parser.tokens[parser.at - 1].end
        return n.FunctionCall("delta", pair, start=token.start, end=end)
    if token.text == "pi":
        return n.Number(math.pi, start=token.start, end=token.end)
    if _is_euler(parser, token):
        return n.FunctionCall("exp", (n.Number(1.0),), start=token.start, end=token.end)
    shown = plain_name(token.text)
    if token.text in "ijklmpqst" and len(token.text) == 1:
        raise FreeIndex(
            f"The index {token.text} is used outside of a sum or a subscript.",
            start=token.start,
            end=token.end,
            help="An index belongs to a sum, as in \\sum_{i=1}^{n} x_i, or to a member, as in x_i.",
        )
    near = nearest(token.text, declared)
    known = ", ".join(plain_name(name) for name in [*declared.shapes, *declared.dims])
    symbols = f"The symbols are {known}." if known else "Write numbers, as in 1/2 or 2.5."
    raise UnknownSymbol(
        f"The symbol {shown} is not declared in this question.",
        name=token.text,
        start=token.start,
        end=token.end,
        help=f"Did you mean {plain_name(near)}?" if near else symbols,
    )


def _is_euler(parser: Parser, token: Token) -> bool:
    """Whether an e is Euler's number: where nothing is declared, and no exponent as in 5 e-4."""
    declared, place = parser.context.declared, parser.at - 1
    if token.text != "e" or declared.shapes or declared.dims:
        return False
    scaled = place > 0 and parser.tokens[place - 1].kind == "number"
    following = parser.token
    signed = following is not None and (following.kind == "number" or following.text in {"+", "-"})
    return not (scaled and signed)


def constant(parser: Parser, kind: str, token: Token) -> n.Node:
    """I, I_d, 0_d, 0_{d×(n-d)}, 1_n."""
    if parser.is_symbol("[") and kind == "identity":
        raise Unreadable(
            f"{token.text}[...] is no expectation here; {token.text} is the identity.",
            start=token.start,
            end=token.end,
            help=f"Use round brackets for a product: {token.text}(...).",
        )
    if kind == "ones" and has_sub(parser) and (pair := pair_below(parser)):
        end = parser.tokens[parser.at - 1].end
        return n.FunctionCall("delta", pair, start=token.start, end=end)
    rows: n.Node | None = None
    cols: n.Node | None = None
    end = token.end
    if has_sub(parser):
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
    bracketed = len(tokens) > 2 and tokens[0].text == "(" and tokens[-1].text == ")"
    if bracketed and any(t.text in {",", "×"} for t in tokens[1:-1]):
        tokens = tokens[1:-1]
    for place, token in enumerate(tokens):
        if token.kind == "symbol" and token.text in {",", "×"}:
            first = parser.inside(tokens[:place])
            return first, parser.inside(tokens[place + 1 :])
    return parser.inside(tokens), None
