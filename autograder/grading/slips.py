"""Which mistakes a failed check may have found: those with a name first, then small edits.

Knows texts alone; runs nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from autograder.judging.attempts import places_of_parts
from autograder.judging.check import Check
from autograder.judging.groups import all_needs
from autograder.mutation import CodeMutant, mutants_of, texts_of, with_text
from autograder.solved import Solved, WrongSolution
from autograder.syntax import parse

# Kinds of small edits that may not end, or whose sentence says next to nothing.
_LEFT_OUT = frozenset({"loop", "draws", "number type"})

Candidate = tuple[tuple["ToldMistake", ...], Mapping[str, bytes]]


@dataclass(frozen=True, kw_only=True)
class ToldMistake:
    """A mistake as a student is told of it; a small edit has the function and the kind as well."""

    said: str
    help: str = ""
    function: str = ""
    kind: str = ""


def candidates(
    solved: Solved,
    check: Check,
    checks: Mapping[str, Check],
    release: Mapping[str, bytes],
    *,
    wide: bool,
) -> Iterator[Iterator[Candidate]]:
    """The candidates by kind, the likeliest first, with the solutions that have them.

    They are the mistakes that a check is known to find, those of what it needs, two of the first at
    once, and small edits of the functions in question. Where an answer says little, it is not
    `wide`, and only the first are looked at.
    """
    needs = frozenset(all_needs(check, checks))
    known = [mistake for mistake in solved.mistakes if mistake.diagnosis]
    own = [mistake for mistake in known if check.id in mistake.loses]
    before = [one for one in known if one not in own and needs.intersection(one.loses)]
    yield _with(solved, [(mistake,) for mistake in own])
    if wide:
        yield _with(solved, [(mistake,) for mistake in before])
        yield _edited(solved, release, {check.id})
        yield _with(solved, [(a, b) for number, b in enumerate(own) for a in own[:number]])
        yield _edited(solved, release, set(check.needs))


def _with(solved: Solved, chosen: Sequence[tuple[WrongSolution, ...]]) -> Iterator[Candidate]:
    for mistakes in chosen:
        try:
            files = solved.with_mistakes(*mistakes)
        except ValueError:  # two that change the same lines
            continue
        yield tuple(ToldMistake(said=one.diagnosis, help=one.help) for one in mistakes), files


def _edited(
    solved: Solved, release: Mapping[str, bytes], parts: Collection[str]
) -> Iterator[Candidate]:
    """Small edits of the functions that these parts stand in."""
    reference = solved.reference()
    places = places_of_parts(release)
    functions = {place for part in parts for place in places.get(part, ())}
    for path in sorted({path for path, _ in functions}):
        wanted = frozenset(function for place, function in functions if place == path)
        for text in texts_of(path, reference[path]):
            for mutant in _mutants(text.text, path, wanted):
                files = {**reference, path: with_text(reference[path], text, mutant.text)}
                yield (_small(mutant.function, mutant.sentence),), files


def _small(function: str, kind: str) -> ToldMistake:
    said = f"`{function}`: {kind[0].lower()}{kind[1:]}"
    return ToldMistake(said=said, function=function, kind=kind)


def either(one: ToldMistake, other: ToldMistake) -> ToldMistake:
    """Two kinds of small edits that give one answer."""
    return _small(one.function, f"{one.kind} Or {other.kind[0].lower()}{other.kind[1:]}")


@lru_cache(maxsize=64)
def _mutants(text: str, path: str, functions: frozenset[str]) -> tuple[CodeMutant, ...]:
    try:
        lines = _lines(parse(text), functions)
        found = mutants_of(text, path=path, lines=lines) if lines else ()
    except SyntaxError:
        return ()
    return tuple(one for one in found if one.function in functions and one.kind not in _LEFT_OUT)


def _lines(tree: ast.AST, functions: Collection[str], prefix: str = "") -> frozenset[int]:
    lines: frozenset[int] = frozenset()
    for node in getattr(tree, "body", []):
        if isinstance(node, ast.ClassDef):
            lines |= _lines(node, functions, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef) and prefix + node.name in functions:
            lines |= frozenset(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines
