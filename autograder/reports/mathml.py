r"""A formula as it was understood, as MathML: typeset by the browser, without script or network.

Reads the LaTeX that the grader writes of an answer it has parsed, never what a student typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from markupsafe import Markup, escape

_TOKEN = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}^_&]|\d+(?:\.\d+)?(?:e[-+]?\d+)?|\S")
_OPERATORS = {
    "cdot": "·", "times": "×", "odot": "⊙", "otimes": "⊗", "langle": "⟨", "rangle": "⟩",
    "lVert": "‖", "rVert": "‖", "|": "‖", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠",
    "neq": "≠", "in": "∈", "pm": "±", "to": "→", "succ": "≻", "succeq": "⪰", "mid": "∣",
    "{": "{", "}": "}", "lvert": "|", "rvert": "|", "approx": "≈", "cup": "∪", "cap": "∩",
    "setminus": "∖", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "circ": "∘",
}  # fmt: skip
_LETTERS = {
    "top": "⊤", "infty": "∞", "dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱",
    "ell": "ℓ", "nabla": "∇", "partial": "∂", "dagger": "†", "varepsilon": "ε", "varphi": "φ",
    "epsilon": "ϵ", "phi": "ϕ", "vartheta": "ϑ", "hbar": "ℏ", "prime": "′", "emptyset": "∅",
}  # fmt: skip
_BIG = {"sum": "∑", "prod": "∏", "int": "∫"}
_NAMES = frozenset(
    ["log", "ln", "exp", "sin", "cos", "tan", "tanh", "det", "min", "max", "arg", "lim", "sup"]
)
_SPACES = {
    ",": ".17em",
    ":": ".22em",
    ";": ".28em",
    "!": "0",
    "quad": "1em",
    "qquad": "2em",
    " ": ".3em",
}
_MARKS = {"hat": "^", "bar": "¯", "tilde": "~", "vec": "→", "dot": "˙", "overline": "¯"}
_STYLES = {"mathbf": "bold", "boldsymbol": "bold", "mathrm": "", "mathcal": "", "mathit": ""}
_WORDS = ("operatorname", "text", "textrm", "mathrm")
_SIGNS = frozenset("+-=<>,;:()[]|/*'!.·×")
DEPTH = 60


class NotTypesetError(ValueError):
    """The formula has something that is not among what the grader writes."""


def mathml(latex: str) -> Markup:
    r"""The formula as a block of MathML; empty where it cannot be typeset.

    Examples
    --------
    >>> mathml("X^{2}")
    Markup('<math display="block"><msup><mi>X</mi><mrow><mn>2</mn></mrow></msup></math>')
    >>> mathml(r"\unknown")
    Markup('')
    """
    try:
        inside = _LatexReader(_TOKEN.findall(latex)).whole()
    except (NotTypesetError, IndexError):
        return Markup("")
    return Markup(f'<math display="block">{inside}</math>') if inside else Markup("")


class _LatexReader:
    """Turns tokens into elements, one group after another."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> str:
        """Everything; raises `NotTypesetError` where a bracket is left."""
        inside = self._row(())
        if self._at < len(self._tokens):
            raise NotTypesetError(self._tokens[self._at])
        return inside

    def _row(self, ends: tuple[str, ...]) -> str:
        """Elements up to one of the ends, which is left to the caller."""
        self._depth += 1
        if self._depth > DEPTH:
            raise NotTypesetError("nested too deeply")
        found = []
        while self._at < len(self._tokens) and self._tokens[self._at] not in (*ends, "}"):
            found.append(self._scripted())
        self._depth -= 1
        return "".join(found)

    def _scripted(self) -> str:
        """An element with what stands below and above it."""
        big = self._tokens[self._at].removeprefix("\\") in _BIG
        base = self._element()
        below = above = ""
        while self._at < len(self._tokens) and self._tokens[self._at] in "_^":
            sign = self._take()
            if sign == "_":
                below += self._argument()
            else:
                above += self._argument()
        kinds = ("munder", "mover", "munderover") if big else ("msub", "msup", "msubsup")
        if below and above:
            return f"<{kinds[2]}>{base}{below}{above}</{kinds[2]}>"
        if below:
            return f"<{kinds[0]}>{base}{below}</{kinds[0]}>"
        return f"<{kinds[1]}>{base}{above}</{kinds[1]}>" if above else base

    def _element(self) -> str:
        token = self._take()
        if token == "{":
            return self._braced()
        if token.startswith("\\"):
            return self._command(token[1:])
        if token[0].isdigit():
            return f"<mn>{escape(token)}</mn>"
        if token in _SIGNS:
            return f"<mo>{escape({'-': '−', '*': '∗'}.get(token, token))}</mo>"
        if token in "}&^_":
            raise NotTypesetError(token)
        return f"<mi>{escape(token)}</mi>"

    def _command(self, name: str) -> str:
        if name in _OPERATORS:
            # A bar with an exponent would not grow with the bar that opens the norm.
            plain = ' stretchy="false"' if _OPERATORS[name] in "‖|" else ""
            return f"<mo{plain}>{escape(_OPERATORS[name])}</mo>"
        if name in _BIG:
            return f"<mo>{_BIG[name]}</mo>"
        if name in _SPACES:
            return f'<mspace width="{_SPACES[name]}"/>'
        if name in _NAMES:
            return f"<mi>{name}</mi>"
        if name == "frac":
            return f"<mfrac>{self._argument()}{self._argument()}</mfrac>"
        if name == "sqrt":
            return f"<msqrt>{self._argument()}</msqrt>"
        if name == "left":
            return self._fenced()
        if name == "begin":
            return self._matrix()
        if name in _WORDS:
            return f"<mi>{escape(self._word())}</mi>"
        if name in _MARKS:
            return f"<mover>{self._argument()}<mo>{_MARKS[name]}</mo></mover>"
        if name in _STYLES:
            style = f' style="font-weight: {_STYLES[name]}"' if _STYLES[name] else ""
            return f"<mrow{style}>{self._argument()}</mrow>"
        return f"<mi>{_LETTERS.get(name) or _greek(name)}</mi>"

    def _argument(self) -> str:
        """What a command or a script takes: a group in braces, or one element."""
        if self._tokens[self._at] == "{":
            self._take()
            return self._braced()
        return self._element()

    def _braced(self) -> str:
        inside = self._row(())
        self._expect("}")
        return f"<mrow>{inside}</mrow>"

    def _fenced(self) -> str:
        """What stands between \\left and \\right; a dot stands for no bracket."""
        opening = self._fence()
        inside = self._row(("\\right",))
        self._expect("\\right")
        return f"<mrow>{opening}{inside}{self._fence()}</mrow>"

    def _fence(self) -> str:
        token = self._take()
        sign = _OPERATORS.get(token[1:], "") if token.startswith("\\") else token
        if not sign or (sign == token and token not in "()[]|./"):
            raise NotTypesetError(token)
        return "" if sign == "." else f"<mo>{escape(sign)}</mo>"

    def _matrix(self) -> str:
        kind = self._word()
        if kind not in ("bmatrix", "pmatrix", "matrix"):
            raise NotTypesetError(kind)
        rows: list[list[str]] = [[]]
        while True:
            rows[-1].append(self._row(("&", "\\\\", "\\end")))
            token = self._take()
            if token == "\\\\":
                rows.append([])
            elif token == "\\end":
                self._word()
                break
            elif token != "&":
                raise NotTypesetError(token)
        cells = "".join(
            f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>" for row in rows
        )
        return f"<mrow><mo>[</mo><mtable>{cells}</mtable><mo>]</mo></mrow>"

    def _word(self) -> str:
        """Letters in braces, as they are."""
        self._expect("{")
        letters = []
        while (token := self._take()) != "}":
            if token in "{^&":
                raise NotTypesetError(token)
            letters.append(token.removeprefix("\\"))
        return "".join(letters)

    def _expect(self, token: str) -> None:
        if self._take() != token:
            raise NotTypesetError(token)

    def _take(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]


def _greek(name: str) -> str:
    """A Greek letter by its name. Raises `NotTypesetError` for any other."""
    size = "CAPITAL" if name[:1].isupper() else "SMALL"
    spelt = name.upper().replace("LAMBDA", "LAMDA")
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {spelt}")
    except KeyError:
        raise NotTypesetError(name) from None
