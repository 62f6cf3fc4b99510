"""Which formula of a cell counts, by the words around it and the names of the question.

Knows no values.
"""

from __future__ import annotations

from dataclasses import replace

from .answers import final_answer
from .declarations import Declarations, signature
from .errors import FreeIndex, Implicit, MathematicsError, UnknownSymbol, Unreadable
from .labels import is_label
from .markdown import answer_text, is_of_its_own, passages, set_aside
from .own_names import own
from .sentences import is_sentence, spoken_formula
from .statements import Formula, formula, gives_own


def chosen_text(cell: str, declared: Declarations) -> str:
    """`answer_text`, or the last formula where it alone is given to the name of the answer.

    So $X^TXw = X^Ty$ with the solution $w = A$ answers w = A. Formulas that only give the student's
    own names do not count.
    """
    mine = own(cell, declared)
    return _chosen(mine.cell, mine.declared)


def chosen_formula(cell: str, declared: Declarations) -> Formula:
    """The formula that counts, read with the student's own names and without what gives them."""
    mine = own(cell, declared)
    read = formula(_chosen(mine.cell, mine.declared), mine.declared)
    return without_own(read)


def without_own(read: Formula) -> Formula:
    """A formula without the statements that only say what an own name is, if others are left."""
    kept = [one for one in read.statements if not gives_own(read, one.segments)]
    return replace(read, statements=tuple(kept)) if kept else read


def _chosen(cell: str, declared: Declarations) -> str:
    text = _by_the_words(cell, declared)
    follows = mentions_the_answer(text, declared) or is_of_its_own(cell, text)
    if names_the_answer(text, declared) or not follows:
        return text
    given = [p.text for p in passages(cell) if names_the_answer(p.text, declared)]
    given = [one for one in given if not is_of_another(one, declared)]
    return given[-1] if given else text


def mentions_the_answer(text: str, declared: Declarations) -> bool:
    """Whether a formula is made of the name that is asked for, as (I - KC)P is for K.

    It is no answer then, but an equation for it or something that follows from it.
    """
    names = {label[0] for label in declared.labels if len(label) == 1}
    names = {name for name in names if not declared.kind(name) or name in declared.forbid}
    try:
        read = formula(text, declared)
    except MathematicsError:
        return False
    last = read.statements[-1]
    if is_label(read, last.segments[0]):
        return False
    stack = [token for segment in last.segments for token in segment.tokens]
    while stack:
        token = stack.pop()
        stack.extend(token.inner)
        if token.text in names:
            return True
    return False


def _by_the_words(cell: str, declared: Declarations) -> str:
    if is_sentence(cell, declared) and _is_garbled(answer_text(cell), declared):
        return spoken_formula(cell, declared) or answer_text(cell)
    aside = set_aside(cell)
    named = aside is not None and names_the_answer(aside.text, declared)
    named = named and aside is not None and not is_of_another(aside.text, declared)
    if aside is None or not named or names_the_answer(aside.before, declared):
        return answer_text(cell)
    return aside.text


def _is_garbled(text: str, declared: Declarations) -> bool:
    """Whether words keep a text from being read as a formula as it stands."""
    try:
        read = without_own(formula(text, declared))
        read.expression(final_answer(read).segment)
    except (UnknownSymbol, FreeIndex):
        return True
    except Implicit as error:
        return sum(map(_is_word, text[error.start : error.end].split())) > 1
    except Unreadable as error:
        said = text[max(0, error.start - 1) : error.end]
        words = [word.strip(" :,.;") for word in said.split()]
        return error.start >= 0 and (":" in said[:2] or any(map(_is_word, words)))
    except MathematicsError:
        return False
    return False


def _is_word(text: str) -> bool:
    return text.isalpha() and len(text) > 1


def is_prose(cell: str) -> bool:
    """Whether a cell is a sentence without a formula.

    >>> is_prose("I don't know."), is_prose("X times y"), is_prose("It tends to $0$.")
    (True, False, False)
    """
    text = cell.strip().rstrip(".!?")
    words = [word.strip(",;:()").replace("'", "").replace("’", "") for word in text.split()]
    spoken = [word for word in words if len(word) > 1]
    plain = all(word.isalpha() and word.isascii() for word in words)
    return plain and len(words) > 2 and 2 * len(spoken) > len(words) and len(spoken) > 1


def prose() -> Unreadable:
    """The error for a sentence where a formula is asked for."""
    return Unreadable(
        "These are words, and a formula is asked for.",
        help="Write your answer as a formula, as in $w = X^T y$.",
    )


def names_the_answer(text: str, declared: Declarations) -> bool:
    """Whether a formula gives a value to a name of the answer."""
    try:
        read = formula(text, declared)
    except MathematicsError:
        return False
    segments = read.statements[-1].segments
    if any(token.text in {"nabla", "partial"} for token in segments[0].tokens):
        return False
    return len(segments) > 1 and segments[1].relation == "=" and is_label(read, segments[0])


def is_of_another(text: str, declared: Declarations) -> bool:
    """Whether a formula gives Var(y) a value, where the names of the answer have Var(w)."""
    try:
        tokens = formula(text, declared).statements[-1].segments[0].tokens
    except MathematicsError:
        return False
    name = tuple(signature(token) for token in tokens)
    called = [label for label in declared.labels if label[1:2] == ("(",) and label[-1] == ")"]
    alike = [label for label in called if label[0] == name[0]]
    return bool(alike) and name[1:2] == ("(",) and name not in alike
