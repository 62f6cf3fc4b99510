"""Sums of products of factors, read by precedence; `grammar` says what a factor is. No shapes."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from . import nodes as n
from .characters import CHARACTER_COMMANDS
from .context import Context
from .dots import multiplied_up, summed_up
from .errors import Ambiguous, Unreadable
from .tokens import Token

PRODUCT_SIGNS = {"·", "*", "@", "×", "⊙", "∘", "∖"}
CLOSERS = {")": "(", "]": "[", "}": "{", "⟩": "⟨", "⌋": "⌊", "⌉": "⌈"}
CLOSED = {opener: closer for closer, opener in CLOSERS.items()}
STARTERS = {"(", "[", "{", "|", "‖", "⌊", "⌈", "⟨"}
STARTING_KINDS = {"letter", "name", "number", "group", "frac", "root", "environment", "function",
                  "word", "under"}  # fmt: skip
STARTING_COMMANDS = {"sum", "prod", "ones", "dots", "infty", "nabla", "partial"}


class Parser(ABC):
    """Reads one list of tokens; groups inside it are read by a parser of their own."""

    def __init__(self, tokens: Sequence[Token], context: Context) -> None:
        self.tokens = tokens
        self.context = context
        self.at = 0
        self.bars: list[str] = []

    @property
    def token(self) -> Token | None:
        """The token that comes next, None at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def ahead(self, distance: int = 1) -> Token | None:
        """A token further on."""
        place = self.at + distance
        return self.tokens[place] if place < len(self.tokens) else None

    def is_symbol(self, *texts: str) -> bool:
        """Whether the next token is one of these signs."""
        token = self.token
        return token is not None and token.kind == "symbol" and token.text in texts

    def take(self) -> Token:
        """The next token, which must exist."""
        token = self.token
        if token is None:
            raise self.ended()
        self.at += 1
        return token

    def ended(self) -> Unreadable:
        """The error for a text that stops in the middle."""
        end = self.tokens[-1].end if self.tokens else 0
        return Unreadable(
            "The formula stops where something is still missing.",
            start=max(0, end - 1),
            end=end,
            help="Complete it: behind + and = and ^ something follows, as in A + B.",
        )

    def on(self, tokens: Sequence[Token]) -> Self:
        """A parser of the same grammar for other tokens of the same answer."""
        return type(self)(tokens, self.context)

    def inside(self, tokens: Sequence[Token]) -> n.Node:
        """Read a group completely."""
        return self.on(tokens).complete()

    def complete(self) -> n.Node:
        """One expression and nothing after it."""
        node = self.expression()
        if self.token is not None:
            raise self.unexpected(self.token)
        return node

    def unexpected(self, token: Token) -> Unreadable:
        """The error for a token that cannot stand where it does."""
        if token.text == ",":
            return Unreadable(
                "A list of several things cannot stand here.",
                start=token.start,
                end=token.end,
                help="Give one answer. Decimals stand behind a point, as in 2.5.",
            )
        text = token.text or {"sub": "_", "sup": "^"}.get(token.kind, "{...}")
        shown = {name: sign for sign, name in CHARACTER_COMMANDS.items()}.get(text, text)
        help = "A factor is expected before and behind each sign, as in A B + c."
        if text in CLOSERS:
            help = f"Nothing has opened it: write {CLOSERS[text]}...{text}, or remove it."
        return Unreadable(
            f"{shown!r} cannot stand here.", start=token.start, end=token.end, help=help
        )

    def expression(self) -> n.Node:
        """Terms with + and - between them."""
        terms = [self.signed_term()]
        while self.is_symbol("+", "-"):
            terms.append(self.signed_term())
        terms = summed_up(terms, self.context)
        return terms[0] if len(terms) == 1 else between(n.Add(tuple(terms)), terms[0], terms[-1])

    def signed_term(self) -> n.Node:
        """A term with any signs in front of it."""
        negative, start = False, self.token.start if self.token else -1
        while self.is_symbol("+", "-"):
            negative ^= self.take().text == "-"
        if self.is_symbol("±"):
            raise Ambiguous(
                "± stands for two answers.",
                start=start,
                end=start + 1,
                help="Give one of them, with + or with -.",
            )
        term = self.term()
        return n.Negate(term, start=start, end=term.end) if negative else term

    def term(self) -> n.Node:
        """Products with a sign between them, which binds looser than writing side by side."""
        left = self.product()
        while self.is_symbol(*PRODUCT_SIGNS):
            sign = self.take()
            right = self.signed_product()
            left = between(_joined(sign, left, right), left, right)
        return left

    def signed_product(self) -> n.Node:
        """A product which may carry a minus, as after a product sign."""
        if self.is_symbol("-", "+"):
            sign = self.take()
            inner = self.product()
            node = n.Negate(inner, start=sign.start, end=inner.end)
            return node if sign.text == "-" else inner
        return self.product()

    def product(self) -> n.Node:
        """Factors side by side; a / divides what stands before it by one factor."""
        factors = [self.factor()]
        while self.token is not None:
            if self.is_symbol("/"):
                slash = self.take()
                if self.is_symbol("/") and self.tokens[self.at].start == slash.end:
                    factors = [self._floor_division(side_by_side(factors))]
                    continue
                bottom = self.factor() if not self.is_symbol("-") else self.signed_product()
                top = side_by_side(factors)
                factors = [between(n.Divide(top, bottom, slash=True), top, bottom)]
            elif self.starts_factor():
                following = self.factor()
                refuse_unclear_neighbours(factors[-1], following)
                factors.append(following)
            else:
                break
        return side_by_side(multiplied_up(factors, self.context))

    def _floor_division(self, top: n.Node) -> n.Node:
        """Python's a // b, the largest whole number below a / b."""
        self.take()
        bottom = self.factor()
        node = between(n.Divide(top, bottom), top, bottom)
        return between(n.FunctionCall("floor", (node,)), top, bottom)

    def starts_factor(self) -> bool:
        """Whether the next token can begin a factor."""
        token = self.token
        if token is None:
            return False
        if token.kind == "symbol":
            if token.text in {"|", "‖"} and self.bars:
                return False
            return token.text in STARTERS
        return token.kind in STARTING_KINDS or (
            token.kind == "command" and token.text in STARTING_COMMANDS
        )

    @abstractmethod
    def factor(self) -> n.Node:
        """An atom with its powers, transposes and inverses."""

    def enclosed(self, opener: Token, closer: str) -> list[n.Node]:
        """Expressions separated by commas up to the closing bracket."""
        items = [self.item()]
        while self.is_symbol(",", ";"):
            self.take()
            if self.is_symbol(closer):
                break
            items.append(self.item())
        self.close(opener, closer)
        return items

    def item(self) -> n.Node:
        """One entry of a list, with bars of its own."""
        saved, self.bars = self.bars, []
        node = self.expression()
        self.bars = saved
        return node

    def close(self, opener: Token, *closers: str) -> Token:
        """Take the closing bracket or say which opening one has none."""
        if not self.is_symbol(*closers):
            if self.token is not None and self.token.text not in CLOSERS:
                raise self.unexpected(self.token)
            raise Unreadable(
                f"The bracket {opener.text} opened here is never closed.",
                start=opener.start,
                end=opener.end,
                help=f"Write {opener.text} ... {CLOSED[opener.text]}, or remove it.",
            )
        return self.take()


