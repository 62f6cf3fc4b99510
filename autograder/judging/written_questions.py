"""The questions of written answers, read from files and prepared once. Knows no student.

A question is `checks/<slug>/written/<id>.toml`, in the engine's format with two more keys. An entry
of `wrong` may have `teach`, what to tell a student whose answer has the value of that entry.
`reveal_repair = true` lets students read the one edit that would make their answer right, which
gives the answer away: an instructor may want that after the deadline.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from .mathematics import Question, judge, question
from .mathematics.conditions import ConditionsQuestion
from .mathematics.equations import EquationQuestion
from .mathematics.expressions import ExpressionQuestion
from .mathematics.reading.declarations import DeclarationError
from .mathematics.reading.errors import MathematicsError
from .mathematics.specification import checked

# Kinds whose answer has a value that a slip can have as well.
VALUED = {"expression", "minimiser_of", "gradient_of", "number", "code"}


@dataclass(frozen=True, kw_only=True)
class Slip:
    """A known wrong answer and what to tell a student whose answer has the same value."""

    answer: str
    teach: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """One question: `plain` for the engine, and the slips that have words of their own."""

    plain: Mapping[str, Any]
    slips: tuple[Slip, ...]
    reveal_repair: bool


@cache
def read_written(path: Path) -> Written:
    """Read a specification, strictly.

    Raises
    ------
    DeclarationError : with the file's name.
    """
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
        reveal = plain.pop("reveal_repair", False)
        wrong = plain.get("wrong", [])
        slips = [Slip(answer=w["answer"], teach=w["teach"]) for w in wrong if "teach" in w]
        plain["wrong"] = [{k: v for k, v in w.items() if k != "teach"} for w in wrong]
        read = checked(plain)
    except (DeclarationError, tomllib.TOMLDecodeError) as error:
        raise DeclarationError(f"{path.name}: {error}") from error
    if read.get("id") != path.stem or not read.get("title"):
        raise DeclarationError(f'{path.name}: needs id = "{path.stem}" and a title')
    if not isinstance(reveal, bool):
        raise DeclarationError(f"{path.name}: reveal_repair is true or false, not {reveal!r}")
    return Written(plain=read, slips=tuple(slips), reveal_repair=reveal)


@cache
def asked_by(path: Path) -> Question:
    """The question of a file, with its data and reference values."""
    return question(read_written(path).plain)


@cache
def _slip(path: Path, answer: str) -> ExpressionQuestion | None:
    """A question which the slip is the right answer to, in the regimes in which it has a value."""
    plain = dict(read_written(path).plain)
    kept = {k: v for k, v in plain["answer"].items() if k not in {"objective", "over"}}
    for regimes in _regimes(plain):
        kind = {"kind": "expression", "reference": answer, "regimes": regimes}
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


def taught(path: Path, text: str) -> str:
    """What to say about a wrong answer that has the value of a slip; "" where it has none."""
    slips = read_written(path).slips
    return next((slip.teach for slip in slips if _is_slip(path, slip.answer, text)), "")


def _is_slip(path: Path, slip: str, text: str) -> bool:
    """Whether a text is a slip in another form."""
    kind = read_written(path).plain["answer"]["kind"]
    if kind == "satisfies":
        asked = asked_by(path)
        assert isinstance(asked, ConditionsQuestion)
        return asked.same(text, slip)
    if kind == "equation":
        equation = _slipped_equation(path, slip)
        return equation is not None and judge(equation, text).is_right
    valued = _slip(path, slip) if kind in VALUED else None
    return valued is not None and _has_value(valued, text)


@cache
def _slipped_equation(path: Path, slip: str) -> EquationQuestion | None:
    """A question which the slip is the right answer to; None for one that holds for all data."""
    plain = dict(read_written(path).plain)
    plain["answer"] = {**plain["answer"], "reference": slip}
    try:
        return EquationQuestion(plain)
    except (DeclarationError, MathematicsError):
        return None


def _has_value(asked: ExpressionQuestion, text: str) -> bool:
    """Whether a text has the value of a question's reference; no explanation is looked for."""
    try:
        node = asked.read(text).node
    except MathematicsError:
        return False
    return asked.trial.holds(node, asked.probes) and asked.trial.holds(node, asked.cases)
