"""Whatever stands in a notebook, it is read or refused in words, and each test runs once."""

from __future__ import annotations

import ast
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.adopt.otter.points import PointsError, shared
from autograder.adopt.otter.submitted import otter_steps, student_notebook, submitted_cells
from autograder.adopt.reading import read_source
from autograder.adopt.source import CellKind, SourceError
from tests.adopt.masters import FIRST, SETUP, SQUARE, Cell, code, notebook
from tests.adopt.test_otter_format import read

TEXT = st.text(alphabet="abx_ =()#\"'\n.:01", max_size=30)
MARKS = st.sampled_from([
    "# BEGIN QUESTION\nname: q1", "# BEGIN QUESTION\nname: q2\npoints: 2", "# END QUESTION",
    "# BEGIN SOLUTION", "# END SOLUTION", "# BEGIN TESTS", "# END TESTS", "# BEGIN PROMPT",
    "# END PROMPT", "# ASSIGNMENT CONFIG\nfiles: []", "# ASSIGNMENT CONFIG\n: {", "x",
])  # fmt: skip
ANY_CELL = st.one_of(
    st.tuples(st.just("raw"), MARKS, st.just("")),
    st.tuples(st.sampled_from(["code", "markdown", "raw"]), TEXT, TEXT),
)


@given(st.lists(ANY_CELL, max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_notebook_is_read_or_refused_in_words(cells: list[Cell]) -> None:
    data = notebook(cells)
    try:
        found = read_source("hw", data)
    except SourceError as error:
        said = str(error)
    else:
        said = "hw.ipynb is read"
    assert said.startswith("hw.ipynb")
    if said == "hw.ipynb is read" and found.is_otter:
        json.loads(student_notebook("hw", data))
        assert all(ast.parse(cell.source) for cell in found.tests)
        steps = otter_steps(found, data)
        tests = [step.id for step in steps if step.kind is CellKind.TEST]
        assert sorted(tests) == sorted(cell.id for cell in found.tests)


NAMES = st.lists(st.sampled_from(["q1", "q2"]), max_size=4)


@given(NAMES, st.lists(TEXT, max_size=4))
@settings(max_examples=100, deadline=None)
def test_each_test_runs_once_whatever_is_handed_in(checks: list[str], texts: list[str]) -> None:
    source = read(SETUP, *SQUARE, *FIRST)
    cells = [code(text) for text in texts] + [code(f'grader.check("{name}")') for name in checks]
    steps = otter_steps(source, notebook(cells))
    ids = [step.id for step in steps if step.kind is CellKind.TEST]
    assert sorted(ids) == ["q1-1", "q1-2", "q1-3", "q2"]
    references = [step.reference for step in steps if step.reference]
    assert len(references) == 2


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1, max_size=6), st.integers(0, 40)
)
def test_shared_points_add_up(said: list[float | None], total: int) -> None:
    try:
        points = shared(total, said)
    except PointsError:
        assert sum(one or 0 for one in said) > total
        return
    if None in said:
        assert sum(points) == pytest.approx(total, abs=1e-9)


LINES = st.lists(
    st.sampled_from([
        "x = 1", "if x:", "    y = 2", '    grader.check("q1")', 'grader.check("q2")',
        "for q in 'ab':", "    grader.check(q)", "import otter", "    import otter",
        "grader.export(pdf=False)", "grader = otter.Notebook()",
    ]),
    max_size=6,
)  # fmt: skip


@given(LINES)
@settings(max_examples=200, deadline=None)
def test_what_is_otter_s_is_left_out_and_the_rest_is_python_as_before(lines: list[str]) -> None:
    source = "\n".join(lines)
    (cell,) = submitted_cells("hw", notebook([code(source)]))
    assert "grader." not in cell.text
    try:
        ast.parse(source)
    except SyntaxError:
        return
    ast.parse(cell.text)
