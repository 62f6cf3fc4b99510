"""Is what was left alone told from what was tried?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.judging.attempts import all_parts, code_cells, open_parts

STUB = '''
def forward(x):
    """Doc."""
    raise NotImplementedError("TODO(forward)")


class Net:
    def loss(self, x):
        scores = x
        raise NotImplementedError("TODO(scores)")
'''


def notebook(*sources: str) -> bytes:
    cells = [{"cell_type": "code", "source": source, "metadata": {}} for source in sources]
    return json.dumps({"cells": cells}).encode()


RELEASE = {
    "nn/layers.py": STUB.encode(),
    "lesson.ipynb": notebook("rate = ...  # TODO(tuning)", "import numpy"),
    "nn/given.py": b"x = 1",
}


def left(**files: bytes) -> set[str]:
    named = {"layers": "nn/layers.py", "lesson": "lesson.ipynb"}
    submitted = RELEASE | {named[name]: data for name, data in files.items()}
    return set(open_parts(RELEASE, submitted))


def test_every_part_of_a_release_is_found() -> None:
    assert all_parts(RELEASE) == {"forward", "scores", "tuning"}
    assert left() == {"forward", "scores", "tuning"}


def test_a_missing_file_leaves_its_parts_open() -> None:
    assert open_parts(RELEASE, {}) == {"forward", "scores", "tuning"}


def test_an_answer_closes_its_part() -> None:
    answered = STUB.replace('raise NotImplementedError("TODO(forward)")', "return 2 * x")
    assert left(layers=answered.encode()) == {"scores", "tuning"}
    assert left(lesson=notebook("rate = 0.1")) == {"forward", "scores"}


@pytest.mark.parametrize(
    "body",
    ["pass", "...", "return", "return None", "raise NotImplementedError",
     "raise NotImplementedError()", "raise AssertionError('TODO')", "'text'"],
)  # fmt: skip
def test_a_body_that_does_nothing_is_open(body: str) -> None:
    answered = STUB.replace('raise NotImplementedError("TODO(forward)")', body)
    assert "forward" in left(layers=answered.encode())


def test_the_last_definition_counts() -> None:
    again = STUB + "\n\ndef forward(x):\n    return 2 * x\n"
    assert "forward" not in left(layers=again.encode())
    assert "forward" in left(layers=(again + STUB).encode())


def test_a_file_that_cannot_be_parsed_was_tried() -> None:
    assert left(layers=b"def forward(x):\n  return (") == {"tuning"}


def test_magics_do_not_hide_a_cell() -> None:
    cell = "%matplotlib inline\n!ls\nrate = ..."
    assert "tuning" in left(lesson=notebook(cell))


def test_the_last_assignment_counts() -> None:
    assert "tuning" not in left(lesson=notebook("rate = ...", "rate = 3"))


@given(st.binary(max_size=200))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    assert open_parts(RELEASE, {**RELEASE, "nn/layers.py": data, "lesson.ipynb": data}) >= set()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [3]}', "[" * 5000, '{"cells": null}',
             '{"cells": [{"cell_type": "code", "source": 3}]}',
             '{"cells": [{"cell_type": "code"}]}']
)  # fmt: skip
def test_a_broken_notebook_has_no_code(text: str) -> None:
    assert [source for source in code_cells(text.encode()) if source] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_notebook_may_come_in_any_encoding(encoding: str) -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": ["a = 'ä'\n", "b"]}]})
    assert list(code_cells(text.encode(encoding))) == ["a = 'ä'\nb"]


def test_a_notebook_of_format_3_has_its_code_in_worksheets() -> None:
    sheets = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a = 1"]}]}]}
    assert list(code_cells(json.dumps(sheets).encode())) == ["a = 1"]
