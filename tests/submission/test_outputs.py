"""Outputs are cut out of a notebook's text, and nothing else is changed."""

from __future__ import annotations

import copy
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.assignment import Assignment
from autograder.submission import Bounds, find_submissions
from autograder.submission.outputs import without_outputs, without_pictures

WORDS = st.sampled_from(
    ["outputs", "widgets", "cells", "metadata", "attachments", "a", '"', "\\", "["]
)
VALUES = st.recursive(
    st.none() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
)
CELLS = st.lists(
    st.fixed_dictionaries({"source": WORDS}, optional={"outputs": VALUES, "metadata": VALUES})
)
NOTEBOOKS = st.fixed_dictionaries(
    {"cells": CELLS}, optional={"metadata": VALUES, "outputs": VALUES, "worksheets": VALUES}
)


def emptied(notebook: dict[str, Any]) -> dict[str, Any]:
    """What is meant, on objects."""
    wanted = copy.deepcopy(notebook)
    for cell in wanted["cells"]:
        _empty(cell, "outputs", [])
    if isinstance(wanted.get("metadata"), dict):
        _empty(wanted["metadata"], "widgets", {})
    for sheet in wanted.get("worksheets") or ():
        if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list):
            for cell in (one for one in sheet["cells"] if isinstance(one, dict)):
                _empty(cell, "outputs", [])
    return wanted


def _empty(place: dict[str, Any], key: str, empty: Any) -> None:
    if isinstance(place.get(key), list | dict) and place[key]:
        place[key] = empty


@given(NOTEBOOKS.filter(lambda notebook: "worksheets" not in notebook), st.sampled_from([None, 1]))
def test_what_is_left_is_the_same_json(notebook: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(notebook, indent=indent).encode()
    assert json.loads(without_outputs(text)) == emptied(notebook)


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\a ', max_size=60).map(str.encode))
def test_whatever_is_no_json_stays_legible_or_as_it_is(data: bytes) -> None:
    assert isinstance(without_outputs(data), bytes)


def test_the_old_format_and_broken_ones() -> None:
    old = {"worksheets": [{"cells": [{"input": "1", "outputs": [{"text": "2"}]}]}]}
    empty = {"worksheets": [{"cells": [{"input": "1", "outputs": []}]}]}
    assert json.loads(without_outputs(json.dumps(old).encode())) == empty
    cut = b'{"cells": [{"outputs": [1, 2'
    assert without_outputs(cut) == cut
    nested = b'{"cells": [{"outputs": ' + b"[" * 100_000
    assert without_outputs(nested) == nested


def test_pictures_in_texts_go_only_where_they_have_to() -> None:
    notebook = b'{"cells": [{"attachments": {"a.png": {"image/png": "xx"}}, "source": "1"}]}'
    assert without_outputs(notebook) == notebook
    assert without_pictures(notebook) == b'{"cells": [{"attachments": {}, "source": "1"}]}'


LESSON = "nets.ipynb"
SMALL = Bounds(file_bytes=2000, total_bytes=4000, notebook_bytes=40_000, ratio=10)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory, write_release: Any) -> Assignment:
    files = {LESSON: b'{"cells": []}', "nn/layers.py": b""}
    root = tmp_path_factory.mktemp("course")
    made: Assignment = write_release(root, "nets", files, modules=("nn/layers.py",))
    return made


def notebook(**fields: Any) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": "1", **fields}]}).encode()


FULL = notebook(outputs=[{"text": "x" * 30_000}])


@pytest.mark.parametrize("zipped", [False, True])
def test_outputs_count_for_no_limit(tmp_path: Path, assignment: Assignment, zipped: bool) -> None:
    path = tmp_path / LESSON
    path.write_bytes(FULL)
    if zipped:
        path = tmp_path / "ada.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(LESSON, FULL)
    (found,) = find_submissions(path, assignment, bounds=SMALL)
    assert found.files[LESSON] == notebook(outputs=[])
    assert found.problems == ("`nn/layers.py` was not handed in.",)


def test_pasted_pictures_that_are_too_large_are_named(
    tmp_path: Path, assignment: Assignment
) -> None:
    picture = {"a.png": {"image/png": "x" * 30_000}}
    (tmp_path / LESSON).write_bytes(notebook(attachments=picture))
    (found,) = find_submissions(tmp_path / LESSON, assignment, bounds=SMALL)
    assert found.files[LESSON] == notebook(attachments={})
    assert found.problems[0] == (
        "The pictures that were pasted into `nets.ipynb` were left out: they are too large."
    )


def test_a_notebook_with_too_much_written_in_it_is_left_out(
    tmp_path: Path, assignment: Assignment
) -> None:
    (tmp_path / LESSON).write_bytes(notebook(metadata={"more": "x" * 30_000}))
    (found,) = find_submissions(tmp_path / LESSON, assignment, bounds=SMALL)
    assert found.files == {}
    assert found.problems[0].startswith("`nets.ipynb` was left out: it has 30,")


def test_a_named_file_that_is_too_large_is_said(tmp_path: Path, assignment: Assignment) -> None:
    (tmp_path / "ada" / "nn").mkdir(parents=True)
    (tmp_path / "ada" / "nn" / "layers.py").write_bytes(b"open('faces.bmp')\nopen('a.npy')\n")
    (tmp_path / "ada" / "faces.bmp").write_bytes(bytes(3000))
    (tmp_path / "ada" / "other.bmp").write_bytes(bytes(3000))
    (tmp_path / "ada" / "a.npy").write_bytes(bytes(3000))
    (found,) = find_submissions(tmp_path / "ada", assignment, bounds=SMALL)
    left_out = [problem for problem in found.problems if "left out" in problem]
    assert left_out == [
        f"`{name}` was left out: it has 3,000 bytes, and there is room for {room:,}. Clear the "
        "outputs of a notebook, remove data, and hand it in again."
        for name, room in (("a.npy", 2000), ("faces.bmp", 2000))
    ]
