"""A formula as statements a = b = c, and which part is the answer. Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import nodes as n
from .commands import tokenize
from .declarations import Declarations, signature
from .errors import (
    Empty,
    TooLarge,
)
from .grammar import expression
from .naming import named
from .prefixes import moved_behind
from .remarks import without_constant, without_remarks
from .tokens import MAX_DEPTH, STATEMENTS, Token

RELATIONS = {"=", "≤", "≥", "<", ">", "≠", "≈", "∼", "∝", "→", "∈", "≪", "≫", ":"}
SEPARATORS = {"⇒", "⇔", "newline", "quad", ";"}
JOINING_WORDS = {"and", "so", "hence", "thus", "where", "then", "therefore", "since", "as", "with"}
OPENING, CLOSING = {"(", "[", "{", "⟨"}, {")", "]", "}", "⟩"}
CONTINUES = {"+", "-", "·", "*", "@", "×", "/"}


@dataclass(frozen=True, slots=True)
class Segment:
    """One side of a statement: the relation before it ("" for the first) and its tokens."""

    relation: str
    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        """Where the side begins in the text."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Where the side ends in the text."""
        return max(token.end for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Statement:
    """Sides joined by relations, in the order written."""

    segments: tuple[Segment, ...]

    @property
    def label(self) -> tuple[str, ...]:
        """The signature of the left-hand side without decoration."""
        return tuple(signature(token) for token in self.segments[0].tokens)


@dataclass(frozen=True, slots=True)
class Formula:
    """A text and the statements found in it."""

    text: str
    statements: tuple[Statement, ...]
    declared: Declarations

    def source(self, segment: Segment) -> str:
        """One side as it was written, with the braces that fonts left open."""
        end = segment.end
        while self.text[segment.start : end].count("{") > self.text[segment.start : end].count("}"):
            closing = self.text.find("}", end)
            if closing < 0:
                break
            end = closing + 1
        return self.text[segment.start : end].strip()

    def expression(self, segment: Segment, bound: Sequence[str] = ()) -> n.Node:
        """Read one side, in which `bound` are indices; raises `MathematicsError`."""
        node = expression(segment.tokens, self.declared, bound)
        if depth(node) > 2 * MAX_DEPTH:
            raise TooLarge(
                f"Operations are nested more than {2 * MAX_DEPTH} deep.",
                help="Simplify the answer.",
                start=segment.start,
                end=segment.end,
            )
        return node


def depth(node: n.Node) -> int:
    """How deep an expression is nested, found without recursion."""
    deepest, layer = 0, [node]
    while layer:
        deepest += 1
        layer = [child for part in layer for child in n.children(part)]
    return deepest


def formula(text: str, declared: Declarations) -> Formula:
    """Read a text into statements; raises `Empty` or another `MathematicsError`."""
    raw = _opened(tokenize(text))
    tokens = without_remarks(moved_behind(named(tuple(raw), declared)), declared)
    tokens = without_constant(tokens, declared)
    statements = tuple(Statement(tuple(s)) for s in _split(tokens) if s)
    if not statements:
        raise Empty("There is no formula here yet.", help="Write your answer as a formula.")
    return Formula(text, statements, declared)


def _opened(tokens: Sequence[Token]) -> list[Token]:
    """Environments that hold statements, put in place of themselves."""
    done: list[Token] = []
    for token in tokens:
        holds = token.kind == "environment" and (
            token.text in STATEMENTS or (token.text == "array" and _has_relation(token.inner))
        )
        if holds:
            if done and done[-1].text == "{" and done[-1].kind == "symbol":
                done.pop()
            done.extend(t for t in _opened(token.inner) if t.text != "&" or t.kind != "symbol")
            done.append(Token("symbol", "newline", token.end, token.end))
        elif token.kind == "group" and (
            any(t.kind == "environment" for t in token.inner) or _has_relation(token.inner)
        ):
            done.extend(_opened(token.inner))
        else:
            done.append(token)
    return done


def _has_relation(tokens: Sequence[Token]) -> bool:
    return any(t.kind == "symbol" and t.text in RELATIONS for t in tokens)


def _split(tokens: Sequence[Token]) -> Iterator[list[Segment]]:
    """Statements as lists of segments."""
    statement: list[Segment] = []
    side: list[Token] = []
    relation, separated = "", ""
    for place, (token, depth) in enumerate(_with_depth(tokens)):
        kind = "" if depth else _role(token, tokens[place + 1 : place + 2])
        if kind == "relation":
            if side or (separated and statement):
                if side:
                    statement.append(Segment(relation, tuple(side)))
            elif separated and not statement:
                statement = []
            relation, side, separated = token.text, [], ""
        elif kind == "separator":
            separated = token.text
        elif separated and not _continues(separated, token, side):
            if side:
                statement.append(Segment(relation, tuple(side)))
            yield statement
            statement, relation, side, separated = [], "", [token], ""
        else:
            side.append(token)
            separated = ""
    if side:
        statement.append(Segment(relation, tuple(side)))
    yield statement


def _with_depth(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    depth = 0
    for token in tokens:
        if token.kind == "symbol" and token.text in CLOSING:
            depth = max(0, depth - 1)
        yield token, depth
        if token.kind == "symbol" and token.text in OPENING:
            depth += 1


def _role(token: Token, following: Sequence[Token]) -> str:
    if token.text == "." and following and following[0].start == token.end:
        return ""  # the dot of X.T
    if token.kind == "symbol" and token.text in RELATIONS:
        return "relation"
    if token.kind == "symbol" and token.text in SEPARATORS | {",", "."}:
        return "separator"
    if token.kind == "word" and token.text.lower() in JOINING_WORDS:
        return "separator"
    return ""


def _continues(separator: str, token: Token, side: list[Token]) -> bool:
    """Whether a line goes on with the side before it."""
    if separator in {",", "."} or not side:
        return separator in {"quad", "newline"} and not side
    operator = token.kind == "symbol" and token.text in CONTINUES
    return separator in {"newline", "quad"} and (operator or side[-1].text in CONTINUES)
