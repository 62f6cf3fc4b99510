"""Another reading of an answer, tried before anybody is told that the answer is wrong.

Where the other reading is right, or nothing says which of two is meant, the answer is asked back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .explaining.judgement import Judgement, Question, from_error
from .reading import nodes as n
from .reading.answers import final_answer
from .reading.chosen import (
    chosen_formula,
    chosen_text,
    is_of_another,
    mentions_the_answer,
    names_the_answer,
)
from .reading.errors import Ambiguous, MathematicsError
from .reading.labels import is_label
from .reading.markdown import offered, passages, set_aside, text_before
from .reading.own_names import own

Judged = Callable[[str], Judgement]

READ_IN_SENTENCES = frozenset({"interval", "choice", "order", "rubric", "code", "satisfies"})
# Asked back already, with the place and the way out.
UNREAD = frozenset(
    ("unreadable", "too_large", "empty", "ambiguous", "unknown_symbol", "unclear_size",
     "free_index", "implicit", "undecided")
)  # fmt: skip
SHAPES = frozenset({"shape", "shape_clash", "scalar_plus_matrix"})
BOLD = ("mathbf", "mathbb", "mathds", "mathbbm", "bm", "boldsymbol", "bold", "symbf", "pmb", "bf")
GROUP = 3  # digits between two points of 1.000.000
MOST = 6  # formulas of a cell that are tried
DISPLAY = "Put your answer alone between $$ and $$, as in $$a = b$$."


def doubt(asked: Question, cell: str, said: Judgement, judged: Judged) -> Judgement | None:
    """The question back to the student, where `said` rests on one reading of two; None for none.

    `judged` judges another cell. Nothing is asked about a right answer, and of one that is asked
    back already only what a bold 1 means.
    """
    if said.says not in UNREAD and asked.plain["answer"]["kind"] not in READ_IN_SENTENCES:
        told = (
            _other_formula(asked, cell, judged)
            or _before_arrow(asked, cell, judged)
            or _long_slash(asked, cell, judged)
            or _behind_colon(cell, judged)
            or _beside(asked, cell, judged)
            or _grouped(cell, judged)
            or _by_entries(cell, judged)
        )
        if told is not None:
            return told
    return _identity(asked, cell, said, judged)


def _other_formula(asked: Question, cell: str, judged: Judged) -> Judgement | None:
    """$A$ times $B$, where no word says that the answer is $B$, and a right $A$ before a wrong $B$.

    Which of two formulas counts is for the student to say.
    """
    cell = own(cell, asked.declared).cell
    aside = set_aside(cell)
    chosen = chosen_text(cell, asked.declared)
    follows = aside is not None and mentions_the_answer(aside.text, asked.declared)
    if aside is not None and not aside.is_remark and not follows:
        return _unclear(aside.before, aside.text)
    others = [p.text for p in passages(cell)[-MOST:] if p.text not in chosen]
    for text in [text_before(cell), *others]:
        if text and _is_right(judged, text):
            return _unclear(text, chosen)
    return None


def hedge(asked: Question, cell: str, judged: Judged) -> Judgement | None:
    """The question back where a right answer and another value are both given by its name."""
    if asked.plain["answer"]["kind"] in READ_IN_SENTENCES:
        return None
    chosen = chosen_text(cell, asked.declared)
    if not names_the_answer(chosen, asked.declared):
        return None
    for text in offered(own(cell, asked.declared).cell)[-MOST:]:
        reason = is_of_another(text, asked.declared) and cell.find(text) > cell.find(chosen)
        other = text not in chosen and not reason and names_the_answer(text, asked.declared)
        if other and not _is_right(judged, text):
            return _unclear(text, chosen)
    return None


def _unclear(one: str, other: str) -> Judgement:
    shown = " or ".join(f"“{' '.join(text.split())}”" for text in (one, other))
    error = Ambiguous(f"It is not clear which formula is your answer: {shown}.", help=DISPLAY)
    return from_error(error, "")


def _before_arrow(asked: Question, cell: str, judged: Judged) -> Judgement | None:
    """A ≈ B → 0 and A ≈ B, where what stands before the last sign is right."""
    read = chosen_formula(cell, asked.declared)
    text, segments = read.text, read.statements[-1].segments
    arrows = [k for k, segment in enumerate(segments) if k and segment.relation in {"→", "≈", "∼"}]
    if not arrows or is_label(read, segments[arrows[-1] - 1]):
        return None
    value, limit = segments[arrows[-1] - 1], segments[arrows[-1]]
    if not _is_right(judged, text[: value.end]):
        return None
    error = Ambiguous(
        f"Your answer can be “{read.source(value)}” or what it comes close to, "
        f"“{read.source(limit)}”.",
        start=value.start,
        end=limit.end,
        help="End with the one that is asked for, as in a = b.",
    )
    return from_error(error, text)


def _long_slash(asked: Question, cell: str, judged: Judged) -> Judgement | None:
    """A / B C that is right as A/(BC), where it is read as (A/B) C."""
    try:
        read = chosen_formula(cell, asked.declared)
        side = final_answer(read).segment
        whole = read.expression(side)
    except MathematicsError:  # of w and -w, one is read where either will do
        return None
    for node in n.walk(whole):
        found = isinstance(node, n.Multiply) and node.factors[0]
        if not isinstance(found, n.Divide) or not found.slash or node.start < 0:
            continue
        start, end = found.bottom.start, node.end
        text = read.text[side.start : side.end]
        first, last = start - side.start, end - side.start
        other = f"{text[:first]}({text[first:last]}){text[last:]}"
        if 0 <= first < last <= len(text) and _is_right(judged, other):
            error = Ambiguous(
                "It is not clear how far this / reaches.",
                start=found.start,
                end=end,
                help="Write it as \\frac{a}{b c}, or with brackets: (a / b) c or a / (b c).",
            )
            return from_error(error, read.text)
    return None


def _behind_colon(cell: str, judged: Judged) -> Judgement | None:
    """Formulas among words before a colon, and a right one behind it: n for A, m for B: n + m."""
    head, colon, last = cell.rpartition(": ")
    words = [word for word in head.split() if len(word) > 2 and word.isalpha()]
    marked = "$" in cell or "\\" in cell or "\n" in cell.strip()
    if not colon or not words or marked or not _is_right(judged, last):
        return None
    return _unclear(head, last)


def _beside(asked: Question, cell: str, judged: Judged) -> Judgement | None:
    """Var(w) = a, std = b: a right value beside a wrong one, neither by the name asked for."""
    read = chosen_formula(cell, asked.declared)
    pairs = [one for one in read.statements if [s.relation for s in one.segments] == ["", "="]]
    if any(one.label in asked.declared.labels for one in pairs):
        return None
    for one in pairs[1:]:
        value = read.source(one.segments[1])
        if _is_right(judged, value):
            return _unclear(read.source(pairs[0].segments[1]), value)
    return None


def _grouped(cell: str, judged: Judged) -> Judgement | None:
    """203.530, which some write for 203530, where that is right."""
    for word in cell.split():
        number = word.strip("$,;:()=")
        first, *groups = number.split(".")
        plain = all(part.isdecimal() for part in (first, *groups)) and not first.startswith("0")
        if not groups or not plain or any(len(part) != GROUP for part in groups):
            continue
        if len(first) <= GROUP and judged(cell.replace(number, first + "".join(groups))).is_right:
            error = Ambiguous(
                f"The point in {number} can separate thousands or decimals.",
                start=cell.find(number),
                end=cell.find(number) + len(number),
                help="Leave it out where it separates thousands, as in 2000.",
            )
            return from_error(error, cell)
    return None


def _by_entries(cell: str, judged: Judged) -> Judgement | None:
    """x * x * c, whose * between columns is NumPy's, where it is right entry by entry."""
    stars = [
        place
        for place, sign in enumerate(cell)
        if sign == "*" and "*" not in {cell[place - 1 : place], cell[place + 1 : place + 2]}
    ]
    around = [cell[:place].rstrip()[-1:] + cell[place + 1 :].lstrip()[:1] for place in stars]
    kept = [place for place, signs in zip(stars, around, strict=True) if not _has_digit(signs)]
    if (
        not kept
        or "\\" in cell
        or not judged(_replaced(cell, [(k, k + 1) for k in kept], ".*")).is_right
    ):
        return None
    error = Ambiguous(
        "The * between two vectors can be their inner product or work entry by entry.",
        start=kept[0],
        end=kept[0] + 1,
        help="Write x^T y for the inner product, and x.*y for the product of the entries.",
    )
    return from_error(error, cell)


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


