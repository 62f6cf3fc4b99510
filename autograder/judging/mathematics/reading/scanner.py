"""From characters to tokens: letters, numbers, groups, scripts. Knows no question."""

from __future__ import annotations

from dataclasses import replace

from . import characters as table
from .errors import Ambiguous, TooLarge, Unreadable
from .number_scanner import NumberScanner
from .spelling import is_comment, is_delimiter, is_matlab_comment, quoted, spoken_accent, suffix
from .stacked import divided
from .tokens import MAX_DEPTH, MAX_TOKENS, Token

SCRIPT_HELP = "Put what belongs to it in braces, as in x_{i} or A^{-1}."


class Scanner(NumberScanner):
    """Reads one text from left to right; every method leaves `at` behind what it has read."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.made = 0
        self.depth = 0
        self.opened: list[str] = []

    def until(self, closer: str) -> list[Token]:
        """The tokens up to `closer` ("" for the end, "}" for a group, "end" for an environment)."""
        opened = self.at
        self.deeper()
        tokens: list[Token] = []
        while self.at < len(self.text):
            if self._closes(closer):
                self.depth -= 1
                return divided(tokens)
            self.one(tokens)
        if closer:
            what = "brace {" if closer == "}" else "\\begin"
            raise Unreadable(
                f"The {what} opened here is never closed.",
                start=max(0, opened - 1),
                end=opened,
                help="Close it, or remove it: every { needs a }, every \\begin an \\end.",
            )
        self.depth -= 1
        return divided(tokens)

    def sign(self, text: str, start: int, tokens: list[Token]) -> None:
        """Append a sign read from `start` on; of two bars beside each other it makes a double."""
        bar = text == "|" and tokens and tokens[-1].kind == "symbol" and tokens[-1].text == "|"
        if bar and is_delimiter(self.text[tokens[-1].end : start]):
            tokens[-1] = replace(tokens[-1], text="‖", end=self.at)
        else:
            tokens.append(Token("symbol", text, start, self.at))

    def _closes(self, closer: str) -> bool:
        if closer == "}" and self.text[self.at] == "}":
            self.at += 1
            return True
        if closer == "end" and self.text.startswith("\\end", self.at):
            start = self.at
            self.at += 4
            self._check_end(self.raw_group().rstrip("*"), start)
            return True
        return False

    def _check_end(self, name: str, start: int) -> None:
        opened = self.opened.pop()
        if name != opened:
            raise Unreadable(
                f"\\begin{{{opened}}} is closed by \\end{{{name}}}.",
                start=start,
                end=self.at,
                help=f"Close it with \\end{{{opened}}}.",
            )

    def one(self, tokens: list[Token]) -> None:
        """Read what stands at `at` and append its tokens."""
        self.made += 1
        if self.made > MAX_TOKENS:
            raise TooLarge(
                f"This answer has more than {MAX_TOKENS} signs.",
                help="Keep only the final formula, as in w = X^T y.",
                start=self.at,
                end=self.at + 1,
            )
        c = self.text[self.at]
        if self.at_space(c):
            self.at += 1
        elif c == "\\":
            self.command(tokens)
        elif c == "{":
            start = self.at
            self.at += 1
            inner = tuple(self.until("}"))
            single = [token.kind for token in inner] == ["letter"]  # as in {\bf v}_i
            tokens.append(inner[0] if single else Token("group", "", start, self.at, inner))
        elif not self.latex and (
            (c == "#" and is_comment(self.text, self.at))
            or (c == "%" and is_matlab_comment(self.text, self.at))
        ):
            self.at = (self.text + "\n").find("\n", self.at)
        elif c == "}":
            raise Unreadable(
                "This } closes nothing.",
                start=self.at,
                end=self.at + 1,
                help="Remove it, or open it with {.",
            )
        elif c in "^_" or self._is_power():
            self._script(tokens)
        elif c in table.SUPERSCRIPTS or c in table.SUBSCRIPTS:
            self.small(tokens)
        elif c in table.COMBINING:
            self._combine(tokens)
        else:
            self._character(tokens)

    def _is_power(self) -> bool:
        """Whether the ** of a power or MATLAB's .^ stands here, not the stars of w^{**}."""
        following = self.text[self.at : self.at + 3]
        starred = following.startswith("**") and following != "**}"
        return starred or (following.startswith(".^") and not self.latex)

    def _character(self, tokens: list[Token]) -> None:
        start, c = self.at, self.text[self.at]
        if (c.isdigit() and c.isascii()) or self.at_point():
            tokens.append(self.number())
            return
        accented, end = ("", start) if self.latex else spoken_accent(self.text, start)
        if accented:
            self.at = end
            tokens.append(Token("letter", accented, start, end))
            return
        word = "" if self.latex else quoted(self.text, start)
        self.at += len(word) + 2 if word else 1
        if word:
            tokens.append(Token("word", word, start, self.at))
        elif self.text.startswith("...", start):
            self.at += 2
            tokens.append(Token("command", "dots", start, self.at))
        elif c in table.PUNCTUATION or c in table.CHARACTERS:
            text = table.CHARACTERS.get(c, c)
            if c == "." and not self.latex and self.text[self.at : self.at + 1] in {"'", "*"}:
                text = {"'": "'", "*": "⊙"}[self.text[self.at]]
                self.at += 1
            elif text in "|:" and self.text[self.at : self.at + 1] == {"|": "|", ":": "="}[text]:
                self.at += 1
                text = {"|": "‖", ":": "="}[text]
            elif text == "=" and self.text[self.at : self.at + 1] in set("=><:"):
                text = {"=": "=", ":": "=", ">": "⇒", "<": "≤"}[self.text[self.at]]
                self.at += 1
            elif text == "-" and self.text[self.at : self.at + 1] == ">":
                self.at += 1
                text = "→"
            elif text in "<>" and self.text[self.at : self.at + 1] == "=":
                self.at += 1
                text = "≤" if text == "<" else "≥"
            self.sign(text, start, tokens)
        elif c in table.CHARACTER_COMMANDS:
            tokens.append(Token("command", table.CHARACTER_COMMANDS[c], start, self.at))
        elif c in table.FRACTIONS:
            tokens.append(self.small_fraction(c, start))
        elif c == "√":
            under = (self._radicand(),)
            tokens.append(Token("root", "", start, self.at, under))
        elif table.plain_letter(c)[0]:
            letter, accent = table.plain_letter(c)
            tokens.append(
                Token("letter", f"{accent}_{letter}" if accent else letter, start, self.at)
            )
        else:
            raise Unreadable(
                f"The character {c!r} has no meaning here.",
                start=start,
                end=self.at,
                help="Write the formula in LaTeX, as in X^T y, or move words out of it.",
            )

    def _radicand(self) -> Token:
        """What stands under √: a bracket, or one sign."""
        inner = self.argument()
        while [t.text for t in inner].count("(") > [t.text for t in inner].count(")"):
            if self.at >= len(self.text):
                break
            self.one(inner)
        return self.group(inner)

    def _combine(self, tokens: list[Token]) -> None:
        accent = table.COMBINING[self.text[self.at]]
        if not tokens or tokens[-1].kind != "letter":
            raise Unreadable(
                "This accent stands on nothing.",
                start=self.at,
                end=self.at + 1,
                help="Put it on a letter, as in \\hat{w}.",
            )
        self.at += 1
        tokens[-1] = replace(tokens[-1], text=f"{accent}_{tokens[-1].text}", end=self.at)

    def _script(self, tokens: list[Token]) -> None:
        start = self.at
        sign = self.text[start : start + 2] if self.text[start] in "*." else ""
        self.at += 2 if sign else 1
        kind = "sub" if self.text[start] == "_" else "sup"
        inner = self.argument(kind)
        if len(inner) == 1 and inner[0].kind == kind:  # ^{⁻¹}, a small character of its own
            inner = list(inner[0].inner)
        tokens.append(Token(kind, sign, start, self.at, tuple(inner)))

    def argument(self, kind: str = "") -> list[Token]:
        """What a command or a script takes: a group, or one sign."""
        self.deeper()
        tokens = self._argument(kind)
        self.depth -= 1
        return tokens

    def deeper(self) -> None:
        """Count one more level of nesting; raises `TooLarge` beyond the limit."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooLarge(
                f"Groups are nested more than {MAX_DEPTH} deep.",
                help="Keep only the final formula, as in w = X^T y.",
                start=self.at,
                end=self.at + 1,
            )

    def _argument(self, kind: str) -> list[Token]:
        while self.text[self.at : self.at + 1].isspace():
            self.at += 1
        if self.at >= len(self.text):
            raise Unreadable(
                "Something is missing at the end.", start=self.at - 1, end=self.at, help=SCRIPT_HELP
            )
        c = self.text[self.at]
        if c == "{":
            self.at += 1
            return self.until("}")
        if kind and not self.latex and table.CHARACTERS.get(c, c) in "(-+":
            return self._plain_script()
        if kind == "sub" and (word := suffix(self.text, self.at)):
            self.at += len(word)
            return [Token("word", word, self.at - len(word), self.at)]
        if c.isdigit() and c.isascii() and (not kind or self.latex):
            return [self._one_digit(kind)]
        tokens: list[Token] = []
        while not tokens and self.at < len(self.text):
            self.one(tokens)
        return tokens

    def _one_digit(self, kind: str) -> Token:
        following = self.text[self.at + 1 : self.at + 2]
        if kind and following.isdigit():
            raise Ambiguous(
                "Only the first digit of this script would be read.",
                start=self.at - 1,
                end=self.at + 2,
                help=SCRIPT_HELP,
            )
        self.at += 1
        return Token("number", self.text[self.at - 1], self.at - 1, self.at)

    def _plain_script(self) -> list[Token]:
        """The -1, +, (-1) or (n-1) after ^ in plain text."""
        tokens: list[Token] = []
        self.one(tokens)
        if tokens[0].text == "-":
            self.one(tokens)
        while tokens[0].text == "(" and tokens[-1].text != ")":
            if self.at >= len(self.text):
                raise Unreadable(
                    "The bracket ( opened here is never closed.",
                    help="Close it, as in A^(-1).",
                    start=tokens[0].start,
                    end=tokens[0].end,
                )
            self.one(tokens)
        return tokens[1:-1] if tokens[0].text == "(" else tokens

    def command(self, tokens: list[Token]) -> None:
        """Read what a backslash begins."""
        raise NotImplementedError("commands are read by the subclass")

    def raw_group(self) -> str:
        """The bare text of a group, for names of environments."""
        start = self.at
        if self.text[start : start + 1] != "{" or self.text.find("}", start) < 0:
            raise Unreadable(
                "The name of the environment is missing.",
                start=start,
                end=start + 1,
                help="Write \\begin{bmatrix} ... \\end{bmatrix}.",
            )
        self.at = self.text.find("}", start) + 1
        return self.text[start + 1 : self.at - 1]

    def group(self, inner: list[Token]) -> Token:
        """Tokens as one group."""
        start = inner[0].start if inner else self.at
        return Token("group", "", start, self.at, tuple(inner))
