"""The entries of a column one after another: x = 1, y = 2. Knows names but no shapes.

Only names in their natural order are taken for entries: x, y, z, or one letter with 1, 2, 3.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import nodes as n
from .alternatives import BESIDE
from .declarations import ONE_BY_ONE
from .scripts import script_texts
from .spoken import ALTERNATIVES
from .statements import Formula, Segment, Statement

FEWEST = 2
JOINED = (BESIDE | {"newline"}) - ALTERNATIVES


def listed_column(read: Formula) -> n.Block | None:
    """The column that the values of a list make, where as many are asked for; None for others."""
    rows, cols = read.declared.shape or ONE_BY_ONE
    statements = read.statements
    if cols != "1" or rows != str(len(statements)) or len(statements) < FEWEST:
        return None
    joined = all(one.joined in JOINED for one in statements[1:])
    places = [_place(one) for one in statements]
    asked = any(one.label in read.declared.labels for one in statements)
    if asked or not joined or any(place is None for place in places):
        return None
    order = sorted(range(len(places)), key=lambda k: places[k] or (0, 0))
    found = [places[k] or (0, 0) for k in order]
    if not _is_row(found):
        return None
    values = [read.expression(statements[k].segments[-1]) for k in order]
    if any(isinstance(value, n.Block) for value in values):
        return None
    start, end = statements[0].segments[0].start, statements[-1].segments[-1].end
    lines = tuple(n.Row((value,), start=value.start, end=value.end) for value in values)
    return n.Block(lines, start=start, end=end)


def last_value(read: Formula) -> Segment:
    """The value written last."""
    return read.statements[-1].segments[-1]


def _place(statement: Statement) -> tuple[int, int] | None:
    """The letter and the number of a name that is given one value; None for anything else."""
    if len(statement.segments) < FEWEST or any(s.relation != "=" for s in statement.segments[1:]):
        return None
    first, *rest = statement.segments[0].tokens
    number = script_texts(rest[0].inner) if len(rest) == 1 and rest[0].kind == "sub" else ()
    if rest and (len(number) != 1 or not number[0].isdigit()):
        return None
    plain = first.kind in {"letter", "name"} and len(first.text) == 1 and first.text.isalpha()
    return (ord(first.text), int(number[0]) if number else 0) if plain else None


def _is_row(places: Sequence[tuple[int, int]]) -> bool:
    """Whether these are x, y, z or one letter with 1, 2, 3."""
    letters = [letter for letter, _ in places]
    numbers = [number for _, number in places]
    row = list(range(letters[0], letters[0] + len(letters)))
    if not any(numbers):
        return letters == row
    return len(set(letters)) == 1 and numbers == list(range(1, len(numbers) + 1))
