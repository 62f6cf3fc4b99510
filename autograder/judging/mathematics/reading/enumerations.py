"""Letters and numbers named one after another, in a text with words around them. No question.

Runs of names are read, and not every letter: "a" is a word as well. What is open is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .errors import Ambiguous, Unreadable

MAX_TEXT = 2000
COMMANDS = {"to": "→", "rightarrow": "→", "longrightarrow": "→", "Rightarrow": "→", "implies": "→",
            "leftarrow": "←", "gets": "←", "Leftarrow": "←", "lor": " or ",
            "vee": " or "}  # fmt: skip
# Words that stand behind a letter which is a name, and seldom behind the article.
FOLLOWING = {"because", "since", "as", "is", "are", "where", "which", "that", "by", "with", "for",
             "in", "only", "hold", "holds", "qed", "but", "not", "or", "comes", "stands", "and",
             "then", "first", "next", "finally", "before", "after", "und", "sowie", "et", "weil",
             "denn"}  # fmt: skip
ALTERNATIVES = {"or", "either", "oder", "alternatively", "vs", "versus", "resp", "xor"}
ARTICLES = {"a", "i"}

IsName = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a number, in lower case, with what stands before it."""

    text: str
    gap: str
    start: int

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class NameRun:
    """Names one after another: their words, the words among them, and those before them."""

    names: tuple[Word, ...]
    among: tuple[Word, ...]
    before: tuple[Word, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The names in the order written."""
        return tuple(word.text for word in self.names)

    @property
    def start(self) -> int:
        """Where the run begins."""
        return self.names[0].start

    @property
    def end(self) -> int:
        """Where the run ends."""
        return self.names[-1].end

    def __str__(self) -> str:
        return " ".join(self.texts)


def plain_text(cell: str) -> str:
    r"""A cell of the same length without the signs of LaTeX and Markdown around its words.

    >>> plain_text(r"$g \to \text{e}$")
    ' g   →       e  '
    """
    text = cell[:MAX_TEXT]
    done: list[str] = []
    at = 0
    while at < len(text):
        stop = at + 1
        if text[at] == "\\":
            while text[stop : stop + 1].isalpha() and text[stop].isascii():
                stop += 1
            done.append(COMMANDS.get(text[at + 1 : stop], "").rjust(stop - at))
        else:
            done.append(" " if text[at] in "${}`*_~" else text[at])
        at = stop
    return "".join(done)


def words_of(text: str) -> list[Word]:
    """The words and numbers of a text."""
    found: list[Word] = []
    at = end = 0
    while at < len(text):
        stop = at
        while stop < len(text) and (text[stop].isalnum() or _is_apostrophe(text, stop)):
            stop += 1
        if stop > at:
            found.append(Word(text[at:stop].lower(), text[end:at], at))
            end = stop
        at = max(stop, at + 1)
    return found


def _is_apostrophe(text: str, at: int) -> bool:
    inside = text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()
    return text[at] in "'’" and inside


def without_remarks(text: str, is_name: IsName, joining: set[str]) -> str:
    """The text with blanks for remarks in round brackets; (a), (c) are names and stay."""
    at = text.find("(")
    while at >= 0:
        stop = text.find(")", at)
        if stop < 0:
            return text
        inside = words_of(text[at:stop])
        said = not any(w.text in ALTERNATIVES for w in inside) and any(
            not (is_name(w.text) or w.text.isdecimal() or w.text in joining) for w in inside
        )
        if said and len(inside) > 0:
            text = text[:at] + " " * (stop + 1 - at) + text[stop + 1 :]
        at = text.find("(", at + 1)
    return text


def runs(words: Sequence[Word], is_name: IsName, joining: set[str]) -> list[NameRun]:
    """Every run of names; words of `joining` and numbers may stand within one.

    Raises `Ambiguous` for an "a" that may be a word, and for numbers that are no numbering.
    """
    found: list[NameRun] = []
    names: list[Word] = []
    among: list[Word] = []
    pending: list[Word] = []
    before: list[Word] = []
    seen: list[Word] = []
    for place, word in enumerate(words):
        if is_name(word.text) and not _is_article(words, place, is_name):
            if not names:
                before = list(seen)
            gap = "".join(other.gap for other in pending) + word.gap
            names.append(replace(word, gap=gap))
            among.extend(pending)
            pending = []
        elif word.text in joining or word.text.isdecimal():
            pending.append(word)
        elif names:
            found.append(NameRun(tuple(names), (*among, *_numbers(pending)), tuple(before)))
            names, among, pending, seen = [], [], [], []
        else:
            pending = []
        seen.append(word)
    if names:
        found.append(NameRun(tuple(names), (*among, *_numbers(pending)), tuple(before)))
    return [part for run in found for part in _sentences(run)]


def _numbers(words: Sequence[Word]) -> list[Word]:
    return [word for word in words if word.text.isdecimal()]


def _sentences(run: NameRun) -> list[NameRun]:
    """A run cut where a sentence ends in it, unless such a sign stands between all of its names."""
    strong = [k for k, word in enumerate(run.names) if k and _ends_sentence(word.gap)]
    if not strong or len(strong) == len(run.names) - 1:
        return [run]
    parts: list[NameRun] = []
    for start, stop in pairwise([0, *strong, len(run.names)]):
        names = run.names[start:stop]
        after = run.names[start - 1].start if start else -1
        stop_at = run.names[stop].start if stop < len(run.names) else MAX_TEXT
        among = tuple(w for w in run.among if after < w.start < stop_at)
        before = () if start else run.before
        parts.append(NameRun(names, among, before))
    return parts


def _ends_sentence(gap: str) -> bool:
    return ";" in gap or ":" in gap or "\n\n" in gap or ". " in gap or ".\n" in gap


def _is_article(words: Sequence[Word], place: int, is_name: IsName) -> bool:
    """Whether an "a" is the word and not the name; raises `Ambiguous` where it may be both."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else None
    if word.text not in ARTICLES or following is None or following.gap.strip(" "):
        return False
    if is_name(following.text) or following.text in FOLLOWING or following.text.isdecimal():
        return False
    if len(following.text) == 1:
        return False
    others = [w for k, w in enumerate(words) if w.text == word.text and k != place]
    if word.text == "a" and not others:
        raise Ambiguous(
            f"“{word.text} {following.text}”: this {word.text} can be a word or a name.",
            start=word.start,
            end=following.end,
            help="Name them with commas, as in b, a, and put other words into another sentence.",
        )
    return True


def refuse_numbers(run: NameRun) -> None:
    """Raise `Ambiguous` where numbers beside the names do not count them from 1 on."""
    numbers = [int(word.text) for word in run.among if word.text.isdecimal() and len(word.text) < 5]
    if len(numbers) > 1 and numbers != list(range(1, len(numbers) + 1)):
        raise Ambiguous(
            f"The numbers beside {run} are not 1, 2, 3 in this order.",
            start=run.start,
            end=run.end,
            help="Leave the numbers out and name the letters in their order, as in b, a, c.",
        )


def refuse_arrows_back(run: NameRun) -> None:
    """Raise `Unreadable` for ← between names."""
    back = [word for word in run.names if "←" in word.gap or "<-" in word.gap]
    if back:
        raise Unreadable(
            "An arrow to the left turns the order around.",
            start=run.start,
            end=run.end,
            help="Name the first one first, as in b, a, c.",
        )


def spelled_together(words: Sequence[Word], is_name: IsName) -> tuple[str, ...]:
    """The names in a word such as gebdaf, where it is the only one that can be read so."""
    found = [w for w in words if len(w.text) > 1 and w.text.isalpha() and all(map(is_name, w.text))]
    distinct = [w for w in found if len(set(w.text)) == len(w.text)]
    return tuple(distinct[0].text) if len(found) == len(distinct) == 1 else ()
