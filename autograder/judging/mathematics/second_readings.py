"""Another reading of an answer, tried before anybody is told that the answer is wrong.

Where the other reading is right, or nothing says which of two is meant, the answer is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .explaining.judgement import Judgement, Question, from_error
from .reading.chosen import chosen_text
from .reading.errors import Ambiguous
from .reading.labels import is_label
from .reading.markdown import set_aside
from .reading.statements import formula

Judged = Callable[[str], Judgement]

READ_IN_SENTENCES = frozenset({"interval", "choice", "order", "rubric", "code", "satisfies"})
SHAPES = frozenset({"shape", "shape_clash", "scalar_plus_matrix"})
ONE = re.compile(
    r"\\(?:mathbf|mathbb|mathds|mathbbm|bm|boldsymbol|bold|symbf|pmb)\s*(?:\{\s*1\s*\}|1)"
    r"|\{\s*\\bf\s*1\s*\}|𝟏|𝟙|(?<![\d.,\w}])1(?=_\s*(?:\{[^}]*\\times|[a-zA-Z]|\{\s*[a-zA-Z]))"
)
DISPLAY = "Put your answer alone between $$ and $$, as in $$a = b$$."


def doubt(asked: Question, cell: str, said: Judgement, judged: Judged) -> Judgement | None:
    """The question back to the student, where `said` rests on one reading of two; None for none.

    `judged` judges another cell. Nothing is asked about a right answer.
    """
    if asked.plain["answer"]["kind"] not in READ_IN_SENTENCES:
        told = _set_aside(cell, said, judged) or _before_arrow(asked, cell, judged)
        if told is not None:
            return told
    return _identity(asked, cell, said, judged)


def _set_aside(cell: str, said: Judgement, judged: Judged) -> Judgement | None:
    """$A$ times $B$, where no word says that the answer is $B$."""
    aside = set_aside(cell)
    if aside is None:
        return None
    if aside.is_remark and not (_is_right(judged, aside.text) or _is_right(judged, aside.before)):
        return None
    error = Ambiguous(
        f"It is not clear which formula is your answer: “{aside.before.strip()}” or "
        f"“{aside.text.strip()}”.",
        help=DISPLAY,
    )
    return from_error(error, "")


def _before_arrow(asked: Question, cell: str, judged: Judged) -> Judgement | None:
    """A ≈ B → 0, where B is right and 0 is what it tends to."""
    text = chosen_text(cell, asked.declared)
    read = formula(text, asked.declared)
    segments = read.statements[-1].segments
    arrows = [k for k, segment in enumerate(segments) if k and segment.relation == "→"]
    if not arrows or is_label(read, segments[arrows[-1] - 1]):
        return None
    value, limit = segments[arrows[-1] - 1], segments[arrows[-1]]
    if not _is_right(judged, text[: value.end]):
        return None
    error = Ambiguous(
        f"Your answer can be “{read.source(value)}” or its limit “{read.source(limit)}”.",
        start=value.start,
        end=limit.end,
        help="End with the one that is asked for, as in a = b.",
    )
    return from_error(error, text)


def _identity(asked: Question, cell: str, said: Judgement, judged: Judged) -> Judgement | None:
    """A bold 1, which some write for the identity and others for a column of ones."""
    names = asked.declared.identity
    found = ONE.search(cell)
    if not names or found is None:
        return None
    as_identity = judged(ONE.sub(lambda one: f" {names[0]} ", cell))
    scripted = cell[found.end() :].lstrip().startswith("_")
    fits = said.says in SHAPES and as_identity.says not in SHAPES and not scripted
    if not as_identity.is_right and not fits:
        return None
    error = Ambiguous(
        "The 1 can be the identity or a vector of ones.",
        start=found.start(),
        end=found.end(),
        help=f"Write {names[0]} for the identity, as in {names[0]}_n, and 1_n for n ones.",
    )
    return from_error(error, cell)


def _is_right(judged: Judged, text: str) -> bool:
    return judged(f"$${text}$$").is_right
