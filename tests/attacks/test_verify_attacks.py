"""Does `autograder verify --attacks` say what it should, and end with the right exit code?"""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.attacks
from autograder import cli
from autograder.commands import exits


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.app, ["verify", "--attacks", *words])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(("well", "code"), [(True, 0), (False, exits.DOES_NOT_HOLD)])
def test_one_that_gets_through_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, well: bool, code: int
) -> None:
    def verify(*, level, route, page, jobs, echo):  # type: ignore[no-untyped-def]
        echo(f"{level} {route} {page} {jobs}")
        return well

    monkeypatch.setattr(autograder.attacks, "verify_attacks", verify)
    words = ("--sandbox=process", "--through=nbgrader", "--table=x.md", "--jobs=3")
    assert run(*words)[:2] == (code, "process nbgrader x.md 3\n")


def test_names_of_assignments_are_a_mistake() -> None:
    code, _, said = run("least_squares")
    assert code == exits.USAGE
    assert "leave the names out" in said


def test_without_the_corpus_one_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "autograder.attacks.run.load_corpus", lambda: autograder.attacks.load_corpus(tmp_path)
    )
    code, said, error = run("--sandbox=process")
    assert (code, said) == (exits.USAGE, "")
    assert error == f"There are no attacks in {tmp_path}.\n"


def test_an_unknown_level_is_named_before_anything_is_run() -> None:
    code, _, error = run("--sandbox=none")
    assert code == exits.USAGE
    assert "No sandbox level is called 'none'" in error
