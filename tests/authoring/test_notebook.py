"""The notebook of a lesson: valid for Jupyter and for nbgrader, and always the same bytes."""

from __future__ import annotations

import json
import re
import warnings
from typing import Any

import nbformat
import pytest

from autograder.authoring.build import reference_files, release_files
from autograder.authoring.lesson import read_lesson
from autograder.authoring.notebook import notebook

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's own, when it is imported
    from nbgrader.nbgraderformat.v3 import MetadataValidatorV3
    from nbgrader.preprocessors import CheckCellMetadata, LockCells
    from nbgrader.utils import is_grade, is_locked, is_solution


def released(tiny: Any) -> Any:
    return nbformat.reads(release_files(tiny.assignment)["tiny.ipynb"].decode(), as_version=4)


def build_notebook(text: str, points: dict[str, float] | None = None) -> Any:
    lesson = read_lesson(text, name="a", file="a.py")
    data = notebook(lesson, lambda cell: cell.source, points or {})
    return json.loads(data)


def test_it_is_a_valid_notebook_of_format_4_5(tiny: Any) -> None:
    book = released(tiny)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def test_nbgrader_finds_its_metadata_right(tiny: Any) -> None:
    book = released(tiny)
    MetadataValidatorV3().validate_nb(book)
    CheckCellMetadata().preprocess(book, {})
    graded = {c.metadata.nbgrader.grade_id: c for c in book.cells if is_grade(c)}
    points = {id: cell.metadata.nbgrader.points for id, cell in graded.items()}
    assert points == {"double": 2, "quadruple": 1, "choice": 0.5, "explain": 1.5}
    assert [c.metadata.nbgrader.grade_id for c in book.cells if is_solution(c)] == [
        "solution-choice",
        "explain",
    ]
    locked = {c.metadata.nbgrader.grade_id for c in book.cells if is_locked(c)}
    assert locked == {"double", "quadruple", "choice"}


def test_cells_are_locked_as_nbgrader_would_lock_them(tiny: Any) -> None:
    book = released(tiny)
    again, _ = LockCells().preprocess(released(tiny), {})
    assert again == book


def test_it_has_no_checksum_yet(tiny: Any) -> None:
    marks = [cell.metadata.get("nbgrader", {}) for cell in released(tiny).cells]
    assert all("checksum" not in mark and "cell_type" not in mark for mark in marks)


def test_points_are_written_as_people_write_them(tiny: Any) -> None:
    data = release_files(tiny.assignment)["tiny.ipynb"].decode()
    assert re.findall(r'"points": (.*),', data) == ["2", "1", "0.5", "1.5"]


def test_demo_cells_say_so_and_plain_ones_say_nothing() -> None:
    book = build_notebook("# %% demo=true\nplot()\n# %%\nimport os\n# %% [markdown]\n# text\n")
    assert [cell["metadata"] for cell in book["cells"]] == [{"autograder": {"demo": True}}, {}, {}]
    assert [cell["cell_type"] for cell in book["cells"]] == ["code", "code", "markdown"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in book["cells"][:2])


def test_ids_follow_from_the_source_and_are_unique() -> None:
    text = '# %%\nsame\n# %%\nsame\n# %% [markdown]\n# same\n# %% check="a"\nsame\n'
    first, twin, prose, check = [cell["id"] for cell in build_notebook(text, {"a": 1})["cells"]]
    assert twin == f"{first}-2"
    assert prose not in (first, twin)
    assert check == "a"
    later = build_notebook("# %%\nother\n# %%\nsame\n")["cells"]
    assert later[1]["id"] == first


def test_reference_and_release_have_the_same_ids(tiny: Any) -> None:
    solved = json.loads(reference_files(tiny.assignment)["tiny.ipynb"])
    ids = [cell["id"] for cell in solved["cells"]]
    assert ids == [cell["id"] for cell in released(tiny).cells]


@pytest.mark.parametrize("files", [release_files, reference_files])
def test_two_builds_are_equal_byte_for_byte(tiny: Any, files: Any) -> None:
    assert files(tiny.assignment) == files(tiny.assignment)


def test_it_is_written_as_jupyter_would_write_it(tiny: Any) -> None:
    data = release_files(tiny.assignment)["tiny.ipynb"].decode()
    assert data == nbformat.writes(nbformat.reads(data, as_version=4)) + "\n"


def test_it_is_readable_text_that_ends_in_a_newline(tiny: Any) -> None:
    data = release_files(tiny.assignment)["tiny.ipynb"].decode()
    assert data.endswith("}\n")
    assert '"print(\\"2 points\\")"\n' in data
