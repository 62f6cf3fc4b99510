"""What a question declares for reading: sizes, symbols, families, spellings. Knows no values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .characters import ACCENTS, GREEK_COMMANDS
from .commands import tokenize
from .errors import MathematicsError
from .nodes import Node
from .sizes import ONE, Shape, Size
from .tokens import Token

OPERATIONS = ("inverse", "pseudo_inverse", "transpose", "sum", "diag", "block", "norm", "call")
TAKES = ("rows", "columns", "entries", "diagonal")


class DeclarationError(ValueError):
    """A specification that cannot be used; the message names the key and the way out."""


@dataclass(frozen=True, slots=True)
class Family:
    """Members of an array by index: rows, columns, entries or diagonal of `of`, from `base` on."""

    name: str
    of: str
    takes: str
    base: int = 1


@dataclass(frozen=True, slots=True)
class Regime:
    """Which dimensions are smaller than which: `relations` holds (smaller, larger, strictly)."""

    name: str
    relations: tuple[tuple[str, str, bool], ...] = ()

    def allows(self, sizes: Mapping[str, int]) -> bool:
        """Whether these sizes belong to the regime."""
        pairs = ((sizes[a], sizes[b], strict) for a, b, strict in self.relations)
        return all(a < b if strict else a <= b for a, b, strict in pairs)

    def minimum(self, one: Size, other: Size) -> Size:
        """The smaller of two sizes, by name where the regime does not say which it is."""
        if one == other:
            return one
        for small, large, _ in self.relations:
            if {str(one), str(other)} == {small, large}:
                return Size.of(small)
        return Size.of("min({}, {})".format(*sorted((str(one), str(other)))))


@dataclass(frozen=True)
class Declarations:
    """Everything the reading part needs to know about one question.

    `own` has what a student's own names stand for, or what is wrong with them; `numbers` what the
    symbols in the ends of an interval are taken to be.
    """

    dims: tuple[str, ...]
    minima: Mapping[str, tuple[str, str]]
    derived: Mapping[str, str]
    regimes: tuple[Regime, ...]
    shapes: Mapping[str, tuple[str, str]]
    families: Mapping[str, Family]
    indices: Mapping[str, str]
    identity: tuple[str, ...]
    zero: tuple[str, ...]
    ones: tuple[str, ...]
    arrays: Mapping[str, int]
    padded: frozenset[str]
    derivatives: Mapping[str, str]
    functions: Mapping[str, str]
    arguments: Mapping[str, str]
    definitions: Mapping[str, str]
    answer_names: tuple[str, ...]
    blanks: Mapping[str, tuple[str, str]]
    left_sides: Mapping[str, str]
    shape: tuple[str, str] | None
    allow: frozenset[str] | None
    forbid: frozenset[str]
    max_nodes: int
    bound: str
    free_constant: bool
    rectangular_diag: str
    spellings: Mapping[tuple[str, ...], str] = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    labels: frozenset[tuple[str, ...]] = field(repr=False)
    unknowns: frozenset[str] = field(repr=False)
    latex: Mapping[str, str] = field(repr=False)
    known_shapes: dict[tuple[str, str], Shape] = field(default_factory=dict, repr=False)
    own: Mapping[str, Node | MathematicsError] = field(default_factory=dict, repr=False)
    numbers: Mapping[str, float] = field(default_factory=dict, repr=False)

    def size(self, text: str, regime: Regime) -> Size:
        """The size named in a shape, as a linear form."""
        total = Size()
        for sign, name in signed_names(text):
            total = total + self._one_size(name, regime).times(sign)
        return total

    def _one_size(self, name: str, regime: Regime) -> Size:
        if not name:
            return Size.number(1)
        if name in self.minima:
            one, other = self.minima[name]
            return regime.minimum(self.size(one, regime), self.size(other, regime))
        if name not in self.dims and name not in self.derived:
            raise DeclarationError(f"size {name!r} is not among dims {list(self.dims)}")
        return Size.of(name)

    def symbol_shape(self, name: str, regime: Regime) -> Shape:
        """The declared shape of a symbol."""
        found = self.known_shapes.get((name, regime.name))
        if found is None:
            rows, cols = self.shapes[name]
            found = Shape(self.size(rows, regime), self.size(cols, regime))
            self.known_shapes[name, regime.name] = found
        return found

    def kind(self, name: str) -> str:
        """What a name is: symbol, dimension, family, function, identity, zero, ones or index.

        "own" for a name that the student gives a value beside the answer.
        """
        if name in self.shapes:
            return "symbol"
        if name in self.dims or name in self.minima or name in self.derived:
            return "dimension"
        if name in self.families:
            return "family"
        if name in self.functions:
            return "function"
        for kind in ("identity", "zero", "ones"):
            if name in getattr(self, kind):
                return kind
        if name in self.indices:
            return "index"
        return "own" if name in self.own else ""

    def arity(self, name: str) -> int:
        """How many indices a member or an entry of this name carries."""
        family = self.families.get(name)
        if family is not None and family.takes != "entries":
            return 1
        return 1 if self.shapes[family.of if family else name][1] == "1" else 2

    def with_shapes(self, shapes: Mapping[str, tuple[str, str]]) -> Declarations:
        """These declarations with more symbols."""
        return replace(self, shapes={**self.shapes, **shapes}, known_shapes={})


def signed_names(text: str) -> list[tuple[int, str]]:
    """A size as coefficients and names, plain numbers under the name ''.

    >>> signed_names("2n+d-1")
    [(2, 'n'), (1, 'd'), (-1, '')]
    """
    pieces = text.replace(" ", "").replace("-", "+-").split("+")
    return [_coefficient(piece) for piece in pieces if piece]


def size_value(text: str, sizes: Mapping[str, int]) -> int:
    """The value of a derived size, a sum of products.

    >>> size_value("s*p - s + h", {"s": 2, "p": 3, "h": 4})
    8
    """
    total = 0
    for piece in text.replace(" ", "").replace("-", "+-").split("+"):
        factors = [f for f in piece.removeprefix("-").split("*") if f]
        values = [int(f) if f.isdigit() else sizes[f] for f in factors]
        total += (-1 if piece.startswith("-") else 1) * math.prod(values) if factors else 0
    return total


def _coefficient(piece: str) -> tuple[int, str]:
    sign, rest = (-1, piece[1:]) if piece.startswith("-") else (1, piece)
    name = rest.lstrip("0123456789")
    digits = rest[: len(rest) - len(name)]
    return sign * int(digits or 1), name


def signature(token: Token) -> str:
    """A token's text without positions, so that two spellings can be compared."""
    inside = "".join(signature(inner) for inner in token.inner)
    if token.kind == "group":
        return inside if len(token.inner) == 1 else "{" + inside + "}"
    mark = {"sub": "_", "sup": "^", "frac": "frac", "root": "root", "under": "under"}
    return mark.get(token.kind, "") + token.text + ("{" + inside + "}" if token.inner else "")


