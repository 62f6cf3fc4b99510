"""A specification becomes a question, a question judges any text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .explaining.judgement import Judgement, Question, from_error
from .kinds.choices import ChoiceQuestion, IntervalQuestion, OrderQuestion
from .kinds.code import CodeQuestion
from .kinds.conditions import ConditionsQuestion
from .kinds.equations import EquationQuestion
from .kinds.expressions import ExpressionQuestion
from .kinds.extrema import GradientQuestion, MinimiserQuestion
from .kinds.objectives import ObjectiveQuestion
from .reading.chosen import chosen_text, is_prose, prose
from .reading.errors import MathematicsError
from .redefinitions import redefinition
from .second_readings import UNREAD, doubt, hedge
from .specification import checked
from .texts.rubrics import RubricQuestion

KINDS: Mapping[str, Callable[[Mapping[str, Any]], Question]] = {
    "expression": ExpressionQuestion, "number": ExpressionQuestion,
    "gradient_of": GradientQuestion, "minimiser_of": MinimiserQuestion,
    "equation": EquationQuestion, "objective": ObjectiveQuestion,
    "satisfies": ConditionsQuestion, "interval": IntervalQuestion,
    "choice": ChoiceQuestion, "order": OrderQuestion,
    "rubric": RubricQuestion, "code": CodeQuestion,
}  # fmt: skip


READ_IN_WORDS = frozenset({"interval", "choice", "order", "rubric", "code"})


def question(plain: Mapping[str, Any]) -> Question:
    """Prepare a question: instances and reference values are computed here, once.

    Raises `DeclarationError` for a specification that cannot be used.
    """
    read = checked(plain)
    return KINDS[read["answer"]["kind"]](plain)


def judge(asked: Question, cell: str) -> Judgement:
    """Judge one cell of Markdown. Whatever it raises is a bug of the engine, not of an answer.

    >>> asked = question({"id": "half", "answer": {"kind": "number", "shape": [],
    ...                                            "reference": "1/2"}})
    >>> judge(asked, "$$x = 0.5$$").is_right
    True
    """
    said = _judged(asked, cell)

    def judged(other: str) -> Judgement:
        return _judged(asked, other)

    if asked.plain["answer"]["kind"] not in READ_IN_WORDS and said.says not in UNREAD:
        said = redefinition(asked, cell, said, judged) or said
    if said.is_right:
        return hedge(asked, cell, judged) or said
    return doubt(asked, cell, said, judged) or said


def _judged(asked: Question, cell: str) -> Judgement:
    try:
        return asked.judge(cell)
    except MathematicsError as error:
        wordy = asked.plain["answer"]["kind"] not in READ_IN_WORDS and is_prose(cell)
        return from_error(prose() if wordy else error, _source(asked, cell))


def _source(asked: Question, cell: str) -> str:
    try:
        return chosen_text(cell, asked.declared)
    except MathematicsError:
        return cell
