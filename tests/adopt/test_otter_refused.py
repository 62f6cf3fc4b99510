"""Otter notebooks that cannot be adopted: which cell it is, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.adopted import read_record
from tests.adopt.masters import SETUP, SQUARE, Cell, code, notebook, question, raw
from tests.adopt.test_adopting import run


def test_a_reading_that_cannot_be_adopted_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "hw" / "hw1"
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_bytes(notebook(SQUARE[:-1]))
    result = run("adopt", folder)
    assert result.exit_code == 2
    assert "has no end" in " ".join(result.output.split())
    assert not (tmp_path / "course.toml").exists()


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            [*question("q1", "", [code("x", "1")])],
            "has test cells and no solution cell, so nothing says which names are a student's. Put"
            " the solutions between `# BEGIN SOLUTION` and `# END SOLUTION`.",
        ),
        (
            question("q1", "...", [code("x", "1")]),
            "has no solution in its solution cells; they are as students get them.",
        ),
        (
            question("q1", "x = 1", [code("x", "2")]),
            "No test cell of hw1.ipynb passes with its own solution. The first, q1, says:"
            " AssertionError: The test shows 1, and expects 2. Run the notebook from top to bottom,"
            " mend it, and adopt it again.",
        ),
        (
            question("q1", "x = 1 / 0", [code("x", "2")]),
            "passes with its own solution. A cell before them raises ZeroDivisionError: division by"
            " zero. Run the notebook",
        ),
        (
            question("q1", "x = = 1", [code("x", "2")]),
            "A solution cell of hw1.ipynb is no Python, and q1 fails with it. The cell begins with"
            " `x = = 1`. Mend it, and adopt the notebook again.",
        ),
        (
            question("q1", "x = 1", [code("x")]),
            "Run the notebook, save it, and adopt it again.",
        ),
        (
            [raw("# ASSIGNMENT CONFIG\nfiles: [data.csv]"), *SQUARE],
            "hw1.ipynb names the file data.csv, which is not there.",
        ),
        ([SETUP], "has no notebook with a test cell, of nbgrader's or of otter's. Name the folder"),
    ],
)
def test_what_cannot_be_adopted_says_what_to_do(
    cells: list[Cell], said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "hw" / "hw1"
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_bytes(notebook(cells))
    result = run("adopt", folder / "hw1.ipynb")
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_of_several_those_that_can_be_are_adopted(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text('[folders]\nsource = "hw"\n')
    for name, cells in (("a", SQUARE[:-1]), ("b", [SETUP, *SQUARE])):
        (tmp_path / "hw" / name).mkdir(parents=True)
        (tmp_path / "hw" / name / f"{name}.ipynb").write_bytes(notebook(cells))
    result = run("adopt", tmp_path)
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert "hw/a is not adopted. a.ipynb, cell 1: `# BEGIN QUESTION` has no end" in said
    assert read_record(tmp_path / "hw", "b") is not None
    assert read_record(tmp_path / "hw", "a") is None


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    result = run("adopt", tmp_path / "hw.ipynb")
    assert result.exit_code == 2
    assert f"There is no {tmp_path / 'hw.ipynb'}." in result.output.replace("\n", "")


def test_a_folder_where_the_course_does_not_look(tmp_path: Path) -> None:
    (tmp_path / "course.toml").touch()
    folder = tmp_path / "hw" / "hw1"
    folder.mkdir(parents=True)
    (folder / "hw1.ipynb").write_bytes(notebook(SQUARE))
    result = run("adopt", folder)
    assert result.exit_code == 2
    assert 'Set `source = "hw"` below `[folders]` in' in " ".join(result.output.split())


@pytest.mark.parametrize("name", ["hw1.Rmd", "hw1.qmd"])
@pytest.mark.parametrize("named", ["folder", "file"])
def test_an_assignment_of_r_markdown_or_quarto_is_refused_with_a_way_out(
    tmp_path: Path, name: str, named: str
) -> None:
    path = tmp_path / "hw" / "hw1" / name
    path.parent.mkdir(parents=True)
    path.write_text("```{python}\n# BEGIN QUESTION\n```\n")
    result = run("adopt", path if named == "file" else path.parent)
    assert result.exit_code == 2
    assert (
        f"is an R Markdown or Quarto file, and only notebooks (.ipynb) in Python are adopted. If"
        f" its code is Python, convert it with `quarto convert {name}`, and adopt the notebook. An"
        f" assignment in R stays with the grader that it has."
    ) in " ".join(result.output.split())
