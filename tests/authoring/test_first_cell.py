"""Where the notebook is alone, its first cell brings its files, and replaces none that is there."""

from __future__ import annotations

import json
import shutil
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.build import release_files
from autograder.course import CourseError, read_course, shipped_course

NOTEBOOKS = sorted(shipped_course().assignments.glob("*/*.ipynb"))
CELL = "# %% demo=true\n# [[= first_cell ]]\n\n# %%\n# %matplotlib inline"


def first_cell(tiny: Any) -> str:
    """The cell of `tiny` as students get it."""
    tiny.edit("lessons/tiny.py", "# %%\n# %matplotlib inline", CELL)
    cells = json.loads(release_files(tiny.assignment)["tiny.ipynb"])["cells"]
    return "".join(next(cell for cell in cells if cell["cell_type"] == "code")["source"])


def released(tiny: Any, folder: Path) -> Path:
    """The released folder as a zip, as the course's instructor makes it."""
    for path, data in release_files(tiny.assignment).items():
        (folder / "tiny" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tiny" / path).write_bytes(data)
    return Path(shutil.make_archive(str(folder / "tiny"), "zip", folder, "tiny"))


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing in it, where the cell runs."""
    folder = tmp_path / "alone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_the_cell_unpacks_what_was_uploaded(tiny: Any, alone: Path, tmp_path: Path) -> None:
    cell = first_cell(tiny)
    with pytest.raises(FileNotFoundError, match=r"Upload tiny\.zip, which your course hands out"):
        exec(cell, {})
    released(tiny, tmp_path / "out").rename(alone / "tiny.zip")
    (alone / "tiny.ipynb").write_text("my own work")
    exec(cell, {})
    assert (alone / "pkg" / "given.py").read_text() == "GIVEN = 1\n"
    assert (alone / "data" / "numbers.npz").is_file()
    assert (alone / "tiny.ipynb").read_text() == "my own work"


def test_where_the_files_are_the_cell_does_nothing(tiny: Any, alone: Path) -> None:
    (alone / "pkg").mkdir()
    (alone / "pkg" / "given.py").write_text("GIVEN = 1\n")
    exec(first_cell(tiny), {})
    assert [path.name for path in alone.iterdir()] == ["pkg"]


def test_the_course_may_set_an_address(
    tiny: Any, alone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "urllib" not in first_cell(tiny)
    (tiny.root / "course.toml").write_text('files = "https://example.org/{slug}.zip"\n')
    cells = json.loads(release_files(tiny.assignment)["tiny.ipynb"])["cells"]
    cell = "".join(next(cell for cell in cells if cell["cell_type"] == "code")["source"])
    archive = released(tiny, tmp_path / "out")
    asked = []

    def urlretrieve(address: str, target: Path) -> None:
        asked.append(address)
        shutil.copy(archive, target)

    monkeypatch.setattr(urllib.request, "urlretrieve", urlretrieve)
    exec(cell, {})
    assert asked == ["https://example.org/tiny.zip"]
    assert (alone / "pkg" / "given.py").is_file()


@pytest.mark.parametrize("address", ["3", '"http://a/{slug}.zip"', '"https://a/x.zip"'])
def test_an_address_without_the_assignment_is_refused(tiny: Any, address: str) -> None:
    (tiny.root / "course.toml").write_text(f"files = {address}\n")
    with pytest.raises(CourseError, match=r"give an address of https:// with `\{slug\}` in it"):
        read_course(tiny.root)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_begins_with_it(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    first = next(cell for cell in cells if cell["cell_type"] == "code")
    assert first["source"][0].startswith("# Colab, JupyterLite, or a notebook on its own")
    assert first["metadata"]["autograder"] == {"demo": True}
