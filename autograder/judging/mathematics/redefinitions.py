"""A name of the question that an answer gives a value of its own: with λ = 0, where X = A.

Read with and without that value, the answer is right or wrong in both cases, or it is asked back:
which of the two is meant is never decided silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .explaining.judgement import Judgement, Question, from_error
from .reading.clauses import Definition, defined
from .reading.commands import tokenize
from .reading.declarations import Declarations, signature
from .reading.errors import Ambiguous, MathematicsError
from .reading.markdown import passages
from .reading.naming import named
from .reading.render import plain_name
from .reading.tokens import Token
from .second_readings import UNREAD

GIVING = {"let", "where", "with", "set", "define", "put", "denote", "write", "use", "using", "take",
          "here", "be", "denotes"}  # fmt: skip
MOST = 4


def redefinition(
    asked: Question, cell: str, said: Judgement, judged: Callable[[str], Judgement]
) -> Judgement | None:
    """The question back where the value that is given to a symbol changes the verdict."""
    for name, one in list(_redefined(cell, asked.declared))[:MOST]:
        other = _with_value(cell, name, one.value, asked.declared)
        read = judged(other) if other != cell else said
        if read.says not in UNREAD and read.is_right != said.is_right:
            shown = plain_name(name)
            error = Ambiguous(
                f"{shown} is a symbol of the question, and you give it the value “{one.value}”.",
                help=f"Leave the value out, or write it into the answer in place of {shown}.",
            )
            return from_error(error, cell)
    return None


def _redefined(cell: str, declared: Declarations) -> Iterator[tuple[str, Definition]]:
    if "=" not in cell and "≔" not in cell:
        return
    for one in defined(cell):
        name = _symbol(one.name, declared) if one.led in GIVING else ""
        if name and name not in declared.blanks and not _is_answer(one.name, declared):
            yield name, one


def _symbol(text: str, declared: Declarations) -> str:
    """The declared symbol that stands alone in a text, "" for none."""
    tokens = _tokens(text, declared)
    alone = len(tokens) == 1 and tokens[0].kind in {"name", "letter"}
    return tokens[0].text if alone and declared.kind(tokens[0].text) == "symbol" else ""


def _is_answer(text: str, declared: Declarations) -> bool:
    return tuple(signature(token) for token in _tokens(text, declared)) in declared.labels


def _tokens(text: str, declared: Declarations) -> list[Token]:
    try:
        return named(tokenize(text), declared)
    except MathematicsError:
        return []


def _with_value(cell: str, name: str, value: str, declared: Declarations) -> str:
    """The cell with a value in place of a name, other than in front of an equals sign."""
    try:
        found = passages(cell)
    except MathematicsError:
        return cell
    for passage in reversed(found):
        begin = cell.find(passage.text, max(passage.start, 0))
        for start, end in reversed(list(_places(_tokens(passage.text, declared), name))):
            cell = f"{cell[: begin + start]}{{({value})}}{cell[begin + end :]}"
    return cell


def _places(tokens: Sequence[Token], name: str) -> Iterator[tuple[int, int]]:
    for token, following in zip(tokens, [*tokens[1:], None], strict=False):
        given = following is not None and following.text in {"=", ":"}
        if token.kind == "name" and token.text == name and not given:
            yield token.start, token.end
        if token.kind != "sub":  # w_λ is a name
            yield from _places(token.inner, name)
