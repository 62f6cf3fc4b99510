"""The broken class through `nbgrader autograde`: the same marks, and nobody stops the others."""

from __future__ import annotations

import html
import importlib.util
import sys
import warnings
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from traitlets.config import Config

from autograder.nbgrader_plugin import configure
from autograder.nbgrader_plugin.notes import NOTE
from autograder.sandbox.levels import LEVELS

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's own, when it is imported
    from nbgrader.api import Gradebook
    from nbgrader.converters import Autograde
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import capture_log

pytestmark = pytest.mark.long

LEVEL = next(level.name for level in LEVELS if not level.why_not())
STUDENTS = [
    *("empty-notebook", "unfinished-merge", "nested-too-deeply", "truncated-json", "format-3"),
    *("no-metadata", "written-in-r", "notebook-in-utf-16", "notebook-in-latin-1", "utf-16"),
    *("notebook-with-nuls", "notebook-with-bom", "nul-bytes", "crlf", "python-2", "Zoé Müller"),
    *("renamed-notebook", "ipynb-txt", "backslashes", "zip-of-a-mac", "half-a-zip", "empty-folder"),
    *("litter-of-a-mac", "two-unknown-notebooks", "only-modules", "everything-right"),
]


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
INTAKE = _module("intake_cases").cases(BROKEN.Case, CONFTEST.right_files(), RELEASED)
CASES = BROKEN.cases(CONFTEST.right_files(), CONFTEST.solved_notebook()) | INTAKE
STUDENTS = [*STUDENTS, *INTAKE]


@pytest.fixture(scope="module")
def course(tiny):
    """A course directory after `nbgrader autograde tiny`, and what nbgrader logged."""
    root = tiny.course.root
    for student in STUDENTS:
        folder = root / "submitted" / student / "tiny"
        folder.mkdir(parents=True)
        for path, data in CASES[student].files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
    config = Config()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        configure(config, course=root)
        config.CourseDirectory.update(root=str(root), assignment_id="tiny")
        config.GradeInSandbox.update(seed=0, level=LEVEL)
        coursedir = CourseDirectory(config=config)
        yield root, capture_log(Autograde(coursedir=coursedir, config=config))


def test_no_student_stops_the_class(course):
    assert course[1]["success"], course[1]


@pytest.mark.parametrize("student", STUDENTS)
def test_the_gradebook_has_the_same_marks(course, student):
    with Gradebook(f"sqlite:///{course[0] / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("tiny", student).score == CASES[student].score


@pytest.mark.parametrize("student", [name for name in STUDENTS if CASES[name].problems])
def test_the_notebook_begins_with_what_is_said_about_the_files(course, student):
    folder = course[0] / "autograded" / student / "tiny"
    note = nbformat.read(folder / "tiny.ipynb", as_version=4).cells[0].source
    assert note.startswith(NOTE)
    for problem in CASES[student].problems:
        assert problem in html.unescape(note)


@pytest.mark.parametrize("student", [name for name in INTAKE if CASES[name].says])
def test_the_notebook_says_why_a_point_was_lost(course, student):
    path = course[0] / "autograded" / student / "tiny" / "tiny.ipynb"
    outputs = [output for cell in nbformat.read(path, as_version=4).cells
               for output in cell.get("outputs", ())]  # fmt: skip
    lines = ["\n".join(output.get("traceback", ())) for output in outputs]
    shown = [" ".join(text.split()) for text in lines]  # long lines are wrapped
    for rationale, help in CASES[student].says.values():
        assert any(rationale in text and help in text for text in shown)
