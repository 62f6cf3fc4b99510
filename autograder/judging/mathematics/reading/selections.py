"""The choices that an answer names: a and c, {1, 3}, options (b), (d). Knows no right ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from .enumerations import (
    ALTERNATIVES,
    ARTICLES,
    MAX_TEXT,
    IsName,
    NameRun,
    Word,
    plain_text,
    refuse_numbers,
    runs,
    spelled_together,
    without_remarks,
    words_of,
)
from .errors import Ambiguous, Empty, TooLarge, Unreadable, read_from
from .verdicts import MARKS, by_verdict

JOINING = {"and", "also", "as", "well", "both", "only", "option", "options", "choice", "choices",
           "answer", "answers", "no", "nr", "number", "statement", "statements", "is", "are",
           "right", "correct", "true", "hold", "holds", "my", "the", "i", "choose", "chose",
           "then", "select", "pick", "think", "it", "plus", "und", "sowie", "et"}  # fmt: skip
REASONS = {"because", "since", "weil", "denn", "car"}
NEGATIONS = {"not", "wrong", "false", "incorrect", "except", "without", "neither", "nor", "none",
             "but", "excluding", "besides", "other", "than", "untrue", "never", "rather",
             "instead", "nicht", "falsch", "ohne", "außer", "pas", "sauf"}  # fmt: skip
DENIALS = {"not", "wrong", "false", "incorrect", "untrue", "nicht", "falsch"}
STRANGE = set("→←=<>≠≤≥≈^")
RANGES = {"-", "–", "—", "..", "..."}
EXAMPLE = "Name only the ones that you choose, with commas between them, as in b, d."


def selection(cell: str, names: Collection[str] = ()) -> tuple[str, ...]:
    """The names of the choices, each once, in the order written.

    `names` are those that there are; without them, single letters are names, or numbers where no
    letter is named. Raises `Empty` where none is named, and `Ambiguous` or `Unreadable` where
    words leave it open.
    """
    if len(cell) > MAX_TEXT:
        raise TooLarge(
            f"This answer has {len(cell)} characters; at most {MAX_TEXT} are read.", help=EXAMPLE
        )
    with read_from(cell):
        text = plain_text(cell)
        found = by_verdict(text, names)
        if not found and any(mark in text for mark in MARKS):
            raise Ambiguous("It is not clear which choices are marked.", help=EXAMPLE)
        return found or _selection(_without_false(text), names)


def _without_false(text: str) -> str:
    """The text with blanks for the clauses that say what is false, beside one that does not."""
    clauses = _clauses(text.replace(" but not ", "; not    ").lower())
    denied = [any(word.text in DENIALS for word in words_of(clause)) for clause in clauses]
    if all(denied) or not any(denied):
        return text
    kept = [
        " " * len(clause) if out else clause for clause, out in zip(clauses, denied, strict=True)
    ]
    return "".join(kept)


def _clauses(text: str) -> list[str]:
    """The text cut behind every semicolon, full stop and line."""
    cuts = [
        place + 1
        for place, sign in enumerate(text)
        if sign in ";\n" or (sign == "." and text[place + 1 : place + 2].isspace())
    ]
    return [text[start:stop] for start, stop in pairwise([0, *cuts, len(text)])]


def _selection(text: str, names: Collection[str]) -> tuple[str, ...]:
    is_name = _naming(words_of(text), {name.lower() for name in names})
    joining = {word for word in JOINING if not is_name(word)}
    words = _before_reasons(words_of(without_remarks(text, is_name, joining)), is_name)
    _refuse_negations(words)
    found = runs(words, is_name, joining)
    together = spelled_together(words, is_name) if len(words) == 1 else ()
    if not found and list(together) == sorted(together) and together:
        return together
    if not found:
        raise Empty("No choice is named here yet.", help=EXAMPLE)
    return _only(found, words)


def _naming(words: Sequence[Word], known: Collection[str]) -> IsName:
    """What counts as a name in this text."""
    if known:
        return lambda text: text in known
    letters = any(_is_letter(word.text) and word.text not in ARTICLES for word in words)
    if not letters and any(word.text.isdecimal() for word in words):
        return lambda text: text.isascii() and text.isdecimal() and len(text) < 3
    return _is_letter


def _is_letter(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalpha() and text != "i"


def _before_reasons(words: Sequence[Word], is_name: IsName) -> list[Word]:
    """The words up to a "because" behind a name."""
    for place, word in enumerate(words):
        if word.text in REASONS and any(is_name(before.text) for before in words[:place]):
            return list(words[:place])
    return list(words)


def _refuse_negations(words: Sequence[Word]) -> None:
    for word in words:
        if word.text in NEGATIONS or word.text.endswith(("n't", "n’t")):
            raise Unreadable(
                f"“{word.text}” leaves open which choices are yours.",
                start=word.start,
                end=word.end,
                help=EXAMPLE,
            )


def _only(found: Sequence[NameRun], words: Sequence[Word]) -> tuple[str, ...]:
    """The one set that is named; raises `Ambiguous` for two, for "or" and for a range."""
    first = found[0]
    open_words = [word.text for word in words if word.text in ALTERNATIVES]
    if open_words:
        raise Ambiguous(
            f"“{open_words[0]}” leaves open which choices are yours.",
            start=first.start,
            end=first.end,
            help=EXAMPLE,
        )
    for other in found[1:]:
        if set(other.texts) != set(first.texts):
            raise Ambiguous(
                f"Two groups of choices stand here: {first} and {other}.",
                start=first.start,
                end=other.end,
                help=EXAMPLE,
            )
    refuse_numbers(first)
    for before, after in pairwise(first.names):
        between = [w.text for w in words if before.end <= w.start < after.start]
        gap = after.gap.strip() if not between else ""
        decimal = after.gap in {".", "/"} and after.text.isdecimal()
        if set(gap) & STRANGE:
            raise Ambiguous(
                f"“{before.text} {gap} {after.text}” is no list of choices.",
                start=before.start,
                end=after.end,
                help=EXAMPLE,
            )
        if (gap in RANGES and "\n" not in after.gap) or decimal or "to" in between:
            raise Ambiguous(
                f"“{before.text}{after.gap}{after.text}” can be more than two choices.",
                start=before.start,
                end=after.end,
                help=EXAMPLE,
            )
    return tuple(dict.fromkeys(first.texts))