def spelled(text: str) -> tuple[str, ...]:
    """The signature of a spelling."""
    return tuple(signature(token) for token in tokenize(text))


def latex_name(name: str) -> str:
    """How a declared name is typeset.

    >>> latex_name("W_1"), latex_name("lambda"), latex_name("hat_x"), latex_name("dout")
    ('W_{1}', '\\\\lambda', '\\\\hat{x}', '\\\\mathrm{dout}')
    >>> latex_name("dR")
    'dR'
    """
    base, _, rest = name.partition("_")
    if base in set(ACCENTS.values()) and rest:
        inner, _, sub = rest.partition("_")
        text = f"\\{base}{{{latex_name(inner)}}}"
        return f"{text}_{{{sub}}}" if sub else text
    text = "\\" + base if base in GREEK_COMMANDS else base
    differential = len(base) == 2 and base[0] == "d" and base[1].isupper()  # dR
    if len(base) > 1 and base not in GREEK_COMMANDS and not differential:
        text = f"\\mathrm{{{base}}}"
    return f"{text}_{{{rest}}}" if rest else text


def regime_of(name: str, condition: str) -> Regime:
    """A regime out of 'n > d', 'n > d > k', 'n = d' or '' for no condition."""
    words = condition.split()
    relations: list[tuple[str, str, bool]] = []
    for left, sign, right in zip(words[::2], words[1::2], words[2::2], strict=False):
        if sign not in {"<", ">", "<=", ">=", "="}:
            raise DeclarationError(f"regimes.{name}: {condition!r} needs spaces, as in 'n > d'")
        small, large = (left, right) if sign.startswith("<") else (right, left)
        relations.append((small, large, sign in {"<", ">"}))
        if sign == "=":
            relations.append((large, small, False))
    if words and not relations:
        raise DeclarationError(f"regimes.{name}: {condition!r} needs spaces, as in 'n > d'")
    return Regime(name, tuple(relations))


def shape_of(value: Any, where: str) -> tuple[str, str]:
    """Rows and columns out of [], ['n'] or ['n', 'd']."""
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) > 2:
        raise DeclarationError(f"{where}: a shape is [], ['n'] or ['n', 'd'], not {value!r}")
    sizes = [str(size) for size in value] + ["1", "1"]
    return sizes[0], sizes[1]


ONE_BY_ONE = (str(ONE), str(ONE))
