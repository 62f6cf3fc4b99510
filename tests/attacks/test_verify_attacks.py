"""Does `autograder verify --attacks` say what it should, and end with the right exit code?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

import autograder.attacks
from autograder import cli
from autograder.attacks import FAMILIES, Attack, load_corpus
from autograder.commands import exits


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli.app, ["verify", "--attacks", *words])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize(("well", "code"), [(True, 0), (False, exits.DOES_NOT_HOLD)])
def test_one_that_gets_through_is_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, well: bool, code: int
) -> None:
    def verify(*, level, route, families, page, jobs, echo):  # type: ignore[no-untyped-def]
        echo(f"{level} {route} {len(families)} {page} {jobs}")
        return well

    monkeypatch.setattr(autograder.attacks, "verify_attacks", verify)
    words = ("--sandbox=process", "--through=nbgrader", "--table=x.md", "--jobs=3")
    assert run(*words)[:2] == (code, f"process nbgrader {len(FAMILIES)} x.md 3\n")


def test_only_the_families_that_are_asked_for_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Attack] = []

    def nothing(attacks: Sequence[Attack], **_: object) -> list[object]:
        tried.extend(attacks)
        return []

    monkeypatch.setattr("autograder.attacks.run.run_corpus", nothing)
    assert run("--sandbox=process", "--family=reading", "--family=escaping")[0] == 0
    wanted = [one for one in load_corpus() if one.family in ("reading", "escaping")]
    assert tried == wanted
    assert {one.family for one in tried} == {"reading", "escaping"}


def test_an_unknown_family_is_named_with_those_that_there_are() -> None:
    code, _, said = run("--family=stealing")
    assert code == exits.USAGE
    assert "'stealing'" in said
    assert "exhausting" in said


def test_the_table_is_about_all_families(tmp_path: Path) -> None:
    table = tmp_path / "attacks.md"
    code, _, said = run("--family=reading", f"--table={table}")
    assert code == exits.USAGE
    assert "leave --family out" in said
    assert not table.exists()


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
