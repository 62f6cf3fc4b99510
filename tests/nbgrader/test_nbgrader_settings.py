"""Our assignments keep their way and an instructor's settings keep theirs, in any order."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_code_cell, new_notebook
from traitlets.config import Config

from autograder.nbgrader_plugin import configure
from autograder.nbgrader_plugin.converters import lead_ours_aside
from autograder.nbgrader_plugin.ours import LOST, PATTERN, TWICE

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # nbgrader's own, when it is imported
    from nbgrader.apps import NbGraderAPI
    from nbgrader.converters import Autograde, GenerateAssignment, GenerateSourceWithTests
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import (
        ClearSolutions,
        Execute,
        NbGraderPreprocessor,
        OverwriteCells,
        SaveAutoGrades,
        SaveCells,
    )
    from nbgrader.utils import capture_log

pytestmark = pytest.mark.long

ALL = {"first": 2.0, "second": 3.0, "third": 1.0, "explain": 0.0}
ORDERS = pytest.mark.parametrize("order", ["before", "after"])


class Louder(NotebookExporter):
    """An exporter of the instructor's."""


class Signed(NbGraderPreprocessor):
    """A step of the instructor's."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        nb.metadata["signed"] = True
        return nb, resources


class Patient(Execute):
    """An instructor's own way to run code, which ours must not go."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        raise AssertionError("a kernel for one of ours")


@pytest.fixture
def settings(course) -> Callable[..., None]:
    """Make the course's settings anew: an instructor's, set before or after ours."""

    def make(order: str, **sections: dict[str, Any]) -> None:
        config = Config()
        if order == "after":
            configure(config, course=course.root)
        for section, values in sections.items():
            config[section].update(values)
        if order == "before":
            configure(config, course=course.root)
        config.CourseDirectory.root = str(course.root)
        config.GradeInSandbox.update(grade=course.grader, seed=0, level="process")
        course.config = config

    return make


def write_ordinary(folder: Path) -> None:
    folder.mkdir(parents=True)
    flags = {"grade": False, "solution": True, "locked": False, "task": False}
    mark = {"schema_version": 3, "grade_id": "one", **flags}
    cell = new_code_cell(
        "### BEGIN SOLUTION\nsecret = 1\n### END SOLUTION", metadata={"nbgrader": mark}
    )
    nbformat.write(new_notebook(cells=[cell]), folder / "problems.ipynb")


def released(course, path: str) -> Any:
    return nbformat.read(course.root / "release" / path, as_version=4)


def test_nothing_is_set_but_where_our_assignments_are(tmp_path):
    config = Config()
    (tmp_path / "course.toml").touch()
    configure(config, course=tmp_path)
    assert config == {"OurAssignments": {"course": str(tmp_path)}}


@ORDERS
def test_solutions_are_cleared_wherever_the_source_is(course, settings, order):
    settings(order, CourseDirectory={"source_directory": "masters"})
    write_ordinary(course.root / "masters" / "ps1")
    course.slug = "ps1"
    assert course.generate_assignment()["success"]
    source = released(course, "ps1/problems.ipynb").cells[0].source
    assert source == "# YOUR CODE HERE\nraise NotImplementedError()"
    course.slug = "tiny"
    assert course.generate_assignment()["success"]
    sources = [cell.source for cell in released(course, "tiny/tiny.ipynb").cells]
    assert sources == [cell.source for cell in course.released().cells]


@ORDERS
def test_an_instructors_exporter_and_steps_hold_for_other_assignments(course, settings, order):
    settings(
        order,
        Autograde={"exporter_class": Louder, "autograde_preprocessors": [Patient, Signed]},
        GenerateAssignment={"exporter_class": Louder, "preprocessors": [Signed, ClearSolutions]},
    )
    course.config.CourseDirectory.assignment_id = "ps1"
    coursedir = CourseDirectory(config=course.config)
    grading = Autograde(coursedir=coursedir, config=course.config)
    releasing = GenerateAssignment(coursedir=coursedir, config=course.config)
    for converter in (grading, releasing):
        capture_log(converter)  # ends where there is nothing to convert
        assert converter.exporter_class is Louder
        assert converter.coursedir is coursedir
    assert grading.autograde_preprocessors == [Patient, Signed]
    assert releasing.preprocessors == [Signed, ClearSolutions]


