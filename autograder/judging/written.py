"""Written answers as checks: a specification beside the checks judges a text from the notebook.

Knows findings, no mathematics. The text is data: nothing in it is ever run, and reading and judging
it, in a process of its own (`written_judge`), are bounded in every direction.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from autograder.exhibit import Understood
from autograder.results import RubricLine
from autograder.sandbox.remote import fetch

from .bounded import BoundedProcess, Verdict
from .check import Check, Finding, NotAttempted, PersonNeeded
from .mathematics import MisgradedError, public, self_test, text_problem
from .written_questions import read_written, taught

# Many of a class give one answer in the same words, and whoever hands in again most of them.
ANSWERS_KEPT = 256
LENGTH_KEPT = (
    10_000  # of a question with its answer; somebody's long texts are not to fill the memory
)


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
    answer = _judged(json.dumps({**asked, "passed": sorted(passed)}))
    return tuple(RubricLine(**line) for line in answer["lines"])


def _ask(kind: str, name: str, got: object, specification: Path) -> None:
    """Judge a text in a bounded process and raise what it raised there."""
    text = written_text(name, got)
    question = {"kind": kind, "name": name, "text": text, "specification": str(specification)}
    match _judged(json.dumps(question)):
        case {"raised": "NotAttempted"}:
            raise NotAttempted
        case {"raised": "PersonNeeded", "rationale": rationale}:
            raise PersonNeeded(rationale)
        case {"raised": "Finding", "rationale": rationale, "help": help, "credit": credit, **more}:
            shown = [msgspec.convert(one, Understood) for one in more["shown"]]
            raise Finding(rationale, help, credit=credit).showing(*shown)


def _judged(question: str) -> Verdict:
    """The verdict on a question, a JSON line; on one text it is always the same."""
    return (_kept if len(question) <= LENGTH_KEPT else _asked)(question)


def _asked(question: str) -> Verdict:
    return _judge_process().ask(json.loads(question))


_kept = lru_cache(maxsize=ANSWERS_KEPT)(_asked)


@cache
def _judge_process() -> BoundedProcess:
    return BoundedProcess("from autograder.judging import written_judge; written_judge.serve()")


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


def _check(id: str, points: float, needs: tuple[str, ...], summary: str, run: Any) -> Check:
    return Check(id=id, points=points, needs=needs, seconds=10.0, summary=summary, run=run)
