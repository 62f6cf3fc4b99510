"""Where there is nothing to prove, build or grade, a command says so with exit code 2."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from autograder.attacks import load_corpus, run
from autograder.cli import app
from autograder.commands.exits import USAGE


@pytest.mark.parametrize("words", [("verify",), ("build",), ("build", "--check"), ("list",)])
def test_a_course_without_an_assignment(tmp_path, words):
    (tmp_path / "course.toml").write_text('title = "Empty"\n')
    done = CliRunner().invoke(app, [*words, f"--course={tmp_path}"])
    assert (done.exit_code, done.stderr.strip()) == (
        USAGE,
        f"The course in {tmp_path} has no assignment; `autograder new SLUG` makes one.",
    )


def test_a_corpus_without_an_attack(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "load_corpus", lambda: load_corpus(tmp_path))
    done = CliRunner().invoke(app, ["verify", "--attacks"])
    assert done.exit_code == USAGE
    assert str(tmp_path) in done.stderr


def test_a_class_without_a_submission(tiny):
    (tiny.root / "submitted").mkdir()
    done = tiny.grade()
    assert done.exit_code == USAGE, done.output
    assert str(tiny.root / "submitted") in done.stderr
