"""Does `autograder verify --mutate` say what it should, and end with the right exit code?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autograder import authoring, cli
from autograder.authoring import MutationScore

NOTICED = MutationScore(assignment="tiny", of=40, tried=8, equivalent=1, survivors=(), unused=())
UNUSED = MutationScore(
    assignment="tiny", of=8, tried=8, equivalent=0, survivors=(), unused=("e.toml:2: a -> b: out",)
)


def run(monkeypatch: pytest.MonkeyPatch, score: MutationScore, *words: str) -> tuple[Any, Any]:
    seen: dict[str, Any] = {}

    def scores(assignments: Any, **options: Any) -> Iterator[MutationScore]:
        seen.update(options, slugs=[one.slug for one in assignments])
        yield score

    monkeypatch.setattr(authoring, "mutation_scores", scores)
    return CliRunner().invoke(cli.app, ["verify", "--mutate", *words]), seen


def test_a_score_is_shown_and_all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    result, seen = run(monkeypatch, NOTICED, "mnist_numpy", "--sample", "8", "--seed", "3")
    assert result.exit_code == 0
    assert result.stdout == "tiny: 8 of 40 mutants, 7 noticed, 1 equivalent, 0 survive (100.0%)\n"
    assert (seen["slugs"], seen["sample"], seen["seed"]) == (["mnist_numpy"], 8, 3)
    assert seen["try_mutants"].keywords == {"seed": 3}


def test_what_does_not_hold_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    result, seen = run(monkeypatch, UNUSED)
    assert result.exit_code == 1
    assert "e.toml:2: a -> b: out" in result.stdout
    assert (len(seen["slugs"]), seen["sample"]) == (6, None)


def test_the_table_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = tmp_path / "mutation.md"
    result, _ = run(monkeypatch, NOTICED, "--table", str(page))
    assert result.exit_code == 0
    assert page.read_text().endswith("| tiny | 8 | 7 | 1 | 0 | 100.0% |\n")
