"""Numbers as the world writes them: 0,25 and 1 000 000 beside 0.25. Knows no question.

A comma between digits is a decimal comma where no bracket makes it part of a list. What could be
a thousand as well as a one with three decimals is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .errors import Ambiguous
from .tokens import MATRICES, Token

OPENING, CLOSING = {"(", "[", "⟨"}, {")", "]", "⟩"}
THIN = {"\\,", "\\;", "\\:", "\\ ", "~", "\u2009", "\u202f", "\u00a0", " "}
BEFORE_NUMBERS = set("=+-·*/≤≥<>≈(")
ONE_ARGUMENT = {"exp", "sqrt", "log", "ln", "sin", "cos", "tan", "tanh", "abs"}
TURNS = {"T", "top", "t", "'", "dagger", "transpose", "H", "*", "star"}  # (0,1)^T is no number


def numerals(tokens: Sequence[Token], text: str, *, single: bool = False) -> list[Token]:
    """The tokens with the parts of each number joined, also inside fractions and exponents.

    Where a `single` number is asked for, the commas in (0,12 + 0,07) are decimal ones.
    Raises `Ambiguous` for 1,000 and for 1.000,5.
    """
    return _Numerals(tokens, text, single=single).all()


class _Numerals:
    def __init__(self, tokens: Sequence[Token], text: str, *, single: bool) -> None:
        self.tokens = tokens
        self.single = single
        self.text = text
        self.at = 0
        self.brackets: list[int] = []
        self.done: list[Token] = []

    def all(self) -> list[Token]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind == "number" and self._is_free():
                self.done.append(self._number())
                continue
            if token.kind == "symbol":
                self._refuse_cut_exponent(token)
                self._refuse_leading_comma(token)
                self._bracket(token)
            self.done.append(self._inside(token))
            self.at += 1
        return self.done

    def _inside(self, token: Token) -> Token:
        """A group or a script with its numbers joined; a subscript is a list of indices."""
        if not token.inner or token.kind == "sub":
            return token
        if token.kind == "environment" and token.text not in MATRICES:
            return token  # it is opened into statements, which are read after that
        return replace(token, inner=tuple(numerals(token.inner, self.text, single=self.single)))

    def _bracket(self, token: Token) -> None:
        if token.text in OPENING:
            self.brackets.append(len(self.done))
        elif token.text in CLOSING and self.brackets:
            self.brackets.pop()

    def _refuse_cut_exponent(self, comma: Token) -> None:
        """Raise `Ambiguous` for 2^0,5, of which the exponent is 0 in LaTeX."""
        script, after = self.tokens[self.at - 1], self._token(self.at + 1)
        cut = comma.text == "," and script.kind == "sup" and after and after.kind == "number"
        if not cut or self.brackets or self._gap(self.at) or self._gap(self.at + 1):
            return
        if [t.kind for t in script.inner] == ["number"] and "}" not in self.text[
            script.start : comma.start
        ]:
            raise Ambiguous(
                "It is not clear where this exponent ends.",
                start=script.start,
                end=comma.end + 1,
                help="Put it in braces, with a point before the decimals, as in 2^{1.5}.",
            )

    def _refuse_leading_comma(self, comma: Token) -> None:
        """Raise `Ambiguous` for ,5, of which only the 5 would be read."""
        before, after = self._token(self.at - 1) if self.at else None, self._token(self.at + 1)
        begins = before is None or (before.kind == "symbol" and before.text in BEFORE_NUMBERS)
        if comma.text == "," and begins and after is not None and after.kind == "number":
            raise Ambiguous(
                "A comma stands before this number.",
                start=comma.start,
                end=after.end,
                help="Write a zero and a point before the decimals, as in 0.5.",
            )

    def _is_free(self) -> bool:
        """Whether a number here stands for itself, and is not the 1 of a name such as W1."""
        before = self.tokens[self.at - 1] if self.at else None
        here = self.tokens[self.at]
        return before is None or before.kind != "letter" or before.end != here.start

    def _number(self) -> Token:
        """The number that begins here with all that belongs to it."""
        first = self.tokens[self.at]
        parts, signs = [first.text], []
        self.at += 1
        while (found := self._continuation()) is not None:
            sign, following = found
            signs.append(sign)
            parts.append(following.text)
        end = self.tokens[self.at - 1].end
        if self.brackets and self._is_dotted(end):
            self.at += 1  # NumPy prints 0. and 1.
            end += 1
        return replace(first, text=self._value(parts, signs, first.start, end), end=end)

    def _continuation(self) -> tuple[str, Token] | None:
        """The sign and the digits after it that continue a number; None where it ends."""
        gap = self._gap(self.at)
        following = self._token(self.at)
        if following is None:
            return None
        if following.kind == "number" and gap in THIN and _is_thousands(following):
            if gap == " " and self.brackets:
                return None  # [1 000] is a row of two
            self.at += 1
            return " ", following
        sign = _separator(following)
        after = self._token(self.at + 1)
        joined = sign and not gap and after is not None and after.kind == "number"
        gap = self._gap(self.at + 1).removeprefix(",}" if following.kind == "group" else "")
        if not joined or after is None or gap or self._is_list(following):
            return None
        if sign == "'" and not _is_thousands(after):
            return None
        self.at += 2
        return sign, after

    def _is_list(self, comma: Token) -> bool:
        """Whether a comma separates the items of a bracket; {,} never does."""
        if not self.brackets or comma.kind == "group":
            return False
        opener = self.done[self.brackets[-1]]
        if self._called() in ONE_ARGUMENT and opener.text == "(":
            return False
        if self.single and self._is_computed():
            return False
        last = self._token(self.at + 2)
        powered = self._token(self.at + 3)
        alone = len(self.done) == self.brackets[-1] + 1 and opener.text == "("
        closes = last is not None and last.text == ")"
        return not (alone and closes and powered is not None and _is_power(powered))

    def _called(self) -> str:
        """The name of the function whose arguments the open bracket holds; "" without one."""
        name, end = "", self.done[self.brackets[-1]].start
        for token in reversed(self.done[: self.brackets[-1]]):
            if token.kind not in {"letter", "word", "function"} or token.end != end:
                break
            name, end = token.text + name, token.start
        return name

    def _is_computed(self) -> bool:
        """Whether the open round bracket holds a sum or a product, and no arguments of a call."""
        place = self.brackets[-1]
        before = self.done[place - 1] if place else None
        call = before is not None and before.kind in {"letter", "word", "name"}
        depth, signs = 1, {t.text for t in self.done[place + 1 :]}
        for token in self.tokens[self.at :]:
            depth += (token.text in OPENING) - (token.text in CLOSING)
            if depth == 0:
                break
            signs.add(token.text)
        return self.done[place].text == "(" and not call and bool(signs & set("+-*/·×"))

    def _is_dotted(self, end: int) -> bool:
        following = self._token(self.at)
        if following is None or following.text != "." or following.start != end:
            return False
        after = self._token(self.at + 1)
        return after is None or after.start > following.end or after.text in {",", "]", ")", ";"}

    def _token(self, at: int) -> Token | None:
        return self.tokens[at] if at < len(self.tokens) else None

    def _gap(self, at: int) -> str:
        """What stands between a token and the one before it."""
        if not 0 < at < len(self.tokens):
            return ""
        return self.text[self.tokens[at - 1].end : self.tokens[at].start]

    def _value(self, parts: list[str], signs: list[str], start: int, end: int) -> str:
        """The digits of a number in Python's spelling."""
        if any("e" in part.lower() for part in parts[:-1]):
            raise Ambiguous(
                f"More digits stand behind the exponent of {parts[0]}.",
                start=start,
                end=end,
                help="Write the decimals before it, as in 1.5e3.",
            )
        grouped = [k for k, sign in enumerate(signs) if sign in {" ", "'"}]
        commas = [k for k, sign in enumerate(signs) if sign == ","]
        if not commas:
            return "".join(parts)
        thousands = all(_is_group(part) for part in parts[1:])
        if commas == [len(signs) - 1] and (grouped or not thousands or parts[0] == "0"):
            if "." not in parts[0] and _is_decimals(parts[-1]):
                return "".join(parts[:-1]) + "." + parts[-1]
            if _is_group(parts[-1].partition(".")[0]):
                return "".join(parts)  # 1,000.5
        if len(commas) == len(signs) > 1 and _is_english(parts):
            return "".join(parts)
        raise _unclear(self.text[start:end], "".join(parts), start, end)


