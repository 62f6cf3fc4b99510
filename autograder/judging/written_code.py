"""Hidden tests of functions that a formula specifies. Knows findings, no mathematics."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograder.sandbox.remote import Student

from .arrays import Array, Hints, Mistake, as_array, expect_close, expect_unchanged
from .check import Check, on
from .mathematics import CodeCall, CodeQuestion
from .written_questions import Written, asked_by, read_written

Function = Callable[..., Any]


def code_check(id: str, *, points: float, folder: Path, needs: tuple[str, ...] = ()) -> Check:
    """The check of a student's function against `folder/<id>.toml`, a specification of kind `code`.

    The function is called on data drawn from the check's own generator, in every regime; a result
    that equals a known slip is told so in the words of its `teach`.

    Parameters
    ----------
    id : of the check and of its file.
    points, needs : as of `check`.
    folder : where the specifications are.

    Raises
    ------
    DeclarationError : the specification is not one; it names the file and the key.

    Examples
    --------
    >>> folder = Path(__file__).parents[1] / "checks/least_squares/code"
    >>> code_check("tikhonov", points=3, folder=folder).summary
    'tikhonov minimises the weighted objective for weights of every shape.'
    """
    path = folder / f"{id}.toml"

    def run(student: Student, rng: np.random.Generator) -> None:
        asked = asked_by(path)
        assert isinstance(asked, CodeQuestion)
        answer = asked.answer
        place = getattr(student, answer["module"]) if "module" in answer else student.notebook()
        function = getattr(place, answer["function"])
        for call in asked.calls(rng):
            with on(call.shown):
                _expect(student, function, asked, call, read_written(path))

    summary = read_written(path).plain["title"]
    return Check(id=id, points=points, needs=needs, seconds=10.0, summary=summary, run=run)


def _expect(
    student: Student, function: Function, asked: CodeQuestion, call: CodeCall, written: Written
) -> None:
    sent = {name: _sent(student, value) for name, value in call.arguments.items()}
    got = function(*sent.values())
    name = asked.answer.get("name", "the result")
    hints = _hints(asked, call, written)
    if asked.trial.freedom == "nothing":
        expect_close(name, got, call.right, hints=hints)
    else:
        value, right = asked.aligned(as_array(name, got, help=hints.help), call.right)
        expect_close(name, value, right, hints=Hints(help=hints.help))
    for argument, original in call.arguments.items():
        if isinstance(original, np.ndarray):
            expect_unchanged(argument.replace("_", ""), sent[argument], original)


def _sent(student: Student, value: Array | float) -> Any:
    return student.send(value) if isinstance(value, np.ndarray) else value


def _hints(asked: CodeQuestion, call: CodeCall, written: Written) -> Hints:
    mistakes = [
        Mistake(value=partial(_value, asked, call, slip.answer), rationale=slip.teach)
        for slip in written.slips
    ]
    return Hints(mistakes=mistakes, help=asked.answer.get("help", ""))


def _value(asked: CodeQuestion, call: CodeCall, text: str) -> Array | float:
    value = asked.value(text, call)
    return np.nan if value is None else value
