"""Finds out, from the reference and from broken solutions, which test cells can run outside."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.adopted import AdoptedCell, Route
from autograder.sandbox.adopted.binding import parsed, reads
from autograder.sandbox.adopted.cell import hidden_lines
from autograder.sandbox.adopted.messages import Verdict

from .broken import KINDS
from .running import NotebookRun, Outcomes
from .source import CellKind, SourceCell, SourceNotebook, reference_steps
from .twins import failing

REFERENCE = "reference"
EVALUATES = ("eval", "exec", "compile", "__import__", "pickle", "run_cell", "system", "subprocess")
FAILS = "It fails with the reference solution ({message}); nobody can earn its points."
RUNS_TEXT = "It uses `{name}`, which may run what a student has written."
DIFFERS = "Outside, it ends differently with the solution that {kind}: {message}"
CANNOT = "Outside, it fails with the reference solution: {message}"
CHANGES = {
    "`": "Compare values that the student's functions give, rather than running their text.",
    "cannot be handed": "Define that class in a locked cell before the solution, where it is yours;"
    " where it is a library's, compare its name: `type(x).__name__`.",
    "NameError": "Set the name in a locked cell, where both sides have it.",
    "the reference solution needs none": "Compare plain values: numbers, texts, lists, arrays.",
    "get_ipython": "Leave out the magic, or put it into a locked cell.",
}


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What came of the solutions of one notebook, both ways; each is by the kind of solution."""

    outside: Mapping[str, Outcomes]
    inside: Mapping[str, Outcomes]
    watched: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # what it fails of twins

    @property
    def slowest(self) -> float:
        """Seconds that the slowest cell of the reference solution took."""
        return max(self.outside[REFERENCE].seconds.values(), default=0.0)

    def cells(self, source: SourceNotebook) -> Iterator[AdoptedCell]:
        """Each test cell with its route and its strength."""
        for cell in source.tests:
            yield self._cell(source.name, cell)

    def _cell(self, notebook: str, cell: SourceCell) -> AdoptedCell:
        reason = self.why_inside(cell)
        route = Route.INSIDE if reason else Route.OUTSIDE
        decided = self.inside if reason else self.outside
        kinds = [kind for kind in KINDS if kind in decided]
        return AdoptedCell(
            id=cell.id,
            notebook=notebook,
            points=cell.points,
            route=route,
            summary=cell.summary or summary_of(cell.source),
            reason=reason,
            change=next((said for mark, said in CHANGES.items() if mark in reason), ""),
            tried=tuple(kinds),
            caught=tuple(kind for kind in kinds if not _full(decided[kind].tests[cell.id])),
            used=tuple(self.outside[REFERENCE].tests[cell.id].used) if not reason else (),
            success=cell.success,
            failure=cell.failure,
            watched=self.watched.get(cell.id, ()),
        )

    def why_inside(self, cell: SourceCell) -> str:
        """Why a cell cannot run outside; empty where it can."""
        inside = self.inside[REFERENCE].tests[cell.id]
        if not inside.passed:
            return FAILS.format(message=inside.message)
        name = _evaluates(cell.source)
        if name:
            return RUNS_TEXT.format(name=name)
        outside = self.outside[REFERENCE].tests[cell.id]
        if not alike(inside, outside):
            return CANNOT.format(message=outside.detail or outside.message)
        for kind, outcomes in self.outside.items():
            if not alike(outcomes.tests[cell.id], self.inside[kind].tests[cell.id]):
                verdict = outcomes.tests[cell.id]
                message = verdict.detail or verdict.message or "it passes"
                return DIFFERS.format(kind=kind, message=message)
        return ""


def survey(source: SourceNotebook, run: NotebookRun) -> Survey:
    """Run the reference and the broken solutions of a notebook, both ways.

    Parameters
    ----------
    run : that of the reference solution.
    """
    outside, inside = {REFERENCE: run.outside()}, {REFERENCE: run.inside()}
    used = {name: verdict.used for name, verdict in outside[REFERENCE].tests.items()}
    for kind, solutions in _broken(source):
        broken = replace(run, steps=reference_steps(source, solutions), allowed=used)
        outside[kind], inside[kind] = broken.outside(), broken.inside()
    found = Survey(outside=outside, inside=inside)
    forgeable = {
        cell.id
        for cell in source.tests
        if found.why_inside(cell) and inside[REFERENCE].tests[cell.id].passed
    }
    return replace(found, watched=failing(run, forgeable))


def needs_all(cells: Sequence[AdoptedCell], run: NotebookRun, found: Survey) -> bool:
    """Whether inside cells end differently where those that run outside are left out."""
    skipped = frozenset(cell.id for cell in cells if cell.route is Route.OUTSIDE)
    if not skipped or len(skipped) == len(cells):
        return False
    alone = replace(run, skipped=skipped).inside()
    whole = found.inside[REFERENCE].tests
    return any(not alike(whole[name], verdict) for name, verdict in alone.tests.items())


def alike(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts give the same points."""
    return one.passed == other.passed and (one.score == other.score or not one.passed)


def summary_of(source: str) -> str:
    """The first line that a test cell says about itself, outside of hidden tests."""
    hidden = hidden_lines(source)
    visible = "\n".join(
        line for number, line in enumerate(source.split("\n"), start=1) if number not in hidden
    )
    tree = parsed(visible)
    said = ast.get_docstring(tree) if tree is not None else None
    if said is None:
        first = next((line for line in visible.split("\n") if line.strip()), "")
        said = first.lstrip("# ") if first.lstrip().startswith("#") else ""
    return said.strip().split("\n")[0].strip()[:120] if said else ""


def _full(verdict: Verdict) -> bool:
    return verdict.passed and verdict.score is None


def _broken(source: SourceNotebook) -> Iterator[tuple[str, list[str]]]:
    solutions = [cell.source for cell in source.cells if cell.kind is CellKind.SOLUTION]
    for kind, broken in KINDS.items():
        yield kind, [broken(one) if one.strip() else one for one in solutions]


def _evaluates(source: str) -> str:
    """A name by which a test may run what a student has written."""
    tree = parsed(source)
    if tree is None:
        return ""
    used = reads(tree) | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    used |= {
        alias.name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return next((name for name in EVALUATES if name in used), "")