def _identity(asked: Question, cell: str, said: Judgement, judged: Judged) -> Judgement | None:
    """A bold 1, which some write for the identity and others for a column of ones."""
    names, found = asked.declared.identity, _ones(cell)
    if not names or not found:
        return None
    as_identity = judged(_replaced(cell, found, names[0]))
    scripted = any(cell[end:].lstrip().startswith("_") for _, end in found)
    fits = (
        said.says in SHAPES
        and as_identity.says not in UNREAD
        and as_identity.says not in SHAPES
        and not scripted
    )
    if not as_identity.is_right and not fits:
        return None
    error = Ambiguous(
        "The 1 can be the identity or a vector of ones.",
        start=found[0][0],
        end=found[0][1],
        help=f"Write {names[0]} for the identity, as in {names[0]}_n, and 1_n for n ones.",
    )
    return from_error(error, cell)


def _ones(text: str) -> list[tuple[int, int]]:
    """Where a 1 in bold, or one with a letter as its size, begins and ends."""
    found = []
    for place, sign in enumerate(text):
        if sign in "𝟏𝟙":
            found.append((place, place + 1))
        if sign == "1" and text[place + 1 : place + 2] not in {*"0123456789.,"}:
            start = _font_before(text, place)
            if start < place:
                end = place + 1 + text[place + 1 :].startswith("}") * ("{" in text[start:place])
                found.append((start, end))
            elif _is_sized(text, place):
                found.append((place, place + 1))
    return found


def _font_before(text: str, place: int) -> int:
    """Where the \\mathbf{ before a 1 begins; the place of the 1 where none is there."""
    before = text[:place].rstrip().removesuffix("{").rstrip()
    for name in BOLD:
        if before.endswith("\\" + name):
            start = len(before) - len(name) - 1
            return start - (name == "bf" and before[:start].endswith("{"))
    return place


def _is_sized(text: str, place: int) -> bool:
    """Whether this is 1_n or 1_{d×d}, and not the end of another number or of a name."""
    before, behind = text[:place], text[place + 1 :].lstrip()
    alone = not before or not (before[-1].isalnum() or before[-1] in "._^{}")
    size = behind[1:].lstrip().removeprefix("{").lstrip()
    return alone and behind.startswith("_") and size[:1].isalpha()


def _replaced(text: str, places: Sequence[tuple[int, int]], name: str) -> str:
    for start, end in reversed(places):
        text = f"{text[:start]} {name} {text[end:]}"
    return text


def _is_right(judged: Judged, text: str) -> bool:
    return judged(f"$${text}$$").is_right