def _separator(token: Token) -> str:
    """The , of 0,25, also as {,}, and the ' of 1'000; "" for anything else."""
    if token.kind == "group" and [t.text for t in token.inner] == [","]:
        return ","
    return token.text if token.kind == "symbol" and token.text in {",", "'"} else ""


def _is_decimals(digits: str) -> bool:
    """Whether these can stand behind a decimal comma: 25, also 25e-1."""
    return digits.lower().partition("e")[0].isdigit()


def _is_group(digits: str) -> bool:
    return len(digits) == 3 and digits.isdigit()


def _is_thousands(token: Token) -> bool:
    return _is_group(token.text.partition(".")[0])


def _is_english(parts: Sequence[str]) -> bool:
    """Whether these are the groups of 1,000,000 or 1,000,000.5."""
    last = parts[-1].partition(".")[0]
    first = parts[0].isdigit() and len(parts[0]) <= 3 and parts[0] != "0"
    return first and all(_is_group(part) for part in [*parts[1:-1], last])


def _is_power(token: Token) -> bool:
    """Whether this is an exponent, and no transpose of the list before it."""
    return token.kind == "sup" and not any(t.text in TURNS for t in token.inner)


def _unclear(written: str, digits: str, start: int, end: int) -> Ambiguous:
    if written.count(",") > 1:
        return Ambiguous(
            f"{written} can be read as several numbers.",
            start=start,
            end=end,
            help="Give one number, as in 1.5, with a point before the decimals.",
        )
    return Ambiguous(
        f"The comma in {written} can separate thousands or decimals.",
        start=start,
        end=end,
        help="Leave it out, as in 2000, or write a point before the decimals, as in 2.0.",
    )
