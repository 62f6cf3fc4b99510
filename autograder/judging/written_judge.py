"""Judges written answers, in the process of its own that `written` asks. Knows no student.

A question is one JSON line, and so is the verdict: what would be raised, and with which words.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from .bounded import Verdict, serve_lines
from .check import Finding, NotAttempted, PersonNeeded
from .mathematics import DeclarationError, Derivation, Judgement, RubricQuestion, judge
from .shown import understood
from .written_questions import asked_by, read_written, taught


def serve() -> None:
    """Judge answers, one JSON line each, until there are no more."""
    serve_lines(_answered)


def _answered(question: Verdict) -> Verdict:
    if question["kind"] == "rubric":
        return {"lines": _lines_found(question)}
    judges = {"answer": _judge_answer, "derivation": _judge_derivation}
    try:
        judges[question["kind"]](
            question["name"], question["text"], Path(question["specification"])
        )
    except NotAttempted:
        return {"raised": "NotAttempted"}
    except PersonNeeded as error:
        return {"raised": "PersonNeeded", "rationale": str(error)}
    except Finding as found:
        said = {name: getattr(found, name) for name in ("rationale", "help", "credit", "shown")}
        return {"raised": "Finding", **msgspec.to_builtins(said)}
    return {}


def _lines_found(question: Verdict) -> list[dict[str, Any]]:
    asked = asked_by(Path(question["specification"]))
    assert isinstance(asked, RubricQuestion)
    lines = asked.suggest(question["text"], question["passed"])
    kept = ("text", "points", "found", "because")
    return [{name: getattr(line, name) for name in kept} for line in lines]


def _judge_answer(name: str, text: str, specification: Path) -> None:
    said = judge(asked_by(specification), text)
    if said.says == "empty" and not any(c in text for c in "$=\\"):
        raise NotAttempted
    if said.credit is None:
        raise PersonNeeded(f"`{name}`: {said.message()}")
    if not said.is_right:
        raise _finding(name, said, specification, text)


def _judge_derivation(name: str, text: str, specification: Path) -> None:
    mark = _derivation(specification).mark(text)
    if mark.points >= mark.max_points:
        return
    link = mark.false_link
    missing = [f"“{what}”" for what, done in mark.reached.items() if not done]
    said = [
        link.rationale if link else "",
        f"Not found among your steps: {', '.join(missing)}." if missing else "",
        f"Not read: {mark.unread[0]}" if mark.unread else "",
    ]
    if not any(said):
        said = ["No chain of steps `a = b = c` can be checked here."]
    help = (
        "Put numbers into both sides of that step."
        if link
        else "Write the steps between question and answer as displayed formulas, `$$ ... $$`."
    )
    rationale = " ".join(part for part in said if part)
    found = Finding(f"`{name}`: {rationale}", help, credit=mark.points / mark.max_points)
    raise found.showing(*(understood(name, "", *link.read) if link else ()))


@cache
def _derivation(path: Path) -> Derivation:
    try:
        return Derivation(asked_by(path))
    except DeclarationError as error:
        raise DeclarationError(f"{path.name}: {error}") from error


def _finding(name: str, said: Judgement, specification: Path, text: str) -> Finding:
    place = f" Here: `{said.place}`" if said.place else ""
    repair = said.repair if read_written(specification).reveal_repair else ""
    teach = taught(specification, text)
    notes = [teach or said.help, said.counterexample, *said.notes, repair]
    help = " ".join(note for note in notes if note)
    found = Finding(f"`{name}`: {said.rationale}{place}", help, credit=said.credit or 0)
    return found.showing(*understood(name, said.understood))
