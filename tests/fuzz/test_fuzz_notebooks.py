"""Notebooks that are none: read for what they hold, by both ways of grading, and never more."""

from __future__ import annotations

import contextlib
import copy
import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.planning import plan
from autograder.judging.attempts import all_parts, code_cells, open_parts
from autograder.nbgrader_plugin.reading import BrokenNotebookError, read_notebook
from autograder.submission import Submission
from autograder.submission.legible import IllegibleError, legible

FUZZ = settings.get_profile("fuzz")
CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "Text"], "id": "a"},
    {
        "cell_type": "code",
        "metadata": {"nbgrader": {"grade_id": "solve", "solution": True, "grade": False}},
        "source": ["def solve(x):\n", '    raise NotImplementedError("TODO(solve)")\n'],
        "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1"]}],
        "execution_count": 1,
        "id": "b",
    },
    {
        "cell_type": "code",
        "metadata": {"nbgrader": {"grade_id": "test", "solution": False, "grade": True}},
        "source": "assert solve(1) == 2",
        "outputs": [],
        "execution_count": None,
        "id": "c",
    },
    {"cell_type": "code", "metadata": {}, "source": "answer = ...  # TODO(answer)", "id": "d"},
]
KERNEL = {"name": "python3", "display_name": "Python 3"}
NOTEBOOK: dict[str, Any] = {
    "cells": CELLS,
    "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
OLD = {
    "worksheets": [{"cells": [{**cell, "input": cell["source"]} for cell in CELLS]}],
    "metadata": {"name": "old"},
    "nbformat": 3,
    "nbformat_minor": 0,
}
TEXT = json.dumps(NOTEBOOK)
RELEASE = {"hw.ipynb": TEXT.encode()}

odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=True)
    | st.text(max_size=6)
    | st.sampled_from(["code", "\ud800", "\0", "x" * 3000, "(" * 300, "TODO(solve)", "%%bash\n"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


@st.composite
def structured(draw: st.DrawFn) -> bytes:
    """A valid notebook in which some places hold something else, are missing or are there twice."""
    root = copy.deepcopy(draw(st.sampled_from([NOTEBOOK, OLD])))
    for _ in range(draw(st.integers(1, 4))):
        node, steps = root, draw(st.integers(0, 5))
        for _ in range(steps):
            inner = node.values() if isinstance(node, dict) else node
            containers = [value for value in inner if isinstance(value, dict | list) and value]
            if not containers:
                break
            node = draw(st.sampled_from(containers))
        key = draw(st.sampled_from(sorted(node) if isinstance(node, dict) else range(len(node))))
        match draw(st.sampled_from(["set", "remove", "twice"])):
            case "set":
                node[key] = draw(odd)
            case "remove":
                del node[key]
            case "twice" if isinstance(node, list):
                node.append(node[key])
        if not root:
            break
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"]))
    ascii_only = draw(st.booleans())
    errors = "replace" if encoding == "latin-1" else "surrogatepass"
    return json.dumps(root, ensure_ascii=ascii_only).encode(encoding, errors)


edits = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=8)


def check(content: bytes) -> None:
    """Everything that grading does with a notebook before it is run, legible or not."""
    check_read(content)
    for path in ("hw.ipynb", "nn/a.py"):
        with contextlib.suppress(IllegibleError):
            read = legible(path, content)
            assert read.data.strip()
            assert path == "nn/a.py" or read.data.decode()
            assert all(len(note) < 400 for note in read.notes)
            if path == "hw.ipynb" and read.data != content:
                check_read(read.data)


def check_read(content: bytes) -> None:
    cells = list(code_cells(content))
    assert all(isinstance(cell, str) for cell in cells)
    submission = Submission(student="ada", files={"hw.ipynb": content})
    assert open_parts(RELEASE, submission.files) <= all_parts(RELEASE)
    for _, source in plan(RELEASE, submission).cells:
        source.encode()  # it is going over the wire
    with contextlib.suppress(BrokenNotebookError):
        notebook = read_notebook(content)
        nbformat.validate(notebook)
        nbformat.writes(notebook).encode()


@FUZZ
@given(content=st.binary(max_size=300))
def test_random_bytes_as_a_notebook(case, content):
    with case():
        check(content)


@FUZZ
@given(edits=edits, cut=st.integers(0, len(TEXT)), encoding=st.sampled_from(["utf-8", "utf-16"]))
@pytest.mark.filterwarnings("ignore")
def test_a_notebook_with_bytes_changed(case, edits, cut, encoding):
    content = bytearray(TEXT.encode(encoding))
    for place, byte in edits:
        content[int(place * len(content))] = byte
    with case():
        check(bytes(content[:cut] if cut % 4 == 0 else content))


@FUZZ
@given(content=structured())
@pytest.mark.filterwarnings("ignore")
def test_a_notebook_with_other_things_in_it(case, content):
    with case():
        check(content)


@FUZZ
@given(source=st.text(max_size=200) | st.text("()[]{}\\'\"#:\n\t %!=.lambda", max_size=400))
@pytest.mark.filterwarnings("ignore")
def test_any_text_as_a_cell(case, source):
    cells = [{**CELLS[1], "source": source}]
    with case():
        check(json.dumps({**NOTEBOOK, "cells": cells}).encode())
        release = {"nn/a.py": b'def f():\n    raise NotImplementedError("TODO(f)")\n'}
        open_parts(release, {"nn/a.py": source.encode("utf-8", "surrogatepass")})
