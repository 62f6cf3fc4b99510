"""Which mistakes a failed check may have found: those with a name first, then small edits.

Knows texts alone; runs nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from autograder.judging.attempts import places_of_parts
from autograder.judging.check import Check
from autograder.judging.groups import all_needs
from autograder.mutation import (
    KINDS,
    OF_STUDENTS,
    CodeMutant,
    mutants_everywhere,
    mutants_of,
    texts_of,
    with_text,
)
from autograder.solved import Solved, WrongSolution
from autograder.syntax import parse

# Kinds of small edits that may not end, or whose sentence says next to nothing, unless it is told
# more exactly.
_LEFT_OUT = frozenset({"loop", "draws", "number type"})
# Kinds that an exception gives away: its message has the shapes that came of it.
_RAISES = frozenset({"dropped argument", "transpose"})

_VECTORS = re.compile(r"\b(?:eigh?|svd)\(")

Candidate = tuple[tuple["ToldMistake", ...], Mapping[str, bytes]]


class Scope(Enum):
    """How far equal answers can be believed."""

    KNOWN = "mistakes that were written down, and no others"
    RAISED = "small edits too, if they can be told by the exception"
    PLACES = "small edits too, at one place each: whole numbers are equal by chance more often"
    ANY = "small edits too, at one place and at all of a form"


@dataclass(frozen=True, kw_only=True)
class ToldMistake:
    """A mistake as a student is told of it; a small edit has its function and two sentences.

    `exact` says what was edited, `kind` only of what kind that is.
    """

    said: str
    help: str = ""
    function: str = ""
    exact: str = ""
    kind: str = ""


def candidates(
    solved: Solved,
    check: Check,
    checks: Mapping[str, Check],
    release: Mapping[str, bytes],
    *,
    group: Collection[str],
    scope: Scope,
) -> Iterator[Iterator[Candidate]]:
    """The candidates by kind, the likeliest first, with the solutions that have them.

    They are the mistakes that a check is known to find, those of other checks of the same parts,
    those of what it needs, small edits of its own functions, at one place and then at all of a
    form, and two of the first at once. What it needs is not edited: it has passed its own checks,
    or is the course's.

    Parameters
    ----------
    group : the checks of the same parts.
    """
    needs = frozenset(all_needs(check, checks))
    known = [mistake for mistake in solved.mistakes if mistake.diagnosis]
    own = [mistake for mistake in known if check.id in mistake.loses]
    sisters = [one for one in known if one not in own and set(one.loses).intersection(group)]
    before = [one for one in known if one not in own + sisters and needs.intersection(one.loses)]
    raises = scope is Scope.RAISED
    yield _with(solved, [(mistake,) for mistake in own])
    yield _with(solved, [(mistake,) for mistake in sisters])
    if scope is not Scope.KNOWN:
        yield _with(solved, [(mistake,) for mistake in before])
        yield _edited(solved, release, {check.id, *group}, _mutants, raises=raises)
        if scope is Scope.ANY:
            yield _edited(solved, release, {check.id, *group}, _mutants_everywhere, raises=raises)
        yield _with(solved, [(a, b) for number, b in enumerate(own) for a in own[:number]])


def signs_are_free(solved: Solved, release: Mapping[str, bytes], parts: Collection[str]) -> bool:
    """Whether the functions of these parts give eigenvectors or singular vectors."""
    reference = solved.reference()
    for path, functions in _places(release, parts).items():
        for text in texts_of(path, reference[path]):
            lines = text.text.split("\n")
            try:
                own = _lines(parse(text.text), functions)
            except SyntaxError:
                continue
            if any(_VECTORS.search(lines[number - 1]) for number in own):
                return True
    return False


def _places(release: Mapping[str, bytes], parts: Collection[str]) -> dict[str, frozenset[str]]:
    """The functions that these parts stand in, by file."""
    places = places_of_parts(release)
    functions = {place for part in parts for place in places.get(part, ())}
    return {
        path: frozenset(function for place, function in functions if place == path)
        for path in sorted({path for path, _ in functions})
    }


def _with(solved: Solved, chosen: Sequence[tuple[WrongSolution, ...]]) -> Iterator[Candidate]:
    for mistakes in chosen:
        try:
            files = solved.with_mistakes(*mistakes)
        except ValueError:  # two that change the same lines
            continue
        yield tuple(ToldMistake(said=one.diagnosis, help=one.help) for one in mistakes), files


def _edited(
    solved: Solved,
    release: Mapping[str, bytes],
    parts: Collection[str],
    mutants: Callable[[str, str, frozenset[str]], tuple[CodeMutant, ...]],
    *,
    raises: bool,
) -> Iterator[Candidate]:
    """Small edits of the functions that these parts stand in."""
    reference = solved.reference()
    for path, wanted in _places(release, parts).items():
        for text in texts_of(path, reference[path]):
            for mutant in mutants(text.text, path, wanted):
                if raises and mutant.kind not in _RAISES:
                    continue
                files = {**reference, path: with_text(reference[path], text, mutant.text)}
                kind = KINDS[mutant.kind].sentence
                yield (_small(mutant.function, mutant.sentence, kind),), files


def _small(function: str, exact: str, kind: str) -> ToldMistake:
    said = f"`{function}`: {_inside(exact)}"
    return ToldMistake(said=said, function=function, exact=exact, kind=kind)


def _inside(sentence: str) -> str:
    """A sentence behind a colon; a name or a formula in front stays as it is."""
    first = sentence[:1]
    return first.lower() + sentence[1:] if sentence[1:2].islower() or first == "A" else sentence


def common(mistakes: Collection[ToldMistake]) -> tuple[ToldMistake, ...]:
    """What is true of each of several small edits that give one answer; nothing if too little is.

    Two of one function are told side by side; of more, their kind is told if it is one.
    """
    first, *others = {mistake.said: mistake for mistake in mistakes}.values()
    if not others:
        return (first,)
    if any(mistake.function != first.function or not mistake.function for mistake in mistakes):
        return ()
    if len(others) == 1:
        both = f"{first.exact} Or {_inside(others[0].exact)}"
        return (_small(first.function, both, first.kind),)
    if {mistake.kind for mistake in mistakes} == {first.kind}:
        return (_small(first.function, first.kind, first.kind),)
    return ()


@lru_cache(maxsize=64)
def _mutants(text: str, path: str, functions: frozenset[str]) -> tuple[CodeMutant, ...]:
    try:
        lines = _lines(parse(text), functions)
        found = mutants_of(text, path=path, lines=lines, rewriters=OF_STUDENTS) if lines else ()
    except SyntaxError:
        return ()
    return tuple(one for one in found if one.function in functions and _is_told(one))


@lru_cache(maxsize=64)
def _mutants_everywhere(text: str, path: str, functions: frozenset[str]) -> tuple[CodeMutant, ...]:
    try:
        lines = _lines(parse(text), functions)
        found = mutants_everywhere(text, path=path, lines=lines) if lines else ()
    except SyntaxError:
        return ()
    return tuple(one for one in found if one.function in functions and _is_told(one))


def _is_told(mutant: CodeMutant) -> bool:
    return bool(mutant.detail) or mutant.kind not in _LEFT_OUT


def _lines(tree: ast.AST, functions: Collection[str], prefix: str = "") -> frozenset[int]:
    lines: frozenset[int] = frozenset()
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.ClassDef):
            lines |= _lines(node, functions, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and prefix + node.name in functions:
            lines |= frozenset(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines
