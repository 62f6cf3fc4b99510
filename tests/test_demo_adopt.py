"""The demo of adopting: each made-up student gets what this one deserves, and nothing stays."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from rich.console import Console

import autograder.demo_adopt
from autograder.demo_adopt import FORGED, NOT_EMPTY, NoExampleError, example, show_adopted
from autograder.results import Status
from tests.adopt.test_adopting import run

pytestmark = pytest.mark.long


def test_it_shows_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(autograder.demo_adopt, "Console", lambda: Console(width=250))
    reports = {report.student: report for report in show_adopted()}
    assert {name: report.score for name, report in reports.items()} == {
        "ada": 3,
        "ben": 0,
        "chloe": 1.5,
        "dora": 0,
    }
    assert {check.status for check in reports["ben"].checks} == {Status.NOT_ATTEMPTED}
    printed = capsys.readouterr().out
    assert FORGED.format(count=4, total=4, outside=0) in printed
    assert "Nothing was attempted." in printed
    assert "squares_invalid_input        1       outside  2 of 4" in printed
    assert list(tmp_path.glob("autograder-demo-*")) == []


def test_it_keeps_everything_where_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show_adopted(out=tmp_path / "course")
    printed = capsys.readouterr().out
    for path in ("source/ps1.adopted.html", "grades/ps1/index.html"):
        assert str(tmp_path / "course" / path) in printed
        assert (tmp_path / "course" / path).is_file()


def test_it_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    result = run("demo", "--adopt", "--out", tmp_path)
    assert result.exit_code == 2
    assert NOT_EMPTY.format(folder=tmp_path) in result.output.replace("\n", "")


def test_without_the_example_of_nbgrader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autograder.demo_adopt, "EXAMPLE", "nowhere")
    with pytest.raises(NoExampleError, match="ships no example course at"):
        example()
