"""Where a cell gives a name a value: Let $P = A^TA$, with α = …, U_k the first k columns of U.

Finds the texts on both sides of the =, in formulas and in the words between. Knows no question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .errors import MathematicsError
from .markdown import Passage, passages
from .spelling import is_latex
from .spoken_lines import SpokenWord, words_of
from .tokens import STATEMENTS

OPENING, CLOSING = "([{", ")]}"
SEPARATING = {"quad", "qquad", "Rightarrow", "implies", "therefore", "iff", "Leftrightarrow"}
TEXTS = {"text", "textrm", "mbox", "textnormal", "hbox", "mathrm"}
EQUALS = {"coloneqq", "triangleq", "doteq"}
WORDS = {"mit", "wobei", "sei", "avec",
         "let", "where", "with", "set", "define", "put", "denote", "write", "use", "using", "take",
         "here", "and", "for", "so", "then", "hence", "thus", "if", "since", "because", "as", "is",
         "are"}  # fmt: skip
GIVES = {"be", "is", "denote", "denotes", "equal", "equals", "stands for", "means", "is the matrix",
         "be the matrix"}  # fmt: skip
FILLING = {"the", "its", "a", "square", "matrix", "of", "with", "is", "are", "be", "being", "has",
           "have", "hold", "holds", "contain", "contains", "consist", "consists", "denote",
           "denotes", "collect", "collects", "for", ""}  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """A name and the value that it is given, both as written.

    `span` says where this stands in the cell (-1, -1 where the formula says more); `in_formula`
    whether the name stands in a formula there; `led` is the word that leads to it, as "let";
    `first` is "rows" or "columns" where the value is the first `size` of them.
    """

    name: str
    value: str
    span: tuple[int, int] = (-1, -1)
    in_formula: bool = True
    led: str = ""
    first: str = ""
    size: str = ""


def defined(cell: str) -> list[Definition]:
    """Everything of a cell that has the form of a definition.

    >>> [(d.name, d.value) for d in defined("Let $P = A^TA$ and $q = 2b$. Then $x = P^{-1}q$.")]
    [('P', 'A^TA'), ('q', '2b'), ('x', 'P^{-1}q')]
    >>> defined("with U_k the first k columns of U")[0].first
    'columns'
    """
    try:
        found = passages(cell)
    except MathematicsError:
        return []
    made: list[Definition] = []
    end = 0
    for passage in found:
        gap, end = cell[end : passage.start], passage.end
        made += [replace(one, in_formula=False) for one in _of_gap(gap)]
        led = _lead(gap, made[-1].led if made else "")
        made += [one for line in _lines(cell, passage) for one in _of_passage(line, led)]
    made += [replace(one, in_formula=False) for one in _of_gap(cell[end:])]
    for before, after in pairwise(found):
        if " ".join(cell[before.end : after.start].split()) in GIVES:
            span = (before.start, after.end)
            made.append(Definition(before.text.strip(), after.text.strip(), span=span))
    words = words_of(cell)
    return [*made, *_first_columns(words, found), *_diagonals(words, found)]


def _first_columns(words: Sequence[SpokenWord], found: Sequence[Passage]) -> Iterator[Definition]:
    """The first d columns of U."""
    for at, word in enumerate(words):
        rest = [w for w in words[at + 1 : at + 7] if w.text not in {"the", "matrix"}]
        led = word.text in {"first", "leading", "top"} and len(rest) > 3
        if led and rest[1].text in {"columns", "rows"} and rest[2].text == "of":
            name = _name_before(words, at)
            if name is not None:
                yield Definition(
                    name.text,
                    rest[3].text,
                    span=(name.start, rest[3].end),
                    in_formula=_is_inside(name, found),
                    first=rest[1].text,
                    size=rest[0].text,
                )


def _diagonals(words: Sequence[SpokenWord], found: Sequence[Passage]) -> Iterator[Definition]:
    """A diagonal matrix with entries 1/σ_i."""
    for at, word in enumerate(words):
        if word.text != "diagonal":
            continue
        rest = [w for w in words[at + 1 : at + 8] if w.text not in {"matrix", "the", "diagonal"}]
        led = len(rest) > 2 and rest[0].text in {"with", "of", "containing", "whose"}
        if not led or rest[1].text not in {"entries", "elements"}:
            continue
        entry = rest[3] if rest[2].text == "are" and len(rest) > 3 else rest[2]
        name = _name_before(words, at)
        marked = next((p for p in found if p.start == entry.start), None)
        text, end = (marked.text, marked.end) if marked else (entry.text, entry.end)
        if name is not None:
            value = f"\\operatorname{{diag}}({text.strip()})"
            span = (name.start, end)
            yield Definition(name.text, value, span=span, in_formula=_is_inside(name, found))


def _name_before(words: Sequence[SpokenWord], at: int) -> SpokenWord | None:
    """What the words in front say something about."""
    for word in reversed(words[max(0, at - 7) : at]):
        if word.text not in FILLING:
            return word
    return None


def _is_inside(word: SpokenWord, found: Sequence[Passage]) -> bool:
    return any(passage.start <= word.start < passage.end for passage in found)


def _of_gap(gap: str) -> Iterator[Definition]:
    """What words between the formulas define, as in: where G = X^TX."""
    if "=" in gap:
        yield from _of_passage(Passage(gap, displayed=False), "")


def _lines(cell: str, passage: Passage) -> list[Passage]:
    """The lines of code, each a formula of its own; other formulas as they are."""
    lines = passage.text.splitlines(keepends=True)
    ends = [line.rstrip()[-1:] for line in lines]
    goes_on = any(end in {*"+-*/@(,[="} for end in ends) or any(
        line.lstrip()[:1] in {*"+-*/@)="} for line in lines
    )
    if len(lines) < 2 or is_latex(passage.text) or goes_on:
        return [passage]
    start = cell.find(passage.text, max(0, passage.start))
    found = []
    for line in lines:
        found.append(Passage(line, passage.displayed, start, start + len(line)))
        start += len(line)
    return found


def _lead(gap: str, before: str) -> str:
    """The last word of a gap that can lead to a definition; that of the one before behind "and"."""
    said = [word.text.lower() for word in words_of(gap)]
    known = [word for word in said if word in WORDS | GIVES or word == "by"]
    return known[-1] if known and known[-1] != "and" else before if set(said) <= {"and", ""} else ""


def _of_passage(passage: Passage, led: str) -> Iterator[Definition]:
    clauses = _clauses(passage.text)
    for word, sides in clauses:
        led = word or led
        bare = [side.replace("&", " ").strip() for side in sides]
        if len(bare) > 1 and bare[0] and bare[-1]:
            span = (passage.start, passage.end) if len(clauses) == 1 else (-1, -1)
            yield Definition(_last_word(bare[0]), bare[-1], span=span, led=led)


def _last_word(side: str) -> str:
    """The name behind words in plain text, as in "the Gram matrix K", and behind spaces."""
    for space in ("\\ ", "\\,", "\\;", "\\:", "\\!", "~"):
        side = side.removeprefix(space).strip()
    *words, name = side.split() or [""]
    plain = all(word.isalpha() and word.isascii() and len(word) > 1 for word in words)
    return name if words and plain else side


def _clauses(text: str) -> list[tuple[str, list[str]]]:
    """The sides of each part of a formula between commas, words and ends of lines.

    In front of them stands the word that leads to the part, "" for none and for "and".
    """
    cutter = _Cutter(text)
    while cutter.at < len(text):
        cutter.one()
    cutter.cut(len(text), len(text), ends=True)
    return cutter.clauses


class _Cutter:
    """Cuts one text at what separates clauses and at =, outside of brackets and matrices."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at, self.start, self.depth = 0, 0, 0
        self.clauses: list[tuple[str, list[str]]] = []
        self.sides: list[str] = []
        self.led = ""

    def cut(self, stop: int, after: int, *, ends: bool, word: str = "") -> None:
        """End a side at `stop`; go on behind `after`, where `word` leads to what follows."""
        self.at = max(after, self.at + 1)
        if self.depth > 0 and stop < len(self.text):
            return
        self.sides.append(self.text[self.start : stop])
        self.start = after
        if ends:
            self.clauses.append((self.led, self.sides))
            self.sides, self.led = [], "" if word == "and" else word

    def one(self) -> None:
        """Go over one sign, word or command."""
        at, sign, following = self.at, self.text[self.at], self.text[self.at + 1 : self.at + 2]
        if sign == "\\":
            self._command()
        elif sign.isascii() and sign.isalpha():
            self._word()
        elif sign in ",;⇒∴⇔" or self._ends_line(sign):
            self.cut(at, at + 1, ends=True)
        elif sign in "≔≜=" or (sign == ":" and following == "="):
            self._equals(sign, following)
        elif self.depth == 0 and (sign == ")" or self._opens_remark(sign)):
            self.cut(at, at + 1, ends=True)
        else:
            self.depth += (sign in OPENING) - (sign in CLOSING)
            self.depth = max(0, self.depth)
            self.at += 1

    def _opens_remark(self, sign: str) -> bool:
        """Whether the bracket of x = P b (P = A^T) opens here."""
        stop = self.text.find(")", self.at)
        apart = self.text[self.at - 1 : self.at].isspace()
        return sign == "(" and apart and "=" in self.text[self.at : stop]

    def _ends_line(self, sign: str) -> bool:
        """Whether a clause ends here: a full stop, a colon, a line before another equation."""
        following = self.text[self.at + 1 : self.at + 2]
        if sign == ".":
            return not following or following.isspace()
        if sign == ":":  # with v = A^{-1}u: v v^T
            return bool(self.sides) and following.isspace()
        stop = self.text.find("\n", self.at + 1) if sign == "\n" else self.at
        line = self.text[self.at + 1 : stop if stop >= 0 else len(self.text)]
        return "=" in line.lstrip()[1:]

    def _equals(self, sign: str, following: str) -> None:
        before = self.text[self.at - 1 : self.at]
        if sign == "=" and (before in set("<>!") or following in set("<>")):
            self.at += 1
        else:
            self.cut(self.at, self.at + 1 + (following == "="), ends=False)

    def _word(self) -> None:
        stop = self._letters(self.at)
        before = self.text[self.at - 1 : self.at]
        word = self.text[self.at : stop].lower()
        if word in WORDS and before not in {"_", "^", "."}:
            self.cut(self.at, stop, ends=True, word=word)
        self.at = stop

    def _command(self) -> None:
        start = self.at
        stop = self._letters(start + 1)
        name = self.text[start + 1 : stop]
        argument, behind = self._argument(stop)
        if not name:
            ends = self.text.startswith("\\\\", start)
            self.at += 1 if ends else 2
            if ends:
                self.cut(start, start + 2, ends=True)
        elif name in EQUALS:
            self.cut(start, stop, ends=False)
        elif name in {"begin", "end"} and argument.rstrip("*") in STATEMENTS:
            self.cut(start, behind, ends=True)
        elif name in TEXTS and (" " in argument or argument.lower() in WORDS):
            said = [word.text.lower() for word in words_of(argument) if word.text.lower() in WORDS]
            self.cut(start, behind, ends=True, word=said[-1] if said else "")
        elif name in SEPARATING:
            self.cut(start, stop, ends=True)
        else:
            self.depth += (name == "begin") - (name == "end")
            self.at = behind if name in {"begin", "end"} else stop

    def _letters(self, at: int) -> int:
        while self.text[at : at + 1].isascii() and self.text[at : at + 1].isalpha():
            at += 1
        return at

    def _argument(self, at: int) -> tuple[str, int]:
        """What stands in the braces behind a command, and where they end."""
        end = self.text.find("}", at) if self.text[at : at + 1] == "{" else -1
        return (self.text[at + 1 : end], end + 1) if end > 0 else ("", at)