@ORDERS
def test_ours_are_graded_in_the_sandbox_whatever_else_is_set(course, settings, order):
    settings(
        order,
        Autograde={
            "exporter_class": Louder,
            "sanitize_preprocessors": ["nbgrader.preprocessors.DeduplicateIds", OverwriteCells],
            "autograde_preprocessors": [Patient, Signed, SaveAutoGrades],
        },
    )
    folder = course.submit("ann", plan={"second": ("failed", 0.0)})
    outcome = course.autograde()
    assert outcome["success"], outcome
    assert course.scores("ann") == {**ALL, "second": 0.0}
    assert course.autograded("ann").metadata.signed
    handed_in = (folder / "pkg" / "work.py").read_text()
    assert (course.root / "autograded/ann/tiny/pkg/work.py").read_text() == handed_in


def test_ours_are_graded_where_an_instructor_has_nothing_run(course, settings):
    settings("after", Autograde={"autograde_preprocessors": [SaveAutoGrades]})
    course.submit("ann", plan={"second": ("failed", 0.0)})
    assert course.autograde()["success"]
    assert course.scores("ann") == {**ALL, "second": 0.0}


@ORDERS
def test_an_instructors_steps_take_part_in_releasing_ours(course, settings, order):
    steps = [Signed, "nbgrader.preprocessors.ClearSolutions", SaveCells]
    settings(order, GenerateAssignment={"preprocessors": steps})
    assert course.generate_assignment()["success"]
    notebook = released(course, "tiny/tiny.ipynb")
    assert notebook.metadata.signed
    assert "TODO(first)" in notebook.cells[1].source


@ORDERS
def test_files_that_an_instructor_leaves_to_students_are_left_to_them(course, settings, order):
    settings(order, Autograde={"exclude_overwriting": {"tiny": ["pkg/given.py"]}})
    folder = course.submit("ann")
    (folder / "pkg" / "given.py").write_text("GIVEN = 2\n")
    assert course.autograde()["success"]
    autograded = course.root / "autograded" / "ann" / "tiny" / "pkg"
    assert (autograded / "given.py").read_text() == "GIVEN = 2\n"
    assert (autograded / "work.py").read_text() == (folder / "pkg" / "work.py").read_text()


def test_source_with_tests_is_written_for_ours_too(course):
    assert course.run(GenerateSourceWithTests)["success"]
    assert (course.root / "source_with_tests" / "tiny" / "tiny.ipynb").is_file()


def test_other_structures_of_a_course_directory_are_possible(course, settings):
    structure = "{assignment_id}/{nbgrader_step}/{student_id}"
    settings("after", CourseDirectory={"directory_structure": structure})
    assert course.generate_assignment()["success"]
    (course.root / "tiny" / "submitted").mkdir()
    shutil.move(course.submit("ann"), course.root / "tiny" / "submitted" / "ann")
    outcome = course.autograde()
    assert outcome["success"], outcome
    assert course.scores("ann") == ALL


def test_formgrader_lists_ours_and_goes_our_way(course):
    coursedir = CourseDirectory(config=course.config)
    api = NbGraderAPI(coursedir=coursedir, config=course.config)
    assert api.generate_assignment("tiny")["success"]
    course.submit("ann", plan={"second": ("failed", 0.0)})
    assert api.autograde("tiny", "ann")["success"]
    assert course.scores("ann") == {**ALL, "second": 0.0}
    [listed] = api.get_assignments()
    assert (listed["name"], listed["num_submissions"]) == ("tiny", 1)
    assert [notebook["name"] for notebook in api.get_notebooks("tiny")] == ["tiny"]
    assert list((course.root / "source" / "tiny").iterdir()) == []


