"""A formula as statements a = b = c, and which part is the answer. Knows names but no shapes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from . import nodes as n
from .commands import tokenize
from .declarations import ONE_BY_ONE, Declarations, signature
from .environments import RELATIONS, opened
from .errors import Ambiguous, Empty, TooLarge
from .grammar import expression
from .naming import named
from .numerals import numerals
from .plain_lines import with_lines
from .prefixes import moved_behind
from .remarks import with_places, without_constant, without_remarks
from .spoken import (
    ALTERNATIVES,
    CONSEQUENCES,
    LISTING,
    OTHERWISE,
    REMARKS,
    bare,
    first_word,
    restated,
    with_signs,
)
from .spoken_values import with_values
from .tokens import MAX_DEPTH, Token

SEPARATORS = {"⇒", "⇔", "newline", "quad", ";"}
CONDITIONS = {"if", "when", "whenever", "for"}
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
    """Sides joined by relations, in the order written, and what joins them to those before.

    `joined` is a sign or a word; "if" where a condition stands before it.
    """

    segments: tuple[Segment, ...]
    joined: str = ""

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
                help="Keep only the final formula, as in w = X^T y.",
                start=segment.start,
                end=segment.end,
            )
        return node


def gives_own(read: Formula, segments: Sequence[Segment]) -> bool:
    """Whether these sides give one of the student's own names a value."""
    name = segments[0].tokens
    alone = len(name) == 1 and read.declared.kind(name[0].text) == "own"
    return alone and len(segments) > 1 and segments[1].relation == "="


def depth(node: n.Node) -> int:
    """How deep an expression is nested, found without recursion."""
    deepest, layer = 0, [node]
    while layer:
        deepest += 1
        layer = [child for part in layer for child in n.children(part)]
    return deepest


def formula(text: str, declared: Declarations) -> Formula:
    """Read a text into statements; raises `Empty` or another `MathematicsError`."""
    single = declared.shape == ONE_BY_ONE
    lines = with_lines(tokenize(restated(text)), text)
    raw = numerals(opened(lines), text, single=single)
    spoken = with_values(moved_behind(named(tuple(raw), declared)), declared)
    tokens = without_remarks(with_places(spoken, declared), declared)
    tokens = with_signs(without_constant(tokens, declared))
    statements = tuple(_split(tokens))
    if not statements:
        raise Empty(
            "There is no formula here yet.",
            help="Write your answer as a formula, as in $w = X^T y$.",
        )
    return Formula(text, statements, declared)


def _split(tokens: Sequence[Token]) -> list[Statement]:
    """Statements in the order written."""
    splitter = _Splitter()
    for place, (found, depth) in enumerate(_with_depth(tokens)):
        token = found if depth else _as_product(found, tokens, place)
        role = "" if depth else _role(token, tokens[place + 1 : place + 2])
        splitter.take(token, role)
    return splitter.end()


class _Splitter:
    """Collects sides into statements; a remark is passed over up to what follows from it."""

    def __init__(self) -> None:
        self.done: list[Statement] = []
        self.segments: list[Segment] = []
        self.side: list[Token] = []
        self.relation, self.separated = "", ""
        self.joined, self.between = "", ""
        self.remark = ""

    def take(self, token: Token, role: str) -> None:
        """One more token, which is a relation, a separator, the begin of a remark or neither."""
        if first_word(token) in OTHERWISE:
            raise _second_case(token)
        if self.remark and not (role == "separator" and _ends_remark(token)):
            return
        if role == "remark" and (self.side or self.segments):
            self.remark = first_word(token)
        elif token.text == ":" and role and not self.side:
            return  # the colon of "or:"
        elif role == "relation":
            self._end_side()
            self.relation, self.separated, self.between = token.text, "", ""
        elif role:
            self._separate(first_word(token) or token.text)
        elif self.separated and not _continues(self.separated, token, self.side):
            self._end_statement()
            self.side = [token]
        else:
            self.side.append(token)
            self.separated, self.between = "", ""

    def end(self) -> list[Statement]:
        """The statements, once every token has been taken; raises `Ambiguous` for "10 or so"."""
        if self.segments or self.side:
            self._refuse_open_end()
        self._end_statement()
        return self.done

    def _refuse_open_end(self) -> None:
        if self.separated in ALTERNATIVES:
            last = (self.side or [*self.segments[-1].tokens])[-1]
            raise Ambiguous(
                "“or” leaves the answer open.",
                start=last.start,
                end=last.end,
                help="Give one answer, as in a = b.",
            )

    def _separate(self, separator: str) -> None:
        if self.separated in ALTERNATIVES and separator in CONSEQUENCES:
            return  # 10 or so
        self.separated = separator
        if separator.isalpha() or separator in {"⇒", "⇔"} or not self.between:
            self.between = "if" if self.remark in CONDITIONS else separator
        self.remark = ""

    def _end_side(self) -> None:
        tokens = bare(self.side)
        if tokens:
            self.segments.append(Segment(self.relation, tuple(tokens)))
        self.relation, self.side = "", []

    def _end_statement(self) -> None:
        self._end_side()
        if self.segments:
            self.done.append(Statement(tuple(self.segments), self.joined))
        self.segments, self.joined, self.between, self.separated = [], self.between, "", ""


def _as_product(token: Token, tokens: Sequence[Token], place: int) -> Token:
    """A full stop with a gap on both sides of it, as the product sign that it stands for."""
    if token.text != "." or not 0 < place < len(tokens) - 1:
        return token
    before, after = tokens[place - 1], tokens[place + 1]
    gaps = before.end < token.start and token.end < after.start
    factors = before.kind != "word" and after.kind != "word"
    return replace(token, text="·") if gaps and factors else token


def _second_case(token: Token) -> Ambiguous:
    return Ambiguous(
        f"“{token.text}” gives a second answer.",
        start=token.start,
        end=token.end,
        help="Give one answer for all cases, as in a = b.",
    )


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
    word = first_word(token)
    if word in CONSEQUENCES | ALTERNATIVES | LISTING:
        return "separator"
    return "remark" if word in REMARKS else ""


def _ends_remark(token: Token) -> bool:
    return first_word(token) in CONSEQUENCES or token.text in {"⇒", "⇔", "newline"}


def _continues(separator: str, token: Token, side: list[Token]) -> bool:
    """Whether a line goes on with the side before it."""
    if separator in {",", "."} or not side:
        return separator in {"quad", "newline"} and not side
    operator = token.kind == "symbol" and token.text in CONTINUES
    return separator in {"newline", "quad"} and (operator or side[-1].text in CONTINUES)
