"""Numbers of rows and columns as linear forms such as n + d, and their unification. No arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Size:
    """A whole number known by name: `constant` plus the sum of coefficient times dimension.

    >>> str(Size.of("n") + Size.of("d") - Size.number(1))
    'd+n-1'
    """

    terms: tuple[tuple[str, int], ...] = ()
    constant: int = 0

    @classmethod
    def of(cls, name: str) -> Size:
        """The size with this name."""
        return cls(((name, 1),), 0)

    @classmethod
    def number(cls, value: int) -> Size:
        """A size that is a plain number."""
        return cls((), value)

    def __add__(self, other: Size) -> Size:
        return self._combined(other, 1)

    def __sub__(self, other: Size) -> Size:
        return self._combined(other, -1)

    def _combined(self, other: Size, sign: int) -> Size:
        if not self.terms and not other.terms:
            return Size((), self.constant + sign * other.constant)
        sums = dict(self.terms)
        for name, coefficient in other.terms:
            sums[name] = sums.get(name, 0) + sign * coefficient
        kept = tuple(sorted((name, c) for name, c in sums.items() if c))
        return Size(kept, self.constant + sign * other.constant)

    def times(self, factor: int) -> Size:
        """This size multiplied by a whole number."""
        kept = tuple((name, c * factor) for name, c in self.terms if c * factor)
        return Size(kept, self.constant * factor)

    def value(self, sizes: Mapping[str, int]) -> int:
        """The number, once the dimensions are known; raises KeyError for an unknown one."""
        return self.constant + sum(c * sizes[name] for name, c in self.terms)

    def unknowns(self) -> list[str]:
        """The names in this form that are still to be found."""
        return [name for name, _ in self.terms if name.startswith(UNKNOWN)]

    @property
    def as_factor(self) -> str:
        """The size in a product of rows and columns, a sum in brackets."""
        text = str(self)
        return f"({text})" if set(text[1:]) & {"+", "-"} else text

    def __str__(self) -> str:
        text = ""
        for name, c in self.terms:
            sign = "-" if c < 0 else ("+" if text else "")
            text += f"{sign}{'' if abs(c) == 1 else abs(c)}{'?' if name[0] == UNKNOWN else name}"
        if self.constant or not text:
            text += f"{'+' if text and self.constant > 0 else ''}{self.constant}"
        return text


ONE = Size.number(1)


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows and columns; a vector is a column, a number is 1 by 1."""

    rows: Size
    cols: Size

    @property
    def is_scalar(self) -> bool:
        """Whether this is a number (known to be 1 by 1)."""
        return self.rows == ONE and self.cols == ONE

    @property
    def is_column(self) -> bool:
        """Whether this is a column that is not a number."""
        return self.cols == ONE and self.rows != ONE

    @property
    def is_row(self) -> bool:
        """Whether this is a row that is not a number."""
        return self.rows == ONE and self.cols != ONE

    @property
    def transposed(self) -> Shape:
        """The shape of the transpose."""
        return Shape(self.cols, self.rows)

    def __str__(self) -> str:
        if self.is_scalar:
            return "a number"
        rows, cols = (bool(size.unknowns()) for size in (self.rows, self.cols))
        if rows and cols:
            return "a square matrix" if self.rows == self.cols else "a matrix"
        if rows:
            return "a column" if self.cols == ONE else f"a matrix with {self.cols} columns"
        if cols:
            return "a row" if self.rows == ONE else f"a matrix with {self.rows} rows"
        return f"{self.rows.as_factor}×{self.cols.as_factor}"


SCALAR = Shape(ONE, ONE)


@dataclass(slots=True)
class Solver:
    """Finds the sizes that the text leaves open, one equation at a time."""

    found: dict[str, Size] = field(default_factory=dict)
    made: int = 0

    def fresh(self) -> Size:
        """A size that is not known yet."""
        self.made += 1
        return Size.of(f"{UNKNOWN}{self.made}")

    def resolve(self, size: Size) -> Size:
        """The size with everything put in that has been found so far."""
        while True:
            known = [(name, c) for name, c in size.terms if name in self.found]
            if not known:
                return size
            for name, c in known:
                size = size - Size(((name, c),), 0) + self.found[name].times(c)

    def shape(self, shape: Shape) -> Shape:
        """`resolve` for rows and columns."""
        return Shape(self.resolve(shape.rows), self.resolve(shape.cols))

    def same(self, left: Size, right: Size) -> bool:
        """Make two sizes equal if that is possible; say whether it was."""
        difference = self.resolve(left) - self.resolve(right)
        if not difference.terms:
            return difference.constant == 0
        for name, c in difference.terms:
            if name.startswith(UNKNOWN) and abs(c) == 1:
                self.found[name] = (Size(((name, c),), 0) - difference).times(c)
                return True
        return False


def described(shape: Shape) -> str:
    """A shape in words: a number, a column of length d, a d×d matrix."""
    if shape == SCALAR or shape.rows.unknowns() or shape.cols.unknowns():
        return str(shape)
    if shape.is_column:
        return f"a column {shape}"
    return f"a row {shape}" if shape.is_row else f"a {shape} matrix"
