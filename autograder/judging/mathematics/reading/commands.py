"""From LaTeX commands to tokens: fonts, accents, fractions, roots, environments. No question."""

from __future__ import annotations

from dataclasses import replace

from . import characters as table
from .errors import TooLarge, Unreadable
from .scanner import Scanner
from .stacked import ARROWS, stacked
from .struck import Struck
from .tokens import MATRICES, MAX_CHARACTERS, STATEMENTS, Token

FRACTIONS = {"frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "flatfrac"}
BARS = {"norm": "‖", "abs": "|"}
CODE = {"np.sum", "np.mean"}
STRUCK = {"cancel", "bcancel", "xcancel", "sout"}


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a formula; raises `TooLarge` or `Unreadable` with the place."""
    if len(text) > MAX_CHARACTERS:
        raise TooLarge(
            f"This answer has {len(text)} characters; at most {MAX_CHARACTERS} are read.",
            help="Keep the final formula and move the derivation out of it.",
        )
    scanner = _CommandScanner(text)
    tokens = tuple(scanner.until(""))
    scanner.struck.check(text)
    return tokens


class _CommandScanner(Scanner):
    """Reads the commands of one text."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.struck = Struck()

    def command(self, tokens: list[Token]) -> None:
        """Read what a backslash begins."""
        start = self.at
        self.at += 1
        while self.text[self.at : self.at + 1].isalpha() and self.text[self.at].isascii():
            self.at += 1
        if self.at == start + 1:
            self.at += 1
        name = self.text[start + 1 : self.at]
        if not self.latex and len(name) == 1 and (name in " (" or name.isalpha()):
            self.at = start + 1
            tokens.append(Token("symbol", "∖", start, self.at))  # MATLAB's A \ b
            return
        if name.endswith("*"):
            name = name[:-1]
        if self.text[self.at : self.at + 1] == "*" and name in {"operatorname", *BARS}:
            self.at += 1
        self._named(name, start, tokens)

    def _named(self, name: str, start: int, tokens: list[Token]) -> None:
        if name in table.DROPPED:
            self._dropped(name)
        elif name in table.DROPPED_WITH_ARGUMENT:
            self.at += self.text[self.at : self.at + 1] == "*"
            self.argument()
        elif name in table.GREEK_COMMANDS:
            tokens.append(Token("letter", table.GREEK_COMMANDS[name], start, self.at))
        elif name in table.SYMBOLS:
            self.sign(table.SYMBOLS[name], start, tokens)
        elif name in table.COMMANDS:
            tokens.append(Token("command", table.COMMANDS[name], start, self.at))
        elif name in table.COMMAND_WORDS and not self._is_barred(name):
            tokens.append(Token("word", name, start, self.at))
        else:
            self._structured(name, start, tokens)

    def _is_barred(self, name: str) -> bool:
        """Whether this is \\norm{...} of a package, which stands for bars."""
        return name in BARS and self.text[self.at :].lstrip()[:1] == "{"

    def _structured(self, name: str, start: int, tokens: list[Token]) -> None:
        """Commands with arguments: fonts, accents, fractions, roots, environments."""
        if name in {"mathbb", "mathds", "mathbbm", "Bbb"}:
            tokens.extend(_blackboard(self.argument()))
        elif name in table.FONTS:
            tokens.extend(self._font(name))
        elif name in table.WORDS:
            begin = self.at
            inner = self.argument()
            tokens.append(_word(inner, self.text[begin : self.at], start, self.at))
        elif name in table.ACCENTS:
            tokens.extend(self._accented(table.ACCENTS[name], start))
        elif name in FRACTIONS:
            tokens.append(self._fraction(start))
        elif name == "sqrt":
            tokens.append(self._root(start))
        elif name in {"underset", "overset", "stackrel"}:
            below, main = self.group(self.argument()), self.group(self.argument())
            tokens.extend(stacked(Token("under", name, start, self.at, (below, main))))
        elif name in ARROWS:
            self.option()
            self.argument()
            tokens.append(Token("symbol", ARROWS[name], start, self.at))
        elif name in BARS:
            opened = self.at
            tokens.append(Token("symbol", BARS[name], start, opened))
            tokens.extend([*self.argument(), Token("symbol", BARS[name], self.at - 1, self.at)])
        elif name in STRUCK:
            struck = Token("group", "", start, self.at, tuple(self.argument()))
            self.struck.parts.append(replace(struck, end=self.at))
            tokens.extend(struck.inner)
        elif name == "binom":
            tokens.append(self._stacked(start))
        elif name == "begin":
            tokens.append(self._environment(start))
        else:
            raise Unreadable(
                f"The command \\{name} is not known here.",
                start=start,
                end=self.at,
                help="Write it with the signs of the question, as in X^T or \\frac{1}{2}.",
            )

    def _dropped(self, name: str) -> None:
        if name in table.DELIMITED and self.text[self.at : self.at + 1] == ".":
            self.at += 1

    def _font(self, name: str) -> list[Token]:
        if name == "textcolor":
            self.argument()
        inner = self.argument()
        if name in {"mathbf", "boldsymbol", "bm"} and [t.text for t in inner] == ["1"]:
            return [replace(inner[0], kind="command", text="ones")]
        if name == "mathop":
            return inner
        if name in {"underbrace", "overbrace"} and self.text[self.at : self.at + 1] in {"_", "^"}:
            self.at += 1
            self.argument()
        if name in table.FONTS - {"vec", "mathbf", "boldsymbol", "bm", "pmb"} and len(inner) > 1:
            return [self.group(inner)]
        return inner

    def _accented(self, accent: str, start: int) -> list[Token]:
        inner = self.argument()
        while len(inner) == 1 and inner[0].kind == "group":
            inner = list(inner[0].inner)
        if (
            not inner
            or inner[0].kind not in {"letter", "word"}
            or any(token.kind not in {"sub", "sup"} for token in inner[1:])
        ):
            raise Unreadable(
                "An accent over more than one letter has no meaning here.",
                start=start,
                end=self.at,
                help="Put the accent on a single letter, as in \\hat{w}.",
            )
        name = f"{accent}_{inner[0].text}"
        return [Token("letter", name, start, self.at), *inner[1:]]

    def _fraction(self, start: int) -> Token:
        before = len(self.struck.parts)
        top = self.argument()
        middle = len(self.struck.parts)
        bottom = self.argument()
        self.struck.close_fraction(before=before, middle=middle, top=top)
        return Token("frac", "", start, self.at, (self.group(top), self.group(bottom)))

    def _root(self, start: int) -> Token:
        degree = self.option()
        inner = (self.group(self.argument()),)
        return Token("root", "", start, self.at, inner + ((self.group(degree),) if degree else ()))

    def option(self) -> list[Token]:
        """What stands in square brackets behind a command, [] for nothing."""
        inside: list[Token] = []
        if self.text[self.at : self.at + 1] == "[":
            self.at += 1
            while self.text[self.at : self.at + 1] not in {"]", ""}:
                self.one(inside)
            self.at += 1
        return inside

    def _stacked(self, start: int) -> Token:
        """\\binom as the column of two; a coefficient would be a number and does not fit then."""
        above, below = self.group(self.argument()), self.group(self.argument())
        line = Token("symbol", "newline", above.end, above.end)
        return Token("environment", "pmatrix", start, self.at, (above, line, below))

    def _environment(self, start: int) -> Token:
        name = self.raw_group().rstrip("*")
        if name in {"array", "alignedat", "tabular"}:
            self.raw_group()
        if name not in MATRICES | STATEMENTS:
            raise Unreadable(
                f"The environment {name!r} is not known here.",
                start=start,
                end=self.at,
                help="Use bmatrix for a matrix and aligned for a derivation.",
            )
        self.opened.append(name)
        inner = tuple(self.until("end"))
        return Token("environment", name, start, self.at, inner)


def _word(inner: list[Token], raw: str, start: int, end: int) -> Token:
    """One word out of \\text{...}; what is neither letters nor prose stays as it is in a group."""
    if raw.strip("{} ") in CODE:
        return Token("word", raw.strip("{} "), start, end)
    if inner and all(token.kind == "letter" for token in inner):
        text = raw.strip("{} ") if " " in raw.strip("{} ") else "".join(t.text for t in inner)
        return Token("letter" if len(inner) == 1 else "word", text, start, end)
    if len(inner) == 1:
        return inner[0]
    prose = raw.strip("{} ")
    if "\\" not in prose and _has_long_word(prose):
        return Token("word", prose, start, end)
    return Token("group", "", start, end, tuple(inner))


def _has_long_word(prose: str) -> bool:
    pieces = [piece.strip("(),.;:") for piece in prose.split()]
    return any(len(piece) > 2 and piece.isalpha() for piece in pieces)


def _blackboard(inner: list[Token]) -> list[Token]:
    if [token.text for token in inner] == ["1"]:
        return [replace(inner[0], kind="command", text="ones")]
    return [replace(t, text=f"bb_{t.text}") if t.kind == "letter" else t for t in inner]
