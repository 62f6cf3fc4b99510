"""What went wrong while a submission was loaded, and which names are missing for it."""

from __future__ import annotations

from collections.abc import Sequence

from .given_cells import bound_names


class Problem(str):
    """A sentence for the student; `missing` are the names that a cell would have defined.

    Examples
    --------
    >>> Problem("Code cell 1 raised ImportError.", source="from nn.solver import Solver").missing
    frozenset({'Solver'})
    """

    __slots__ = ("missing",)
    missing: frozenset[str]

    def __new__(cls, said: str, *, source: str = "") -> Problem:
        """The sentence, and the source of the cell that it is about."""
        problem = super().__new__(cls, said)
        problem.missing = bound_names(source)
        return problem


def about(name: str, problems: Sequence[str]) -> str:
    """The problem for which a name is missing; empty if none is known."""
    for problem in problems:
        if isinstance(problem, Problem) and name in problem.missing:
            return problem
    return ""
