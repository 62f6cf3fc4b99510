"""The door of the room: a specification becomes a question, a question judges any text."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from .judgement import Judgement, from_error
from .reading.errors import MathematicsError
from .reading.markdown import answer_text
from .specification import checked


class Question(Protocol):
    """A question that can judge a cell."""

    plain: Mapping[str, Any]

    def judge(self, cell: str) -> Judgement:
        """Judge a cell; may raise `MathematicsError`."""
        ...


# Where each kind is judged. A kind is imported when a question of it is asked: a course may have
# a single one, and reading the engine's source takes longer than judging with it.
KINDS = {
    "expression": "expressions.ExpressionQuestion", "number": "expressions.ExpressionQuestion",
    "gradient_of": "expressions.GradientQuestion", "minimiser_of": "expressions.MinimiserQuestion",
    "equation": "equations.EquationQuestion", "objective": "objectives.ObjectiveQuestion",
    "satisfies": "conditions.ConditionsQuestion", "interval": "choices.IntervalQuestion",
    "choice": "choices.ChoiceQuestion", "order": "choices.OrderQuestion",
    "rubric": "rubrics.RubricQuestion", "code": "code.CodeQuestion",
}  # fmt: skip


def question(plain: Mapping[str, Any]) -> Question:
    """Prepare a question: instances and reference values are computed here, once.

    Raises `DeclarationError` for a specification that cannot be used.
    """
    module, _, name = KINDS[checked(plain)["answer"]["kind"]].partition(".")
    kind: Callable[[Mapping[str, Any]], Question] = getattr(
        importlib.import_module(f".{module}", __package__), name
    )
    return kind(plain)


def judge(asked: Question, cell: str) -> Judgement:
    """Judge one cell of Markdown. Whatever it raises is a bug of the engine, not of an answer.

    >>> asked = question({"id": "half", "answer": {"kind": "number", "shape": [],
    ...                                            "reference": "1/2"}})
    >>> judge(asked, "$$x = 0.5$$").is_right
    True
    """
    try:
        return asked.judge(cell)
    except MathematicsError as error:
        return from_error(error, _source(cell))


def _source(cell: str) -> str:
    try:
        return answer_text(cell)
    except MathematicsError:
        return cell