def _joined(sign: Token, left: n.Node, right: n.Node) -> n.Node:
    """Two factors with a product sign between them; A∖b is the solution of Ax = b."""
    if sign.text == "∖":
        return n.Multiply((placed(n.Inverse(left, divides=True), left.start, sign.end), right))
    if sign.text in "⊙∘":
        return n.Hadamard(left, right)
    return n.Dot(left, right, sign.text)


def refuse_unclear_neighbours(left: n.Node, right: n.Node) -> None:
    """Raise `Ambiguous` for X2, 2 3 and In, which stand for X², 23 or I_n as often as not."""
    if isinstance(right, n.Number) and right.value != math.pi:
        raise Ambiguous(
            "A number after another factor can be read in several ways.",
            start=left.start,
            end=right.end,
            help="Put numbers in front, as in 2 A, or write a power or an index: A^2, x_2.",
        )
    if _is_mixed(left, right):
        raise Ambiguous(
            "A number with a fraction behind it can be a sum or a product.",
            start=left.start,
            end=right.end,
            help="Write one fraction, as in \\frac{3}{2}, or put \\cdot between them.",
        )
    bare = isinstance(left, n.Constant) and left.rows is None
    if bare and isinstance(right, n.Dimension) and left.end == right.start:
        raise Ambiguous(
            f"An identity with {right.name} behind it can be read in two ways.",
            start=left.start,
            end=right.end,
            help=f"Write the size as a subscript, as in I_{right.name}, or the factor in front.",
        )


def _is_mixed(left: n.Node, right: n.Node) -> bool:
    """Whether this is 3½, written as a number and a fraction of whole numbers below 1."""
    if not (isinstance(left, n.Number) and isinstance(right, n.Divide)):
        return False
    top, bottom = right.top, right.bottom
    whole = isinstance(top, n.Number) and isinstance(bottom, n.Number) and top.value < bottom.value
    return whole and left.value.is_integer() and left.end == right.start


def side_by_side(factors: list[n.Node]) -> n.Node:
    """Factors as one product."""
    if len(factors) == 1:
        return factors[0]
    return between(n.Multiply(tuple(factors)), factors[0], factors[-1])


def between(node: n.Node, first: n.Node, last: n.Node) -> n.Node:
    """The node with its place in the text, from the first part to the last."""
    return replace(node, start=first.start, end=last.end)


def placed(node: n.Node, start: int, end: int) -> n.Node:
    """The node with its place in the text."""
    return replace(node, start=start, end=end)
