"""A file that a student has saved is used by the next cell, without a restart of the kernel."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder.assignment import load_assignment
from autograder.course import shipped_course

NOTEBOOKS = sorted(shipped_course().assignments.glob("*/*.ipynb"))
ON = ["%load_ext autoreload", "%autoreload 2"]


def code_cells(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_that_imports_students_modules_reloads_them(notebook: Path) -> None:
    written = {
        path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        for path in load_assignment(notebook.parent.name).modules
    }
    imports = [
        cell
        for cell in code_cells(notebook)
        if any(f"from {module} import" in cell for module in written)
    ]
    for cell in imports[:1]:
        assert cell.splitlines()[:2] == ON
    assert imports or notebook.stem == "convolution_maths"


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    """A shell of its own, in a folder from which it imports."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    shell = InteractiveShell()
    yield shell
    sys.modules.pop("students_layers", None)


TEXT = """
class Net:
    def scores(self):
        return {0}


def relu(x):
    return {0}
"""


def run(shell: InteractiveShell, cell: str) -> object:
    shell.events.trigger("pre_run_cell", None)
    result = shell.run_cell(cell)
    shell.events.trigger("post_execute")
    result.raise_error()
    return result.result


def test_functions_and_classes_that_were_imported_change_when_the_file_does(
    shell: InteractiveShell, tmp_path: Path
) -> None:
    module = tmp_path / "students_layers.py"
    module.write_text(TEXT.format(1))
    run(shell, "\n".join([*ON, "from students_layers import Net, relu", "net = Net()"]))
    assert run(shell, "relu(0)") == 1
    module.write_text(TEXT.format(2))
    os.utime(module, (2e9, 2e9))
    assert run(shell, "relu(0), net.scores()") == (2, 2)
