"""The interval that an answer gives: (0, 1], ]0; 1], 0 < x ≤ 1, x > 0 and x ≤ 1. No reference.

All intervals of the answer are found. Where they differ, none of them is taken for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .commands import tokenize
from .declarations import Declarations
from .environments import opened
from .errors import Ambiguous, Empty, MathematicsError, Unreadable, read_from
from .inequalities import related
from .interval_brackets import bracketed
from .interval_values import INTERVAL_HELP, GivenInterval, Interval
from .interval_words import merged, parts, with_brackets
from .markdown import answer_passages
from .naming import named
from .numerals import numerals
from .render import plain_name
from .spoken import OTHERWISE, first_word, with_signs
from .tokens import Token

SET_SIGNS = {"∪": "A union", "∩": "An intersection", "∖": "A difference"}
NEGATIONS = {"not", "never", "except", "without", "no"}


def interval(cell: str, declared: Declarations) -> Interval:
    """The interval that a cell gives.

    Raises `Empty`, `Unreadable` where none can be read, and `Ambiguous` where several differ.
    """
    texts = answer_passages(cell)
    if not texts:
        raise Empty("There is no interval here yet.", help=INTERVAL_HELP)
    found: list[GivenInterval] = []
    problem: MathematicsError | None = None
    for text in map(_half_lines, texts):
        try:
            with read_from(text):
                found.extend(_joined(text, declared) or _intervals(text, declared))
        except MathematicsError as error:
            problem = error
    if not found:
        found = [one for text in texts for one in _in_words(text, declared)]
    if not found:
        raise problem or Unreadable("This is not an interval.", help=INTERVAL_HELP)
    return _only(found, declared).interval


def _joined(text: str, declared: Declarations) -> list[GivenInterval]:
    """The interval that the touching parts of a union make; none for anything else."""
    pieces = parts(text)
    if len(pieces) < 2:
        return []
    found = [_intervals(piece, declared) for piece in pieces]
    if any(len(one) != 1 or one[0].rank != 2 for one in found):
        return []
    whole = merged([one[0].interval for one in found])
    return [GivenInterval(whole, found[0][0].label)] if whole else []


def _in_words(text: str, declared: Declarations) -> list[GivenInterval]:
    bracketed_text = with_brackets(text)
    return _intervals(bracketed_text, declared) if bracketed_text != text else []


def _half_lines(text: str) -> str:
    """The text with ℝ_{>0} and ℝ_{≥0} as intervals."""
    for numbers in ("\\mathbb{R}", "\\mathbb R", "\\R", "ℝ"):
        for sign, opener in ((">", "("), ("\\ge", "["), ("\\geq", "["), ("≥", "[")):
            for gap in ("", " "):
                text = text.replace(f"{numbers}_{{{sign}{gap}0}}", f"{opener}0, \\infty)")
    return text


def _intervals(text: str, declared: Declarations) -> list[GivenInterval]:
    """Every interval of one formula, or of a cell in plain text."""
    raw = tokenize(text)
    lines = opened(raw) if any(token.kind == "environment" for token in raw) else raw
    tokens = with_signs(named(tuple(_without_gaps(lines, text)), declared))
    rest, in_brackets, problem = bracketed(_without_braces(tokens), text, declared)
    _refuse_sets(rest)
    _refuse_negated(rest)
    found = related(numerals(rest, text), in_brackets, text, declared)
    if found:
        return found
    if problem is not None:
        raise problem
    start, end = (tokens[0].start, tokens[-1].end) if tokens else (-1, -1)
    raise Unreadable("This is not an interval.", help=INTERVAL_HELP, start=start, end=end)


def _without_gaps(tokens: Sequence[Token], text: str) -> list[Token]:
    r"""The tokens without a "\ " beside a bracket or a comma, where it is a gap of LaTeX."""
    done: list[Token] = []
    for place, token in enumerate(tokens):
        before = tokens[place - 1].text if place else ""
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        gap = text[token.start : token.start + 2] == "\\ "
        if not (gap and (before in {",", ";", "(", "["} or after in {")", "]", ",", ";"})):
            done.append(token)
    return done


def _without_braces(tokens: Sequence[Token]) -> list[Token]:
    """{x : 0 < x ≤ 1} as the condition in it."""
    done: list[Token] = []
    for token in tokens:
        if token.kind == "group" and _colon(token.inner) >= 0:
            done.extend(token.inner[_colon(token.inner) + 1 :])
        else:
            done.append(token)
    opener = next((k for k, t in enumerate(done) if t.kind == "symbol" and t.text == "{"), -1)
    colon = _colon(done[opener + 1 :]) if opener >= 0 else -1
    if colon < 0:
        return done
    inside = [t for t in done[opener + colon + 2 :] if t.kind != "symbol" or t.text != "}"]
    return [*done[:opener], *inside]


def _colon(tokens: Sequence[Token]) -> int:
    """Where the : or | of a set stands, -1 without one."""
    signs = [k for k, t in enumerate(tokens) if t.kind == "symbol" and t.text in {":", "|"}]
    return signs[0] if signs else -1


def _refuse_sets(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.kind == "symbol" and token.text in SET_SIGNS:
            raise Unreadable(
                f"{SET_SIGNS[token.text]} is read as no interval.",
                start=token.start,
                end=token.end,
                help=f"Give one interval. {INTERVAL_HELP}",
            )


def _refuse_negated(tokens: Sequence[Token]) -> None:
    """Raise `Unreadable` for "not (0, 1)" and for a second case."""
    for token in tokens:
        if first_word(token) in OTHERWISE:
            raise Unreadable(
                f"“{token.text}” gives a second interval.",
                start=token.start,
                end=token.end,
                help=f"Give one interval. {INTERVAL_HELP}",
            )
    for before, token in pairwise(tokens):
        if token.kind == "interval" and before.kind == "word" and before.text in NEGATIONS:
            raise Unreadable(
                f"“{before.text}” says which interval it is not.",
                start=before.start,
                end=token.end,
                help=f"Give the interval that it is. {INTERVAL_HELP}",
            )


def _only(found: Sequence[GivenInterval], declared: Declarations) -> GivenInterval:
    """The interval that is meant; raises `Ambiguous` where two remain that differ."""
    full = [one for one in found if one.rank == max(other.rank for other in found)]
    said = [one for one in full if not one.remark] or full
    named_ones = [one for one in said if _is_named(one, declared)] or said
    asked = [one for one in named_ones if not _is_domain(one, named_ones)]
    last = asked[-1]
    _refuse_unsolved(last, declared)
    for other in asked:
        if not other.interval.is_close(last.interval):
            raise Ambiguous(
                f"Two intervals stand here: {other.interval} and {last.interval}.",
                help=f"Give one of them. {INTERVAL_HELP}",
            )
    return last


def _refuse_unsolved(one: GivenInterval, declared: Declarations) -> None:
    """Raise `Unreadable` for x^2 < 4 where an interval of x is asked for."""
    for label in declared.labels:
        if len(label) != 1 or label[0] not in one.label:
            continue
        if one.label[0] != label[0] or not all(map(_is_mark, one.label[1:])):
            name = plain_name(label[0])
            raise Unreadable(
                f"Your inequality is not solved for {name}.",
                help=f"Give the interval of {name} itself. {INTERVAL_HELP}",
            )


def _is_mark(sign: str) -> bool:
    """Whether this decorates a name, as an index or a star does, and is no square."""
    power = sign.removeprefix("^{").removesuffix("}").isdigit()
    return sign[:1] in {"_", "^", "*", "'"} and not power


def _is_named(one: GivenInterval, declared: Declarations) -> bool:
    """Whether an interval is said of the quantity that the question asks for."""
    return any(label and one.label[: len(label)] == label for label in declared.labels)


def _is_domain(one: GivenInterval, others: Sequence[GivenInterval]) -> bool:
    """Whether an interval is said of a variable on which another one's quantity depends."""
    alone = one.label[0] if len(one.label) == 1 else ""
    return bool(alone) and any(alone in o.label and len(o.label) > 1 for o in others)
