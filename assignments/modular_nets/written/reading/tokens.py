"""The pieces that a text is cut into, and how many there may be. Knows no question."""

from __future__ import annotations

from dataclasses import dataclass

MAX_CHARACTERS = 2000
MAX_TOKENS = 600
MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; `inner` holds the tokens of groups, scripts, fractions and environments.

    Kinds: letter, word, number, command, symbol, group, sup, sub, frac, root, under, environment.
    """

    kind: str
    text: str
    start: int
    end: int
    inner: tuple[Token, ...] = ()


MATRICES = {"bmatrix", "pmatrix", "matrix", "Bmatrix", "array", "smallmatrix"}
STATEMENTS = {"aligned", "align", "split", "gathered", "gather", "cases", "equation", "alignedat",
              "multline", "eqnarray", "rcases", "dcases"}  # fmt: skip
