"""A class of broken submissions, graded by the command: each gets what it deserves or a reason."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.sandbox.levels import LEVELS
from autograder.submission import file_stem, find_submissions


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        f"submission_{name}", Path(__file__).parent / f"{name}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


CONFTEST = _module("conftest")
BROKEN = _module("broken_cases")
RELEASED = {path: text.encode() for path, text in CONFTEST.released_files().items()}
CASES = BROKEN.cases(CONFTEST.right_files(), CONFTEST.solved_notebook())
CASES |= _module("intake_cases").cases(BROKEN.Case, CONFTEST.right_files(), RELEASED)
LEVEL = next(level.name for level in LEVELS if not level.why_not())
ALL = sorted(CASES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The class on disk, one folder for each student."""
    folder = tmp_path_factory.mktemp("class")
    for student, case in CASES.items():
        (folder / student).mkdir()
        for path, data in case.files.items():
            (folder / student / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / student / path).write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def graded(tiny, folder):
    """What `autograder grade` says of the class, in each format."""
    out = folder.parent / f"{folder.name}-grades"
    words = ["grade", "tiny", str(folder), f"--out={out}", f"--sandbox={LEVEL}", "--jobs=1"]
    words += [f"--course={tiny.course.root}"]
    words += [f"--format={kind}" for kind in ("text", "html", "csv")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "200")
        result = CliRunner().invoke(cli.app, words)
    return result, out / "tiny"


def report(graded, student):
    return json.loads((graded[1] / f"{file_stem(student)}.json").read_bytes())


def test_no_submission_stops_the_class(graded):
    assert graded[0].exit_code == 0, graded[0].output
    assert {path.suffix for path in graded[1].iterdir()} >= {".json", ".html", ".csv"}
    assert len(list(graded[1].glob("*.json"))) == len(CASES)


@pytest.mark.parametrize("student", ALL)
def test_a_broken_submission_gets_what_it_deserves(graded, student):
    assert report(graded, student)["score"] == CASES[student].score


@pytest.fixture(scope="module")
def problems(folder, tiny):
    """What is said about each student's files."""
    return {one.student: one.problems for one in find_submissions(folder, tiny)}


@pytest.mark.parametrize("student", ALL)
def test_what_is_said_about_the_files(problems, student):
    assert problems[student] == CASES[student].problems


@pytest.mark.parametrize("student", [name for name in ALL if CASES[name].says])
def test_a_lost_point_has_a_reason_that_says_what_to_do(graded, student):
    checks = {check["id"]: check for check in report(graded, student)["checks"]}
    said = {id: (checks[id]["rationale"], checks[id]["help"]) for id in CASES[student].says}
    assert said == CASES[student].says


@pytest.mark.parametrize("student", [name for name in ALL if CASES[name].score < 10])
def test_every_lost_point_is_explained_somewhere(graded, student):
    for check in report(graded, student)["checks"]:
        assert check["score"] == check["max_score"] or check["rationale"]


@pytest.mark.parametrize("student", [name for name in ALL if CASES[name].problems])
def test_notes_are_in_every_report(graded, student):
    rows = csv.DictReader(io.StringIO((graded[1] / "grades.csv").read_text("utf-8")))
    notes = {row["student"]: row["notes"] for row in rows}
    page = (graded[1] / f"{file_stem(student)}.html").read_text("utf-8")
    overview = said_in_the_class(graded[1] / "index.html")[student]
    printed = " ".join(graded[0].stdout.split())
    for problem in CASES[student].problems:
        assert problem in notes[student]
        assert plain(problem) in plain(page)
        assert problem in overview
        assert " ".join(problem.split()) in printed


def said_in_the_class(page: Path) -> dict[str, list[str]]:
    """What the page of the class says of each student's files."""
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text())
    return {student["name"]: student.get("said", []) for student in json.loads(data[1])["students"]}


def plain(text: str) -> str:
    """Without tags, quotes of code and escapes."""
    text = re.sub(r"</?code>|`", "", text)
    return text.replace("&#39;", "'").replace("&gt;", ">").replace("&lt;", "<")
