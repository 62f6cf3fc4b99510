"""A made-up assignment with results on disk, and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import Assignment, Part
from autograder.grading.store import write_report
from autograder.results import CheckResult, ManualPart, Report, Status

SLUG = "nets"
PARTS = (
    Part(id="affine", points=4),
    Part(id="relu", points=2),
    Part(id="extra", points=3, bonus=True),
    Part(id="why", points=4, manual=True),
)
SEED = 7


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


def run(*words: object) -> Said:
    result = CliRunner().invoke(cli.app, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


def report(
    student: str,
    scores: Mapping[str, float] | None = None,
    *,
    answered: bool = True,
    facts: tuple[str, ...] = (),
    slug: str = SLUG,
    statuses: Mapping[str, Status] | None = None,
) -> Report:
    """A result; checks that are not named have nothing, and `why` was answered."""
    scores, statuses = scores or {}, statuses or {}
    checks = []
    for part in PARTS:
        if part.manual:
            continue
        score = scores.get(part.id, 0.0)
        status = Status.PASSED if score == part.points else Status.FAILED
        checks.append(
            CheckResult(
                id=part.id, name=part.id, status=statuses.get(part.id, status), score=score,
                max_score=part.points, bonus=part.bonus,
            )
        )  # fmt: skip
    return Report(
        assignment=slug,
        student=student,
        score=sum(one.score for one in checks),
        max_score=6,
        sandbox="process",
        seed=SEED,
        seconds=1,
        checks=tuple(checks),
        manual=(ManualPart(id="why", max_points=4, answered=answered),),
        facts=facts,
    )


@pytest.fixture(name="run")
def _run() -> Callable[..., Said]:
    """Runs a command."""
    return run


@pytest.fixture
def parts() -> tuple[Part, ...]:
    """What the assignment is made of."""
    return PARTS


@pytest.fixture
def assignment(tmp_path, monkeypatch, write_release) -> Assignment:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    return write_release(
        tmp_path, SLUG, {f"{SLUG}.ipynb": '{"cells": []}'}, title="Neural nets", parts=PARTS
    )


@pytest.fixture
def keep(assignment, tmp_path) -> Callable[..., Report]:
    """Writes a result as the grader does."""

    def write(student: str, scores: Mapping[str, float] | None = None, **more: object) -> Report:
        made = report(student, scores, **more)
        write_report(made, tmp_path / "grades", seed=SEED)
        return made

    return write


@pytest.fixture
def marks_csv(assignment, tmp_path) -> Callable[[str], Path]:
    """Writes rows under the head of ``marks.csv``."""

    def write(rows: str, slug: str = SLUG) -> Path:
        path = tmp_path / "grades" / slug / "marks.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"student,check,points,by,why\n{rows}", encoding="utf-8")
        return path

    return write


@pytest.fixture
def settings(assignment, tmp_path) -> Callable[[str], None]:
    """Writes the ``course.toml``."""
    return lambda text: (tmp_path / "course.toml").write_text(text) and None
