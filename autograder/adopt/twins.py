"""Test cells that nothing honest passes: who passes them has changed what tests rely on.

A cell that runs in the student's interpreter can be forged: an object that equals everything, a
replaced `allclose`, an assertion that raises nothing. Its twins are the cell with `assert False` at
its end, with one side of a comparison replaced by what equals nothing: a new object, or NaN where
numbers are compared for closeness, and with another value under a name that it sets: whoever passes
with another expected value has read it there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from autograder.sandbox.adopted.asserts import sides_of
from autograder.sandbox.adopted.binding import parsed

from .running import NotebookRun
from .source import CellKind, Step

_NEVER = "\nassert False"
_MOST = 16  # twins of one cell with other comparisons
_MOST_VALUES = 8  # and with other values
_NEW = ast.Call(ast.Name("object", ast.Load()), [], [])
_NAN = ast.Call(ast.Name("float", ast.Load()), [ast.Constant("nan")], [])


def twins(source: str) -> Iterator[str]:
    """The twins of a test cell.

    >>> list(twins("assert f(2) == 4"))
    ['assert f(2) == 4\\nassert False', 'assert object() == 4', 'assert f(2) == object()']
    """
    yield source + _NEVER
    tree = parsed(source)
    count = 0 if tree is None else sum(_tested(node) is not None for node in ast.walk(tree))
    for number in range(min(2 * count, _MOST)):
        changed = parsed(source)
        assert changed is not None
        tested = [found for node in ast.walk(changed) if (found := _tested(node)) is not None]
        _replace(tested[number // 2], number % 2)
        yield ast.unparse(changed)
    set_here = 0 if tree is None else len(_set_in(tree))
    for number in range(min(set_here, _MOST_VALUES)):
        changed = parsed(source)
        assert changed is not None
        statement = _set_in(changed)[number]
        more = "x" if _is_text(statement.value) else 1
        statement.value = ast.BinOp(statement.value, ast.Add(), ast.Constant(more))
        yield ast.unparse(ast.fix_missing_locations(changed))


def _set_in(tree: ast.Module) -> list[ast.Assign]:
    """The statements that set one name to a value."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and len(node.targets) == 1
        and isinstance(node.targets[0], ast.Name)
    ]


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def failing(run: NotebookRun, ids: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """By test cell, the numbers of its twins that fail inside: for the reference, those of use."""
    passing, found = _passing(run, dict.fromkeys(ids)), {}
    for step in run.steps:
        if step.id in passing:
            numbers = range(len(list(twins(step.source))))
            found[step.id] = tuple(n for n in numbers if n not in passing[step.id])
    return found


def passing_anyway(run: NotebookRun, watched: Mapping[str, Sequence[int]]) -> frozenset[str]:
    """Those of the test cells of which one of the watched twins passes inside."""
    return frozenset(id for id, numbers in _passing(run, watched).items() if numbers)


def _passing(run: NotebookRun, watched: Mapping[str, Sequence[int] | None]) -> dict[str, set[int]]:
    """By test cell, which of those twins pass; None for all of them."""
    if not watched:
        return {}
    steps: list[Step] = []
    for step in run.steps:
        if step.kind is not CellKind.TEST or step.id not in watched:
            steps.append(step)
            continue
        for number, source in enumerate(twins(step.source)):
            wanted = watched[step.id]
            if wanted is None or number in wanted:
                steps.append(replace(step, source=source, id=f"{number} {step.id}"))
    outcomes = replace(run, steps=steps, allowed=None).inside().tests
    found: dict[str, set[int]] = {id: set() for id in watched}
    for name, verdict in outcomes.items():
        place, _, id = name.partition(" ")
        if verdict.passed and verdict.score != 0 and id in found:
            found[id].add(int(place))
    return found


def _replace(test: ast.Compare | ast.Call, place: int) -> None:
    """Put what equals nothing on that side of a comparison."""
    if isinstance(test, ast.Call):
        test.args[place] = _NAN
    elif place:
        test.comparators[0] = _NEW
    else:
        test.left = _NEW


def _tested(node: ast.AST) -> ast.Compare | ast.Call | None:
    """A comparison for equality or closeness, wherever it stands."""
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.Is):
        return node if sides_of(node) is not None else None
    if isinstance(node, ast.Call) and sides_of(node) is not None:
        return node if not any(isinstance(one, ast.Starred) for one in node.args[:2]) else None
    return None
