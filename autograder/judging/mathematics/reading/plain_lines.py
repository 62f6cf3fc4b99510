"""Lines of plain text that each give a name a value: x = 1, and below it y = 2. No question.

LaTeX takes the end of a line for a gap, and what is typed without it does not.
"""

from __future__ import annotations

from collections.abc import Sequence

from .spelling import is_latex
from .tokens import Token

MARKS = set("_'*^{}")


def with_lines(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens with a new line where one begins that gives a name a value, below another one."""
    if "\n" not in text or is_latex(text):
        return list(tokens)
    lines = text.split("\n")
    ends = [sum(len(line) + 1 for line in lines[: k + 1]) - 1 for k in range(len(lines) - 1)]
    cuts = [
        end
        for end, before, after in zip(ends, lines, lines[1:], strict=False)
        if _gives_a_name(before) and _gives_a_name(after)
    ]
    done: list[Token] = []
    for token in tokens:
        while cuts and token.start > cuts[0]:
            place = cuts.pop(0)
            done.append(Token("symbol", "newline", place, place))
        done.append(token)
    return done


def _gives_a_name(line: str) -> bool:
    """Whether a line begins with one name and an =."""
    name, equals, value = line.partition("=")
    letters = [sign for sign in name.strip() if sign not in MARKS]
    named = bool(letters) and letters[0].isalpha() and all(sign.isalnum() for sign in letters)
    return bool(equals) and named and not value.startswith("=")
