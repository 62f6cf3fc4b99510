"""The order of a proof's lines, as a student names them: order: b a c. Knows no proof."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .enumerations import (
    ALTERNATIVES,
    MAX_TEXT,
    NameRun,
    Word,
    plain_text,
    refuse_arrows_back,
    refuse_numbers,
    runs,
    spelled_together,
    without_remarks,
    words_of,
)
from .errors import Ambiguous, Empty, MathematicsError, TooLarge, Unreadable, read_from

LABELS = {"order", "ordering", "sequence"}
LAST = {"last", "lastly", "finally", "end", "ends", "ending"}
FIRST = {"first", "firstly", "start", "starts", "starting"}
JOINING = {"and", "then", "next", "followed", "by", "line", "lines", "step", "steps", "with",
           "before"} | LAST | FIRST  # fmt: skip
TURNING = {"before", "after", "previous", "precedes", "follows", "preceded"}
PASSES = {"pass", "propagation", "step", "substitution", "prop"}
BACKWARDS = {"reversed", "reverse", "backwards", "backward", "inverted"}
LEFT_OUT = {"not", "out", "wrong", "false", "without", "unnecessary", "extra", "distractor",
            "distractors", "skip", "skipped", "unused", "needless", "incorrect", "no", "never",
            "omit", "omitted", "drop", "dropped", "neither", "irrelevant"}  # fmt: skip
LONG = 3


def order(cell: str, names: Collection[str]) -> tuple[str, ...]:
    """The names of the lines in the order given.

    Raises `Empty` where none is named, `Ambiguous` for two orders, and `Unreadable` for a line
    that does not exist or stands twice.
    """
    if len(cell) > MAX_TEXT:
        raise TooLarge(
            f"This answer has {len(cell)} characters; at most {MAX_TEXT} are read.",
            help=f"Give only the order. {_example(names)}",
        )
    with read_from(cell):
        return _order(cell, names)


def _order(cell: str, names: Collection[str]) -> tuple[str, ...]:
    known = {name.lower() for name in names}
    joining = JOINING - known
    text = without_remarks(plain_text(cell), known.__contains__, joining)
    words = words_of(text)
    found = runs(words, known.__contains__, joining)
    bracketed = _in_brackets(text, known)
    if bracketed and not {word.text for word in words} & (TURNING | ALTERNATIVES | LEFT_OUT):
        return bracketed
    if max((len(run.names) for run in found), default=0) < 2:
        together = spelled_together([w for w in words if w.text not in LABELS], known.__contains__)
        if together:
            return together
    digits = [word.text for word in words if word.text.isdecimal()]
    if not found and len(digits) == 1 and sorted(digits[0]) == sorted(known):
        return tuple(digits[0])  # 3142
    if not found:
        raise Empty("No line is named here yet.", help=_example(names))
    run = _only(found, names)
    _refuse_unknown(words, run, known, names)
    _check(run, words, names)
    _refuse_outside(words_of(plain_text(cell)), run, found, names)
    return run.texts


def _in_brackets(text: str, known: Collection[str]) -> tuple[str, ...]:
    """The lines of "(c) forward pass, (a) loss", if all are named once so, and none otherwise."""
    names = [word for word in words_of(text) if word.text in known]
    inside = [text[w.start - 1 : w.start] == "(" and text[w.end : w.end + 1] == ")" for w in names]
    found = tuple(word.text for word in names)
    return found if all(inside) and sorted(found) == sorted(known) else ()


def _example(names: Collection[str]) -> str:
    """How an order is written, with the first lines of the question."""
    some = sorted(names)[:3]
    shown = ", ".join(reversed(some))
    return f"Name the lines with commas between them, first line first, as in order: {shown}."


def _only(found: Sequence[NameRun], names: Collection[str]) -> NameRun:
    """The run that is the order; raises `Ambiguous` where there are two that differ."""
    long = [run for run in found if len(run.names) >= LONG]
    labelled = [run for run in found if _is_labelled(run)]
    candidates = labelled or long or [max(found, key=lambda run: len(run.names))]
    rivals = [run for run in long if run not in candidates and _is_alternative(run)]
    first = candidates[0]
    for other in [*candidates[1:], *rivals]:
        if other.texts != first.texts:
            raise Ambiguous(
                f"Two orders stand here: {first} and {other}.",
                start=first.start,
                end=other.end,
                help=f"Give one of them. {_example(names)}",
            )
    if any(word.text == "not" for word in first.before[-3:]):
        raise Unreadable(
            "“not” before an order says which one it is not.",
            start=first.start,
            end=first.end,
            help=f"Give the order that it is. {_example(names)}",
        )
    return first


def _is_labelled(run: NameRun) -> bool:
    return any(word.text in LABELS for word in run.before[-3:])


def _is_alternative(run: NameRun) -> bool:
    return any(word.text in ALTERNATIVES for word in run.before[-2:])


def _refuse_unknown(
    words: Sequence[Word], run: NameRun, known: Collection[str], names: Collection[str]
) -> None:
    """Raise `Unreadable` for a single letter beside the run that is no line."""
    for word in words:
        beside = word.end <= run.start and run.start - word.end <= 2
        beside = beside or (run.end <= word.start and word.start - run.end <= 2)
        strange = len(word.text) == 1 and word.text.isalpha() and word.text not in {*known, "i"}
        if beside and strange:
            raise Unreadable(
                f"No line is called {word.text!r}; there are {' '.join(sorted(names))}.",
                start=word.start,
                end=word.end,
                help=_example(names),
            )


def _refuse_outside(
    words: Sequence[Word], run: NameRun, found: Sequence[NameRun], names: Collection[str]
) -> None:
    """Raise `Ambiguous` for a line beside the order which may belong to it, and for "reversed"."""
    texts = [word.text for word in words]
    turned = any(
        text in BACKWARDS and (text != "backward" or after not in PASSES)
        for text, after in zip(texts, [*texts[1:], ""], strict=True)
    ) or "last to first" in " ".join(texts)
    outside = [word for other in found if other is not run for word in other.names]
    strange = [word for word in outside if word.text not in run.texts]
    if turned or (strange and not LEFT_OUT & set(texts)):
        what = (
            "The order is said to be turned around"
            if turned
            else f"Line {strange[0].text} is named outside of the order"
        )
        raise Ambiguous(f"{what}.", start=run.start, end=run.end, help=_example(names))


def _check(run: NameRun, words: Sequence[Word], names: Collection[str]) -> None:
    """Raise `MathematicsError` where the run is not the order in which its names stand."""
    refuse_arrows_back(run)
    refuse_numbers(run)
    problem: MathematicsError | None = None
    twice = [name for name in run.texts if run.texts.count(name) > 1]
    after = [w for w in words if w.text == "after" and _is_near(w, run)]
    if twice:
        problem = Unreadable(f"Line {twice[0]} is named twice.", help=_example(names))
    elif after:
        problem = Unreadable("“after” turns an order around.", help=_example(names))
    elif _is_out_of_place(run):
        problem = Unreadable(
            "The words “first” and “last” do not stand with the first and last line named.",
            help=_example(names),
        )
    if problem is not None:
        problem.start, problem.end = run.start, run.end
        raise problem


def _is_near(word: Word, run: NameRun) -> bool:
    return run.start - 8 <= word.start <= run.end + 2


def _is_out_of_place(run: NameRun) -> bool:
    """Whether "first" stands before another name than the first, or "last" than the last."""
    first, last = run.names[0], run.names[-1]
    late = any(word.text in FIRST and word.start > first.start for word in run.among)
    previous = run.names[-2].start if len(run.names) > 1 else -1
    early = any(word.text in LAST and word.start < previous for word in run.among)
    return late or early or any(w.text in LAST for w in run.before[-1:] if last is not first)
