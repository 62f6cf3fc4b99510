"""`--verbose` says what the grader does, and without it nothing is said."""

from __future__ import annotations

import logging
import re

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from autograder.logs import EVERYTHING, OURS, passed_on, shown_level, told


@pytest.mark.parametrize("words", [("-v", "grade"), ("grade", "-v"), ("grade", "--verbose")])
def test_every_step_is_said(tiny, words):
    tiny.hand_in(tiny.right())
    paths = ["tiny", str(tiny.root / "submitted"), f"--out={tiny.root / 'grades'}", "--seed=3"]
    done = CliRunner().invoke(app, [*words, *paths, f"--course={tiny.root}"])
    assert done.exit_code == 0, done.output
    said = re.sub(r"(?m)^\d\d:\d\d:\d\d autograder\.", "", done.stderr)
    said = re.sub(r"\d+\.\d\d s", "0.00 s", said).splitlines()
    for line in [
        f"course: course 'Made up' in {tiny.root}, named by --course",
        f"assignment: assignment tiny: 2 parts, released in {tiny.root}/assignments/tiny",
        "grading.places: 1 to grade, 1 at a time, level bubblewrap",
        "grading.one: ada: tiny, level bubblewrap",
        "grading.one: ada: double passed, 0.00 s",
        "grading.one: ada: answer passed, 0.00 s",
    ]:
        assert said.count(line) == 1, (line, said)


def test_what_is_reused_is_said(tiny):
    tiny.hand_in(tiny.right())
    assert tiny.grade().exit_code == 0
    done = tiny.grade("--verbose")
    assert "autograder.grading.many: ada: the result that is there still holds" in done.stderr


def test_grader_processes_say_it_too(tiny, capfd):
    for name in ("ada", "boris"):
        tiny.hand_in(tiny.right(name))
    assert tiny.grade("--verbose", "--jobs=2").exit_code == 0
    said = capfd.readouterr().err
    assert "autograder.grading.one: ada: double passed" in said
    assert "autograder.grading.one: boris: double passed" in said
    assert re.search(r"autograder\.sandbox\.launcher: template of level bubblewrap up after", said)


def test_without_it_nothing_is_said(tiny):
    tiny.hand_in(tiny.right())
    done = tiny.grade()
    assert "autograder." not in done.stderr
    assert shown_level() == 0


def test_every_command_has_it():
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        shown = CliRunner().invoke(app, [name, "--help"]).output
        assert "Say on stderr" in shown, f"{name}: {shown}"  # terminals break lines elsewhere


def test_two_who_ask_for_it_get_each_line_once(capsys):
    with told(EVERYTHING), told(EVERYTHING):
        logging.getLogger("autograder.tests").info("once")
    assert capsys.readouterr().err.count("once") == 1
    assert OURS.level == logging.NOTSET


def test_another_log_may_have_ours_too():
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    theirs = logging.getLogger("nbgrader of the tests")
    theirs.setLevel(logging.INFO)
    theirs.addHandler(handler)
    with passed_on(theirs):
        logging.getLogger("autograder.tests").info("told")
    logging.getLogger("autograder.tests").info("not told")
    assert [record.getMessage() for record in records] == ["told"]
