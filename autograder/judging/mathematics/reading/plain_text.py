"""The LaTeX that we write ourselves, as one line of plain text for a sentence. Knows no answer."""

from __future__ import annotations

from .characters import COMBINING, GREEK_CHARACTERS, SUBSCRIPTS

GREEK = {name: character for character, name in GREEK_CHARACTERS.items() if character not in "ςϕϵ"}
SMALL_ABOVE = {"2": "²", "3": "³", "-1": "⁻¹", "+": "⁺", "\\top": "ᵀ", "n": "ⁿ"}
SMALL_BELOW = {plain: small for small, plain in SUBSCRIPTS.items()}
ACCENTS = {accent: mark for mark, accent in COMBINING.items() if mark != "\u0305"}
SIGNS = {
    "lVert": "‖", "rVert": "‖", "langle": "⟨", "rangle": "⟩", "cdot": "·", "odot": "⊙", "sum": "Σ",
    "prod": "∏", "dots": "…", "times": "×", "pi": "π", "left": "", "right": "", ",": "", "top": "ᵀ",
    "\\": ";", "quad": " ", "lfloor": "⌊", "rfloor": "⌋", "infty": "∞",
}  # fmt: skip
TIGHT = {"‖", "⟨", "(", "[", ""}


def plain_text(latex: str) -> str:
    r"""One line without a backslash.

    >>> plain_text(r"\left(X^{\top} X + \lambda I_{d}\right)^{-1} W_{1}")
    '(Xᵀ X + λ I_d)⁻¹ W₁'
    >>> plain_text(r"\frac{\sigma_{i}}{\sigma_{i}^{2} + \lambda}"), plain_text(r"\hat{x}")
    ('σᵢ/(σᵢ² + λ)', 'x̂')
    >>> plain_text(r"\begin{bmatrix} X & \sqrt{\lambda} I \\ y \end{bmatrix}")
    '[X, √λ I; y]'
    """
    text = _Plain(latex).until("")
    for old, new in ((" ;", ";"), (" ,", ","), (" ]", "]"), ("  ", " "), ("‖ ", "‖"), (" ‖", "‖")):
        text = text.replace(old, new)
    return text.strip()


class _Plain:
    """Reads one text from left to right."""

    def __init__(self, latex: str) -> None:
        self.latex = latex
        self.at = 0

    def until(self, closer: str) -> str:
        """The plain text up to a closing brace, or the end."""
        parts: list[str] = []
        while self.at < len(self.latex):
            sign = self.latex[self.at]
            self.at += 1
            if sign == closer:
                break
            parts.append(self._one(sign))
        return "".join(parts)

    def _one(self, sign: str) -> str:
        if sign == "\\":
            return self._command()
        if sign == "{":
            return self.until("}")
        if sign in "^_":
            return self._script(sign)
        return "," if sign == "&" else sign

    def _group(self) -> str:
        self.at += self.latex.startswith("{", self.at)
        return self.until("}")

    def _command(self) -> str:
        start = self.at
        while self.latex[self.at : self.at + 1].isalpha():
            self.at += 1
        self.at += self.at == start
        name = self.latex[start : self.at]
        if name in {"begin", "end"}:
            self._group()
            self.at += name == "begin"  # the space behind it
            return "[" if name == "begin" else "]"
        if name == "frac":
            above, below = self._group(), self._group()
            return f"{_bracketed(above)}/{_bracketed(below)}"
        if name == "sqrt":
            return f"√{_bracketed(self._group())}"
        if name in {"mathrm", "operatorname", "mathbf"}:
            return self._group()
        if name in ACCENTS:
            return self._group() + ACCENTS[name]
        return GREEK.get(name, SIGNS.get(name, name))

    def _script(self, sign: str) -> str:
        start = self.at
        inside = self._group()
        raw = self.latex[start : self.at].strip("{}")
        if sign == "^":
            bare = len(inside) == 1 or inside.isdigit()
            return SMALL_ABOVE.get(raw, f"^{inside}" if bare else f"^({inside})")
        small = [SMALL_BELOW.get(c, "") for c in inside]
        if all(small) and inside.isalnum():
            return "".join(small)
        return (
            f"_{inside}" if len(inside) == 1 else f"_({inside})" if " " in inside else f"_{inside}"
        )


def _bracketed(text: str) -> str:
    """A numerator, a denominator or a radicand, in brackets unless it is one piece."""
    return f"({text})" if " " in text or "/" in text else text
