"""Does docs/hand-in.md hold? Every layout on it is made, and every line goes to its student."""

from __future__ import annotations

import io
import re
import zipfile
from collections import defaultdict
from pathlib import Path, PurePosixPath

import pytest
from typer.testing import CliRunner

import autograder.cli as cli
from autograder.assignment import Assignment, load_assignment
from autograder.grading.origins import NOT_REPLACED
from autograder.layout import Layout
from autograder.submission import take_in

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hand-in.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"<!-- (\w+) -->\n```text\n(.*?)```", PAGE, re.DOTALL))
METADATA = """submission_1:
  :submitters:
  - :email: ada@x.edu
submission_2:
  :submitters:
  - :email: carl@x.edu
  - :email: boris@x.edu
"""


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_assignment("fully_connected_nets")


def work(assignment: Assignment) -> dict[str, bytes]:
    """What a student hands in, without the one module that is complete as it is."""
    return {
        path: (assignment.release / path).read_bytes()
        for path in assignment.editable
        if not path.endswith("__init__.py") and "layer_utils" not in path
    }


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return buffer.getvalue()


def made(line: str, assignment: Assignment) -> dict[str, bytes]:
    """The files that a line of the page stands for."""
    name = PurePosixPath(line).name
    if line.endswith("/"):
        return {line + path: data for path, data in work(assignment).items()}
    if name.endswith(".zip"):
        return {line: packed(work(assignment))}
    if name.endswith(".yml"):
        return {line: METADATA.encode()}
    for path, data in sorted(work(assignment).items(), reverse=True):
        own = PurePosixPath(path)
        if name.endswith(own.suffix) and (own.stem in name or own.suffix == ".ipynb"):
            return {line: data}
    return {line: b"-"}


def lines(block: str) -> list[tuple[str, str]]:
    """Each line of a block: the path, and whose it is."""
    found = []
    for line in block.splitlines():
        match = re.fullmatch(r"(.+?(?:/|\.[a-z]+))(?:\s+(\S.*))?", line)
        assert match, line
        found.append((match[1], match[2] or ""))
    return found


def written(block: str, assignment: Assignment, root: Path) -> Path:
    """The folder or zip of a block, made."""
    files: dict[str, bytes] = {}
    for line, _ in lines(block):
        files |= made(line, assignment)
    top = next(iter(files)).partition("/")[0]
    inner = {path.partition("/")[2]: data for path, data in files.items()}
    if top.endswith(".zip"):
        (root / top).write_bytes(packed(inner))
    else:
        for path, data in inner.items():
            (root / top / path).parent.mkdir(parents=True, exist_ok=True)
            (root / top / path).write_bytes(data)
    return root / top


def test_every_layout_is_on_the_page():
    assert set(BLOCKS) == set(Layout) - {Layout.AUTO}
    for layout in set(Layout) - {Layout.AUTO}:
        assert f"`{layout}`" in PAGE


@pytest.mark.parametrize("name", BLOCKS)
def test_every_line_goes_to_its_student(tmp_path, assignment, name):
    path = written(BLOCKS[name], assignment, tmp_path)
    found = take_in([path], assignment)
    wanted = defaultdict(list)
    for line, student in lines(BLOCKS[name]):
        wanted[student].append(line)
    assert {one.student for one in found.submissions} == {*wanted} - {""}
    assert str(found.given[0].layout) == name
    assert all(one.files for one in found.submissions)
    assert found.all_warnings == ()


def test_what_inspect_shows(tmp_path, assignment, monkeypatch):
    example = re.search(r"\$ autograder inspect submissions.zip\n(.*?)```", PAGE, re.DOTALL)
    files = work(assignment)
    names = {PurePosixPath(path).name: data for path, data in files.items()}
    inside = {
        f"doejane_12345_{678001 + number}_{name}": names[name]
        for number, name in enumerate(sorted(names))
    }
    inside["roejohn_LATE_12346_678005_submission.zip"] = packed(files)
    (tmp_path / "submissions.zip").write_bytes(packed(inside))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    done = CliRunner().invoke(cli.app, ["inspect", "submissions.zip", f"--course={ROOT}"])
    shown = [line.rstrip() for line in done.stdout.strip().splitlines()]
    assert shown == example[1].strip().splitlines()


def test_the_refusal_is_the_one_that_comes():
    said = NOT_REPLACED.format(root="eve.zip", students="ada (from class/ada)", layout="class")
    assert said in " ".join(PAGE.split())
