"""What our plugin does once for a run, where nbgrader does it for every look and every cell."""

from __future__ import annotations

import copy
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook
from nbgrader.nbgraderformat import MetadataValidator, ValidationError
from traitlets.config import Configurable

from autograder.nbgrader_plugin.engine import one_engine
from autograder.nbgrader_plugin.metadata import CheckOnce

CELL = {
    "grade": True,
    "solution": False,
    "locked": True,
    "task": False,
    "grade_id": "t",
    "points": 1,
    "schema_version": 3,
}


@pytest.fixture
def gradebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    url = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(url) as first:
        first.add_student("ada")
    return url


def test_a_run_has_one_engine_and_sees_what_others_write(gradebook: str) -> None:
    with one_engine():
        with Gradebook(gradebook) as first:
            engine = first.engine
        with Gradebook(gradebook) as again:
            assert again.engine is engine
            assert [student.id for student in again.students] == ["ada"]
            again.add_student("bob")
        assert engine.pool.checkedin() == 0  # no connection stays open
        with Gradebook(gradebook, "another course") as other:
            assert other.engine is not engine
    with Gradebook(gradebook) as outside:
        assert outside.engine is not engine
        assert [student.id for student in outside.students] == ["ada", "bob"]


class Validated:
    """Counts how often nbgrader looks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        look = MetadataValidator.validate_nb

        def counted(validator: Any, notebook: Any) -> None:
            self.times += 1
            look(validator, notebook)

        monkeypatch.setattr(MetadataValidator, "validate_nb", counted)


def notebook(**changes: object) -> Any:
    cell = nbformat.v4.new_code_cell("assert 1", metadata={"nbgrader": CELL | changes})
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Text"), cell])


class Run(Configurable):
    """Stands in for the exporter of a run."""

    def __init__(self) -> None:
        super().__init__()
        self.checked: set[str] = set()


def step() -> CheckOnce:
    return CheckOnce(parent=Run())


def test_metadata_of_a_class_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen, check = Validated(monkeypatch), step()
    for source in ("a", "b"):
        nb = notebook()
        nb.cells[0].source = source
        assert check.preprocess(nb, {}) == (nb, {})
    assert seen.times == 1
    check.preprocess(notebook(points=2), {})
    assert seen.times == 2


@pytest.mark.parametrize("change", [{"grade_id": ""}, {"points": None}, {"grade": "yes"}])
def test_what_is_wrong_is_refused_each_time(change: dict[str, object]) -> None:
    check = step()
    check.preprocess(notebook(), {})
    for _ in range(2):
        with pytest.raises(ValidationError):
            check.preprocess(notebook(**change), {})


def test_two_cells_of_one_name_are_refused() -> None:
    twice = notebook()
    twice.cells.append(copy.deepcopy(twice.cells[1]))
    with pytest.raises(ValidationError, match="Notebook failed to validate"):
        step().preprocess(twice, {})
