"""Written answers as checks: a specification beside the checks judges a text from the notebook.

Knows findings, no mathematics. The text is data: nothing in it is ever run, and reading and judging
it are bounded in every direction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from autograder.exhibit import Understood
from autograder.results import RubricLine
from autograder.sandbox.remote import fetch

from .bounded import BoundedProcess, Verdict, serve_lines
from .check import Check, Finding, NotAttempted, PersonNeeded
from .mathematics import (
    DeclarationError,
    Derivation,
    Judgement,
    MisgradedError,
    RubricQuestion,
    judge,
    public,
    self_test,
    text_problem,
)
from .shown import understood
from .written_questions import asked_by, read_written, taught


def expect_written(name: str, got: object, specification: Path) -> None:
    r"""Require that a text of the student's answers the question of a specification.

    Parameters
    ----------
    name : what the student calls it; it stands in front of the rationale.
    got : the text, LaTeX with prose around it; a `Remote` is fetched.
    specification : a TOML file, see `written_questions`.

    Raises
    ------
    NotAttempted : for `...`, None and a text with nothing in it.
    Finding : with what is wrong, where, and the credit that is earned all the same.
    PersonNeeded : where the engine cannot decide.

    Examples
    --------
    >>> folder = Path(__file__).parents[1] / "checks/least_squares/written"
    >>> ridge = folder / "ridge_formula.toml"
    >>> expect_written("w", r"$$ w = (X^T X + \lambda I)^{-1} X^T y $$", ridge)
    >>> expect_written("w", r"$$ w = (X^T X + n \lambda I)^{-1} X^T y $$", ridge)
    Traceback (most recent call last):
    autograder.judging.check.Finding: `w`: Your answer has another value.
    """
    _ask("answer", name, got, specification)


def expect_derivation(name: str, got: object, specification: Path) -> None:
    """Mark the steps which lead to an answer: milestones, and that no link of a chain is false.

    The final answer itself is another check's affair. Raises as `expect_written` does; the credit
    of a `Finding` is the share of the derivation's points.
    """
    _ask("derivation", name, got, specification)


def written_check(id: str, *, points: float, folder: Path, needs: tuple[str, ...] = ()) -> Check:
    """The check of one written answer: the notebook's variable `id` against `folder/<id>.toml`.

    Its summary is the specification's title, the line that a student reads.

    Parameters
    ----------
    id : of the check, of its file and of the variable.
    points, needs : as of `check`.
    folder : where the specifications are.

    Raises
    ------
    DeclarationError : the specification is not one; it names the file and the key.

    Examples
    --------
    >>> folder = Path(__file__).parents[1] / "checks/least_squares/written"
    >>> written_check("ridge_formula", points=2, folder=folder).summary
    'The minimiser of the ridge objective.'
    """
    path = folder / f"{id}.toml"

    def run(student: Any, rng: object) -> None:
        expect_written(id, getattr(student.notebook(), id), path)

    return _check(id, points, needs, read_written(path).plain["title"], run)


def derivation_check(
    id: str, *, points: float, of: str, folder: Path, needs: tuple[str, ...] = ()
) -> Check:
    """The check of the steps in the answer `of`, marked by `[derivation]` in `folder/<of>.toml`.

    Examples
    --------
    >>> folder = Path(__file__).parents[1] / "checks/least_squares/written"
    >>> steps = derivation_check("ridge_steps", points=3, of="ridge_formula", folder=folder)
    >>> steps.summary
    'The minimiser of the ridge objective: the steps that lead there.'
    """
    path = folder / f"{of}.toml"

    def run(student: Any, rng: object) -> None:
        expect_derivation(of, getattr(student.notebook(), of), path)

    summary = f"{read_written(path).plain['title'].rstrip('.')}: the steps that lead there."
    return _check(id, points, needs, summary, run)


def written_text(name: str, got: object) -> str:
    r"""The text of an answer, refused where Python has eaten backslashes in it.

    Raises `NotAttempted` and `Finding` as `expect_written` does.

    Examples
    --------
    >>> written_text("w", r"$\theta$")
    '$\\theta$'
    >>> written_text("w", "$\theta$")
    Traceback (most recent call last):
    autograder.judging.check.Finding: ...
    """
    text = fetch(got)
    if text is ... or text is None:
        raise NotAttempted
    problem, help = text_problem(name, text)
    if problem:
        raise Finding(problem, help)
    if not text.strip():
        raise NotAttempted
    return str(text)


def suggest_written(
    text: str, specification: Path, *, passed: Collection[str] = ()
) -> tuple[RubricLine, ...]:
    """What of a rubric can be found in a free text; nothing of it is a mark.

    Parameters
    ----------
    specification : a TOML file of kind `rubric`.
    passed : the hidden tests that the submission has passed.

    Raises
    ------
    Finding : the text takes too long to read.
    BrokenJudgeError : the specification or the engine is at fault.
    """
    asked = {"kind": "rubric", "text": text, "specification": str(specification)}
    answer = _judge_process().ask({**asked, "passed": sorted(passed)})
    return tuple(RubricLine(**line) for line in answer["lines"])


def serve() -> None:
    """Judge answers, one JSON line each: the other end of `_ask`, in a process of its own."""
    serve_lines(_answered)


def _ask(kind: str, name: str, got: object, specification: Path) -> None:
    """Judge a text in a bounded process and raise what it raised there."""
    text = written_text(name, got)
    question = {"kind": kind, "name": name, "text": text, "specification": str(specification)}
    match _judge_process().ask(question):
        case {"raised": "NotAttempted"}:
            raise NotAttempted
        case {"raised": "PersonNeeded", "rationale": rationale}:
            raise PersonNeeded(rationale)
        case {"raised": "Finding", "rationale": rationale, "help": help, "credit": credit, **more}:
            shown = [msgspec.convert(one, Understood) for one in more["shown"]]
            raise Finding(rationale, help, credit=credit).showing(*shown)


@cache
def _judge_process() -> BoundedProcess:
    return BoundedProcess("from autograder.judging import written; written.serve()")


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


def prove_written(path: Path) -> None:
    """Prove that a specification grades its own examples rightly, and that each slip is taught.

    Raises
    ------
    MisgradedError : with every example that is misgraded.
    DeclarationError : it is no specification.
    """
    written = read_written(path)
    self_test(written.plain)
    for slip in written.slips:
        if taught(path, slip.answer) != slip.teach:
            message = f"{path.name}: no answer is ever told {slip.teach!r}"
            raise MisgradedError(message, slip.answer)


def public_questions(folder: Path) -> bytes:
    """What students get of all questions in a folder: symbols, shapes and lines, as JSON.

    No reference, no example and no needs, nothing that an answer could be guessed from.
    """
    plain = {path.stem: _public(read_written(path).plain) for path in sorted(folder.glob("*.toml"))}
    return (json.dumps(plain, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _public(plain: Mapping[str, Any]) -> dict[str, Any]:
    lines = {line["id"]: line["text"] for line in plain.get("proof", {}).get("lines", [])}
    found = {**public(plain), **({"lines": dict(sorted(lines.items()))} if lines else {})}
    return dict(sorted(found.items()))  # the engine's order differs from run to run


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


def _check(id: str, points: float, needs: tuple[str, ...], summary: str, run: Any) -> Check:
    return Check(id=id, points=points, needs=needs, seconds=10.0, summary=summary, run=run)
