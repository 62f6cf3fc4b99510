"""Building: what students get, what is removed, what is stale, and the solved submission."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import AuthoringError, build, reference_files, release_files, stale
from autograder.authoring.mutants import TextEdit

FILES = [
    "README.md",
    "data/numbers.npz",
    "pkg/__init__.py",
    "pkg/given.py",
    "pkg/work.py",
    "tiny.ipynb",
]
RELEASED = sorted([*FILES, "release.json"])

RELEASED_MODULE = '''\
"""Arithmetic."""


def double(x):
    """Twice x."""
    raise NotImplementedError("TODO(double)")


def quadruple(x):
    """Four times x."""
    result = ...  # TODO(quadruple)
    return result
'''

SOLVED_MODULE = '''\
"""Arithmetic."""


def double(x):
    """Twice x."""
    twice_the_number = x + x
    return twice_the_number


def quadruple(x):
    """Four times x."""
    result = double(double(x))
    return result
'''


def texts(notebook: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


def present(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_students_get_stubs_and_placeholders_filled_in(tiny: Any) -> None:
    files = release_files(tiny.assignment)
    assert list(files) == RELEASED
    assert files["pkg/work.py"].decode() == RELEASED_MODULE
    assert files["README.md"] == b"# Tiny\n\n5 points, 2 of them for `double`.\n"
    assert files["data/numbers.npz"] == b"PK\x03\x04\xff\x00"
    assert texts(files["tiny.ipynb"]) == [
        "# Tiny\n\nReach 87.5 %.",
        "%matplotlib inline\nimport pkg.work",
        'print("2 points")',
        "assert pkg.work.double(2) == 4",
        "assert pkg.work.quadruple(2) == 8",
        "choice = ...  # TODO(choice)",
        'assert choice <= {"a", "b", "c"}',
        "",
        "*Write here. TODO(explain)*",
    ]


def test_the_reference_is_the_solved_submission(tiny: Any) -> None:
    files = reference_files(tiny.assignment)
    assert list(files) == FILES
    assert files["pkg/work.py"].decode() == SOLVED_MODULE
    cells = texts(files["tiny.ipynb"])
    assert cells[5] == 'choice = {"a", "c"}'
    assert cells[8] == "Because four is two times two."
    assert b"SOLUTION" not in b"".join(files.values())


def test_edits_change_the_solved_submission_only(tiny: Any) -> None:
    place = ("m.toml", 1)
    edits = (
        TextEdit(file="modules/pkg/work.py", find="x + x", replace="x", count=1, place=place),
        TextEdit(file="lessons/tiny.py", find='{"a", "c"}', replace='{"b"}', count=1, place=place),
    )
    files = reference_files(tiny.assignment, edits)
    assert b"twice_the_number = x\n" in files["pkg/work.py"]
    assert texts(files["tiny.ipynb"])[5] == 'choice = {"b"}'
    assert reference_files(tiny.assignment)["pkg/work.py"].decode() == SOLVED_MODULE


def test_an_edit_of_an_unknown_file_is_refused(tiny: Any) -> None:
    edit = TextEdit(file="modules/b.py", find="x", replace="y", count=1, place=("m.toml", 1))
    with pytest.raises(AuthoringError) as raised:
        reference_files(tiny.assignment, [edit])
    expected = "`modules/b.py` is no lesson, module or README of tiny"
    assert str(raised.value) == f"solutions/tiny/modules/b.py:1: {expected}"


def test_build_writes_the_release(tiny: Any) -> None:
    assignment = tiny.assignment
    paths = build(assignment)
    assert paths == [assignment.release / path for path in RELEASED]
    assert {p: (assignment.release / p).read_bytes() for p in RELEASED} == release_files(assignment)
    assert present(assignment.release) == RELEASED


def test_build_twice_writes_nothing_new(tiny: Any) -> None:
    paths = build(tiny.assignment)
    times = [path.stat().st_mtime_ns for path in paths]
    assert build(tiny.assignment) == paths
    assert [path.stat().st_mtime_ns for path in paths] == times


def test_build_removes_what_has_no_source(tiny: Any) -> None:
    release = tiny.assignment.release
    outside = tiny.root / "precious.txt"
    outside.write_text("keep")
    (tiny.root / "folder").mkdir()
    (tiny.root / "folder" / "a.py").write_text("keep")
    (release / "old" / "deep").mkdir(parents=True)
    (release / "old" / "deep" / "a.py").write_text("x")
    (release / "pkg" / "work.py").mkdir(parents=True)  # a folder where a file belongs
    (release / "link.txt").symlink_to(outside)
    (release / "linked").symlink_to(tiny.root / "folder")
    build(tiny.assignment)
    assert present(release) == RELEASED
    assert sorted(path.name for path in release.iterdir()) == [
        "README.md",
        "data",
        "pkg",
        "release.json",
        "tiny.ipynb",
    ]
    assert outside.read_text() == (tiny.root / "folder" / "a.py").read_text() == "keep"


def test_build_elsewhere_removes_nothing(tiny: Any, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.txt").write_text("keep")
    paths = build(tiny.assignment, destination=elsewhere)
    assert paths[0] == elsewhere / "README.md"
    assert present(elsewhere) == sorted([*RELEASED, "mine.txt"])
    assert not tiny.assignment.release.exists()


def test_nothing_is_written_when_something_is_wrong(tiny: Any) -> None:
    build(tiny.assignment)
    before = (tiny.assignment.release / "README.md").read_bytes()
    tiny.write("README.md", "new")
    tiny.edit("modules/pkg/work.py", "### STUB result = ...", "### STUB result = (")
    with pytest.raises(AuthoringError, match="does not compile"):
        build(tiny.assignment)
    assert (tiny.assignment.release / "README.md").read_bytes() == before


def test_a_fresh_build_is_not_stale(tiny: Any) -> None:
    build(tiny.assignment)
    litter = tiny.assignment.release / "pkg" / "__pycache__"
    litter.mkdir()
    (litter / "work.pyc").write_bytes(b"\xff")
    assert stale(tiny.assignment) == ""


def test_stale_shows_the_difference(tiny: Any) -> None:
    build(tiny.assignment)
    tiny.edit("README.md", " of them for `double`", " for `double`")
    shown = stale(tiny.assignment)
    assert shown.startswith(
        "--- released/README.md\n"
        "+++ built/README.md\n"
        "@@ -1,3 +1,3 @@\n"
        " # Tiny\n"
        " \n"
        "-5 points, 2 of them for `double`.\n"
        "+5 points, 2 for `double`.\n"
        "--- released/release.json\n"
        "+++ built/release.json\n"
    )
    changed = [line for line in shown.splitlines() if line.startswith(('-  "', '+  "'))]
    assert [line[:14] for line in changed] == ['-  "README.md"', '+  "README.md"']


def test_stale_shows_missing_and_left_over_files(tiny: Any) -> None:
    release = tiny.assignment.release
    build(tiny.assignment)
    (release / "pkg" / "given.py").unlink()
    (release / "pkg" / "__init__.py").unlink()
    (release / "old.txt").write_text("no newline")
    (release / "data" / "numbers.npz").write_bytes(b"\xff")
    assert stale(tiny.assignment) == (
        "Binary file data/numbers.npz differs\n"
        "--- released/old.txt\n"
        "+++ /dev/null\n"
        "@@ -1,2 +0,0 @@\n"
        "-no newline\n"
        "-\\ No newline at end of file\n"
        "File pkg/__init__.py is missing\n"
        "--- /dev/null\n"
        "+++ built/pkg/given.py\n"
        "@@ -0,0 +1 @@\n"
        "+GIVEN = 1\n"
    )


def test_an_unbuilt_assignment_is_stale(tiny: Any) -> None:
    assert stale(tiny.assignment).startswith("--- /dev/null\n+++ built/README.md\n")