@pytest.mark.parametrize("pattern", ["*", "t*", "tin[xy]", "tiny/", "./tiny"])
def test_no_pattern_leads_ours_past_the_sandbox(course, pattern):
    course.submit("ann")
    course.slug = pattern
    outcome = course.autograde()
    assert not outcome["success"]
    assert PATTERN.format(pattern=pattern, slugs="tiny") in outcome["log"]
    assert not (course.root / "autograded").exists()


def test_no_pattern_empties_a_release_of_ours(course, settings):
    settings("after", CourseDirectory={"source_directory": "assignments"})
    course.slug = "t*"
    outcome = course.generate_assignment()
    assert not outcome["success"]
    assert PATTERN.format(pattern="t*", slugs="tiny") in outcome["log"]


def test_a_pattern_may_mean_other_assignments(course):
    assert course.generate_assignment()["success"]  # leaves an empty folder in `source/`
    course.slug = "t*y"
    write_ordinary(course.root / "source" / "tidy")
    assert course.generate_assignment()["success"]
    assert (course.root / "release" / "tidy").is_dir()


@pytest.mark.parametrize("command", ["autograde", "generate_assignment"])
def test_two_assignments_of_one_name_are_refused(course, command):
    course.submit("ann")
    write_ordinary(course.root / "source" / "tiny")
    outcome = getattr(course, command)()
    assert not outcome["success"]
    source = course.root / "source" / "." / "tiny"
    assert TWICE.format(slug="tiny", source=source, root=course.root) in outcome["log"]
    assert not (course.root / "autograded").exists()
    assert not (course.root / "release").exists()


def test_our_releases_may_be_the_source_directory(course, settings):
    settings("after", CourseDirectory={"source_directory": "assignments"})
    (course.root / "source" / "tiny").mkdir(parents=True)  # and no notebook in it
    assert course.generate_assignment()["success"]


def test_messages():
    assert TWICE.format(slug="tiny", source="source/tiny", root="/course") == (
        "There are two assignments called tiny: yours in source/tiny, and the one of the course in"
        " /course. Rename yours, or give `configure` a course without that assignment."
    )
    assert PATTERN.format(pattern="t*", slugs="tiny, tidy") == (
        "'t*' also means tiny, tidy, which nbgrader must not run without the sandbox."
        " Give the name of one assignment."
    )


def test_an_error_after_our_settings_stops_nbgrader(course):
    """nbgrader logs an error in its config file, and goes on as if there were no such file."""
    course.generate_assignment()
    proof = course.root / "proof"
    notebook = course.released()
    notebook.cells.insert(0, new_code_cell(f"open({str(proof)!r}, 'w').close()"))
    course.submit("ann", notebook=notebook)
    lines = [
        "import pathlib",
        "from autograder.nbgrader_plugin import configure",
        f"configure(get_config(), course=pathlib.Path({str(course.root)!r}))",
        "raise ValueError('a slip')",
    ]
    (course.root / "nbgrader_config.py").write_text("\n".join(lines))
    command = [sys.executable, "-m", "nbgrader", "autograde", "tiny"]
    done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert LOST in done.stderr
    assert LOST == (
        "nbgrader was stopped, because what `configure` noted did not reach it, and without that it"
        " would run students' code outside the sandbox. Is there an error in nbgrader_config.py?"
    )
    assert not proof.exists()


def test_converters_are_led_aside_once(tmp_path):
    (tmp_path / "course.toml").touch()
    configure(Config(), course=tmp_path)
    start = Autograde.start
    configure(Config(), course=tmp_path)
    assert Autograde.start is start
    assert start.__wrapped__.__name__ == "start"
    assert lead_ours_aside.cache_info().currsize == 1
