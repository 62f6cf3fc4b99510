"""Whether an answer is a known wrong one in another form, so that its own words can be said."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from .explaining.judgement import Question
from .kinds.conditions import ConditionsQuestion
from .kinds.equations import EquationQuestion
from .kinds.expressions import ExpressionQuestion
from .questions import judge
from .reading.declarations import DeclarationError
from .reading.errors import MathematicsError

# Kinds whose answer has a value that a mistake can have as well.
VALUED = {"expression", "minimiser_of", "gradient_of", "number", "code"}


class KnownMistake:
    """One wrong answer to a question, recognised in whatever form it comes."""

    def __init__(self, asked: Question, answer: str) -> None:
        self._asked = asked
        self._answer = answer

    def is_made_in(self, text: str) -> bool:
        """Whether a text has the value of the mistake, or holds for the same data."""
        if isinstance(self._asked, ConditionsQuestion):
            return self._asked.same(text, self._answer)
        if self._asked.plain["answer"]["kind"] == "equation":
            return self._equation is not None and judge(self._equation, text).is_right
        return self._valued is not None and _has_value(self._valued, text)

    @cached_property
    def _equation(self) -> EquationQuestion | None:
        """A question which the mistake is right for; None if it holds for all data."""
        plain = dict(self._asked.plain)
        plain["answer"] = {**plain["answer"], "reference": self._answer}
        try:
            return EquationQuestion(plain)
        except (DeclarationError, MathematicsError):
            return None

    @cached_property
    def _valued(self) -> ExpressionQuestion | None:
        """A question which the mistake is right for, in the regimes in which it has a value."""
        plain = dict(self._asked.plain)
        if plain["answer"]["kind"] not in VALUED:
            return None
        kept = {k: v for k, v in plain["answer"].items() if k not in {"objective", "over"}}
        for regimes in _regimes(plain):
            kind = {"kind": "expression", "reference": self._answer, "regimes": regimes}
            plain["answer"] = {**kept, **kind}
            try:
                return ExpressionQuestion({k: v for k, v in plain.items() if k != "derivation"})
            except DeclarationError:
                continue
        return None


def _regimes(plain: Mapping[str, Any]) -> list[list[str]]:
    """The regimes that a question asks for, all of them and then one at a time."""
    asked = list(plain["answer"].get("regimes", plain.get("regimes", {"any": ""})))
    return [asked, *([name] for name in asked)]


def _has_value(asked: ExpressionQuestion, text: str) -> bool:
    """Whether a text has the value of a question's reference; no explanation is looked for."""
    try:
        node = asked.read(text).node
    except MathematicsError:
        return False
    return asked.trial.holds(node, asked.probes) and asked.trial.holds(node, asked.cases)
