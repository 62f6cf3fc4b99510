"""Who grades one student of a class leaves the page and the table of the class whole."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import Assignment
from autograder.sandbox.levels import LEVELS

LEVEL = next(level.name for level in LEVELS if not level.why_not())
RESULTS = Path("grades", "tiny")
Run = Callable[..., Any]


@pytest.fixture
def run(tiny: Assignment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`autograder grade` on the tiny course, from a folder of its own, into pages and a table."""
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> Any:
        given = ["grade", "tiny", *map(str, words), f"--course={tiny.course.root}", "--seed=1"]
        given += ["--jobs=1", f"--sandbox={LEVEL}", "--format=html", "--format=csv"]
        done = CliRunner().invoke(cli.app, given)
        assert done.exit_code == 0, done.output
        return done

    return run


def folder(files: Mapping[str, bytes], name: str) -> Path:
    for path, data in files.items():
        target = Path(name) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return Path(name)


@pytest.fixture
def graded(run: Run, right: Mapping[str, bytes]) -> Path:
    """A class of three, one of whom has no modules, with a roster of four."""
    for student in ("ada", "boris"):
        folder(right, f"class/{student}")
    folder({path: data for path, data in right.items() if path.endswith(".ipynb")}, "class/clara")
    Path("roster.csv").write_text(
        "id,first_name,last_name,email\nada,,,\nboris,,,\nclara,,,\ndora,,,\n"
    )
    run("class", "--roster=roster.csv")
    return Path("class")


def in_page() -> dict[str, dict[str, Any]]:
    page = (RESULTS / "index.html").read_text("utf-8")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    return {student["name"]: student for student in json.loads(data[1])["students"]}


def in_table() -> dict[str, dict[str, str]]:
    rows = csv.DictReader((RESULTS / "grades.csv").read_text("utf-8").splitlines())
    return {row["student"]: row for row in rows}


def test_one_student_graded_again_leaves_the_others(run, graded):
    page, table = in_page(), in_table()
    assert page["clara"]["said"] == [
        f"`nn/{name}.py` was not handed in." for name in ("layers", "loss")
    ]
    run("class/ada")
    assert in_page() == page
    assert in_table() == table
    assert "Handed in nothing: dora." in (RESULTS / "index.html").read_text("utf-8")


def test_one_more_student_is_added_and_missing_no_longer(run, graded, right):
    run(folder(right, "late/dora"))
    assert set(in_page()) == set(in_table()) == {"ada", "boris", "clara", "dora"}
    assert "Handed in nothing" not in (RESULTS / "index.html").read_text("utf-8")


def test_what_one_student_changed_is_on_the_page(run, graded, right):
    assert in_page()["clara"]["score"] < 10
    folder(right, "class/clara")
    run("class/clara")
    assert in_page()["clara"]["score"] == in_page()["ada"]["score"] == 10


def test_every_link_leads_to_a_page_that_is_not_older_than_its_result(run, graded):
    before = (RESULTS / "ada.html").stat().st_mtime_ns
    (RESULTS / "boris.html").unlink()
    run("class/clara")
    assert all((RESULTS / student["page"]).is_file() for student in in_page().values())
    assert (RESULTS / "ada.html").stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace('"score": 10.0', '"score": 9.0', 1), "was changed after"),
        (lambda text: text[:100], "is not a result that can be read"),
        (lambda text: text.replace('"ada"', '"eve"'), "is the result of eve in tiny, not of ada"),
    ],
)
def test_a_result_that_somebody_changed_is_left_out_and_said(run, graded, change, reason):
    path = RESULTS / "ada.json"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    done = run("class/boris")
    assert set(in_page()) == {"boris", "clara"}
    assert reason in done.stderr
    assert "It is not on the page of the class; grade this student again." in done.stderr


def test_who_is_taken_out_of_the_folder_is_taken_off_the_page(run, graded):
    (RESULTS / "clara.json").unlink()
    run("class/ada")
    assert set(in_page()) == {"ada", "boris"}
