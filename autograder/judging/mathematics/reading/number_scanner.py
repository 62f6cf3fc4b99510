"""The digits of numbers, as they are typed: 12, .25, 1e-3, 1_000, ¼ and ². Knows no question."""

from __future__ import annotations

from dataclasses import replace

from . import characters as table
from .errors import Ambiguous
from .spelling import digits_end, is_latex, number_end
from .tokens import Token


class NumberScanner:
    """Reads the numbers of one text; every method leaves `at` behind what it has read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.latex = is_latex(text)

    def at_space(self, c: str) -> bool:
        """Whether this sign says nothing, as a gap does, or the ~ of LaTeX."""
        if c == "~":
            return not self._at_about()
        return c.isspace() or c in "$\u00a0" or c in table.COMBINING_DROPPED

    def _at_about(self) -> bool:
        """Whether the ~ here is the one of ~10, which leaves a number open."""
        before, after = self.text[: self.at].rstrip()[-1:], self.text[self.at + 1 : self.at + 2]
        return not self.latex and after.isdigit() and before in {"", "=", ":"}

    def at_point(self) -> bool:
        """Whether a number such as .25 begins here."""
        before, after = self.text[self.at - 1 : self.at], self.text[self.at + 1 : self.at + 2]
        begins = not before or not (before.isalnum() or before in ".)]}'_^")
        return self.text[self.at] == "." and begins and after.isascii() and after.isdigit()

    def small_fraction(self, c: str, start: int) -> Token:
        """¼ as a fraction; raises `Ambiguous` behind a number."""
        if self.text[:start].rstrip()[-1:].isdigit():
            raise Ambiguous(
                f"A number with {c} behind it can be a sum or a product.",
                start=start - 1,
                end=self.at,
                help="Write one fraction, as in 3/2.",
            )
        parts = (Token("number", part, start, self.at) for part in table.FRACTIONS[c])
        return Token("frac", "", start, self.at, tuple(parts))

    def small(self, tokens: list[Token]) -> None:
        """Append the script that small characters above or below the line make."""
        start = self.at
        kind, letters = ("sup", table.SUPERSCRIPTS)
        if self.text[start] in table.SUBSCRIPTS:
            kind, letters = "sub", table.SUBSCRIPTS
        inner: list[Token] = []
        while self.at < len(self.text) and self.text[self.at] in letters:
            c = letters[self.text[self.at]]
            what = "number" if c.isdigit() else "letter" if c.isalpha() else "symbol"
            if c == "†":
                what, c = "command", "dagger"
            if what == "number" and inner and inner[-1].kind == "number":
                inner[-1] = replace(inner[-1], text=inner[-1].text + c, end=self.at + 1)
            else:
                inner.append(Token(what, c, self.at, self.at + 1))
            self.at += 1
        tokens.append(Token(kind, "", start, self.at, tuple(inner)))

    def number(self) -> Token:
        """The number that begins here."""
        start = self.at
        self.at = self._thousands(digits_end(self.text, start))
        self.at = number_end(self.text, self.at, exponents=not self.latex)
        return Token("number", self.text[start : self.at].replace("_", ""), start, self.at)

    def _thousands(self, at: int) -> int:
        """Where the _000 of Python's 1_000 end."""
        while not self.latex and self.text[at : at + 1] == "_":
            group = self.text[at + 1 : at + 5]
            if not (group[:3].isascii() and group[:3].isdigit()) or len(group) < 3:
                break
            if group[3:].isalnum():
                break
            at += 4
        return at
