"""Does the tutorial hold? Every command of docs/first-assignment.md is run, in order.

Runs where the wheel is installed and the repository is not on the path: `tox run -e wheel`.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "first-assignment.md"
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)
SECONDS = re.compile(r"in [\d.]+ s")
INSTALLING = "pip install"  # is what tox has done
Bash = Callable[[Path, str], str]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, bash: Bash) -> Path:
    """The folder of the course, after everything on the page has been done."""
    place = tmp_path_factory.mktemp("tutorial")
    begun = time.monotonic()
    for block in BLOCK.finditer(PAGE.read_text(encoding="utf-8")):
        place = _follow(bash, place, block["before"], block["kind"], block["text"])
    print(f"the tutorial's commands took {time.monotonic() - begun:.0f} s")
    return place


def _follow(bash: Bash, place: Path, before: str, kind: str, text: str) -> Path:
    """Do what a block says; the folder in which the reader is afterwards."""
    if kind == "text":
        return place
    if kind == "bash":
        return place if INSTALLING in text else _ending(bash, place, text)
    above = re.search(r"above the cell `([^`]+)` of `([^`]+)`:$", before)
    path = place / re.findall(r"`([^`]+)`:$", before)[0]
    if above:
        path.write_text(_put_above(path.read_text(), above[1], text))
    elif "Add to the end of" in before:
        path.write_text(path.read_text() + text)
    else:
        assert before.startswith(("Write", "`solutions")), before
        path.write_text(text)
    return place


def _put_above(lesson: str, line: str, cells: str) -> str:
    """A lesson with more cells above the one that has `line`."""
    before, found, after = lesson.partition(line)
    assert found, line
    head, header, rest = before.rpartition("# %%")
    return f"{head}{cells}\n{header}{rest}{found}{after}"


def _ending(bash: Bash, place: Path, script: str) -> Path:
    """Run a script; the folder in which it ends."""
    bash(place, f"{script}\npwd > {place / '.here'}")
    here = Path((place / ".here").read_text().strip())
    (place / ".here").unlink()
    return here


def test_the_class_is_graded_as_the_page_says(course: Path) -> None:
    results = {
        student: json.loads((course / "grades" / "ps1" / f"{student}.json").read_text())
        for student in ("ada", "boris")
    }
    ada = {check["id"]: check for check in results["ada"]["checks"]}
    assert results["boris"]["score"] == 0
    assert ada["standardise"]["status"] == "not attempted"
    assert "all columns share one minimum and maximum" in ada["rescale"]["rationale"]
    assert (course / "grades" / "ps1" / "index.html").is_file()


def test_the_output_of_verify_is_the_one_on_the_page(course: Path, bash: Bash) -> None:
    """By now there is one function more, of 2 points, and one cell more."""
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert SECONDS.search(shown)
    for before, after in {
        "6 code": "7 code",
        "5 of 5": "7 of 7",
        "of 5": "of 7",
        "2 of": "4 of",
    }.items():
        shown = shown.replace(before, after)
    told = SECONDS.sub("in s", bash(course, "autograder verify ps1")).splitlines()
    assert [line for line in SECONDS.sub("in s", shown).splitlines() if line not in told] == []


def test_no_solution_is_in_the_release(course: Path) -> None:
    released = [path for path in (course / "assignments" / "ps1").rglob("*") if path.is_file()]
    text = "\n".join(path.read_text("utf-8") for path in released if path.suffix != ".zip")
    assert "TODO(rescale)" in text
    for solution in ("high - low", "np.where(spread", "2 X^", "One learning rate has to"):
        assert solution not in text
