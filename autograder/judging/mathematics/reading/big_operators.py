"""Sums and products, and what they run over. Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import nodes as n
from .errors import Ambiguous, Unreadable
from .parser import Parser
from .tokens import Token

Range = tuple[str, n.Node | None, n.Node | None]


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
        letters = {t.text: t for t in _indices(parser, parser.tokens[parser.at :])}
        if len(letters) != 1:
            raise _unclear_range(token, "This sum does not say what it runs over.")
        lower = replace(token, kind="sub", text="", inner=tuple(letters.values()))
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


def _indices(parser: Parser, tokens: Sequence[Token]) -> Iterator[Token]:
    """The letters alone in subscripts, as the i of \\sum y_i, that nothing else explains."""
    known = parser.context
    for token in tokens:
        if token.kind == "sub" and len(token.inner) == 1 and token.inner[0].kind == "letter":
            letter = token.inner[0]
            if known.declared.kind(letter.text) in {"", "index"} and letter.text not in known.bound:
                yield letter
        else:
            yield from _indices(parser, token.inner)


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
                help="Take another letter for the index, or give both bounds: \\sum_{i=1}^{n}.",
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
