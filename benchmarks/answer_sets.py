"""How many answers are read as meant: the sets that were written blind, in written-answers.md.

The figures at first shot were noted when a set had just been written; those of today hold in
`tests/mathematics/test_measuring.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

SETS = ("fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth", "thirteenth", "fourteenth", "fifteenth")  # fmt: skip
FOLDER = Path(__file__).parents[1] / "tests" / "mathematics"

SECTION = r"""## How many answers are read as meant

Each set was written before the reader had seen one of its answers; then what was lost was mended by
kind. A silent misread is an answer that is taken for another one and judged by that; what is asked
back, with the place and an example, is none. For some answers it was noted beforehand that a
careful reader may ask back; counted strictly, they are lost when that happens. The fourth set seeks
out what had been lost before, the others write as a class does; all are our own, not a class's.
The last seven were written by others, who had not opened the reader; the last six have thirty
questions of their own each. The twelfth and the thirteenth were measured together; after the
twelfth alone had been mended, 149 of the thirteenth were as meant. Five answers of the twelfth are
counted as lost because they name an interval with symbols in its ends, which no question could ask
for until then. The fifteenth was measured after the fourteenth had been mended. At first shot:

{table}

After mending no set has a silent misread, and at least 97 % of each is as meant: a test holds both.

Which formula of a cell counts: the last one in a box, else the last displayed one, else the last.
What the words before it call a reason, a condition or a comparison (`because $A$`, `as $A \to 0$`,
`instead of $A$`) is no answer. Where the words leave it open, as in `$A$ times $B$`, or an earlier
formula is right and the last is not, the student is asked which one counts.
"""


def section() -> str:
    """The section of the page."""
    return SECTION.format(table=table())


def table() -> str:
    """The sets with their figures at first shot, as a Markdown table."""
    head = "| set | answers | as meant | counted strictly | silent misreads |"
    return "\n".join([head, "|---|--:|--:|--:|--:|", *(_row(name) for name in SETS)])


def _row(name: str) -> str:
    plain = json.loads((FOLDER / f"answers_{name}.json").read_text(encoding="utf-8"))
    count, first = len(plain["answers"]), plain["first_shot"]
    shares = [_share(first.get(key), count) for key in ("as_meant", "strict")]
    return f"| {name} | {count} | {' | '.join(shares)} | {first['silent']} |"


def _share(number: int | None, count: int) -> str:
    return "not counted" if number is None else f"{number} ({100 * number / count:.1f} %)"
